"""``/complain``: a form that asks what the dialogue asks, and comes back with exactly what is missing."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from aiohttp import web

from channels.forms.files import ACCEPT
from gateway.customers.body import Sent
from gateway.customers.complain_form import (
    Problem,
    asked,
    doubts,
    files_in,
    lacking,
    not_saved,
    stands_after,
    typed,
)
from gateway.customers.desk import Desk, Refusal
from gateway.customers.drafts import Draft
from gateway.customers.frame import Frame, Words, away, language_of, phrases_of, words_of
from gateway.customers.limits import too_much, too_much_typing
from gateway.customers.taking import Filled, news_in
from gateway.customers.visits import VISIT, csrf_of, forget, is_own_form, new_visit, opened_at, remember_visit, visit_of
from gateway.customers.waiting import place_to_wait
from store.errors import Unavailable

PAGE, DONE = "/complain", "/complain/done"
FLOOD, AWAY = "too_much", "away"  # why a draft is not saved
STATUS_OF_DRAFT = {"": 204, FLOOD: 429, AWAY: 503}
ROLES = ("self", "agent", "heir", "legal_representative", "organisation")


class ComplainPages:
    """The form, its draft, and the page that acknowledges it."""

    def __init__(self, desk: Desk, frame: Frame) -> None:
        self._desk = desk
        self._house = desk.house
        self._drafts = desk.drafts
        self._frame = frame

    def routes(self) -> Sequence[web.RouteDef]:
        return [
            web.get(PAGE, self.show),
            web.post(PAGE, self.send),
            web.post(f"{PAGE}/draft", self.save),
            web.post(f"{PAGE}/forget", self.forget),
            web.get(DONE, self.done),
            web.post(f"{PAGE}/add", self.add),
            web.post(f"{PAGE}/new", self.another),
        ]

    async def show(self, request: web.Request) -> web.Response:
        visit = visit_of(self._house, request) or new_visit()
        draft = await self._drafted(visit)
        if draft.done:
            return away(DONE)
        return self._form(request, visit, draft, asked(words_of(language_of(request)), draft))

    async def send(self, request: web.Request) -> web.Response:
        async with self._desk.body_of(request) as body:
            visit, sent = await self._own(request, body)
            draft, trouble = await self._save_typed(request, visit, sent)
            if trouble == FLOOD:
                return self._form(request, visit, draft, not_saved(request, trouble))
            return await self._take(request, visit, draft, sent)

    async def save(self, request: web.Request) -> web.Response:
        """Keep what is typed; a script that asks is told without a page."""
        async with self._desk.body_of(request) as body:
            visit, sent = await self._own(request, body)
            draft, trouble = await self._save_typed(request, visit, sent)
        if "application/json" in request.headers.get("Accept", ""):
            return web.Response(status=STATUS_OF_DRAFT[trouble])
        return self._form(request, visit, draft, not_saved(request, trouble), saved=not trouble)

    async def forget(self, request: web.Request) -> web.Response:
        visit, _ = await self._own_small(request)
        await self._drafts.forget(visit)
        response = away(PAGE)
        forget(response, VISIT)
        return response

    async def another(self, request: web.Request) -> web.Response:
        """A new visit: two complaints never mix."""
        await self._own_small(request)
        response = away(PAGE)
        remember_visit(self._house, response, new_visit())
        return response

    async def done(self, request: web.Request) -> web.Response:
        visit = visit_of(self._house, request)
        draft = await self._drafts.get(visit)
        if not draft.done:
            return away(PAGE)
        return await self._acknowledge(request, visit, draft, added="added" in request.query)

    async def add(self, request: web.Request) -> web.Response:
        """More to the complaint that was just made."""
        async with self._desk.body_of(request) as body:
            visit, sent = await self._own(request, body)
            draft = await self._drafted(visit, otherwise=Draft(done=True))
            if not draft.done:
                return away(PAGE)
            words = words_of(language_of(request))
            trouble, files = files_in(sent, words)
            if not (trouble or files or sent.get("matter").strip()):
                trouble = words("trouble.nothing")
            if not trouble and await too_much(self._house, self._desk.limits, request, visit):
                trouble = words("trouble.too_much")
            if trouble:
                return await self._acknowledge(request, visit, draft, problem=trouble, typed=sent.get("matter"))
            taken = await self._desk.taking.take(
                Filled(visit=visit, token=sent.get("token"), values={}, text=sent.get("matter"), files=files)
            )
            if taken.waits:
                return away(place_to_wait(self._house, visit))
            if taken.danger:
                await self._drafts.put(visit, replace(draft, text=taken.text, danger=True))
            return away(f"{DONE}?added")

    async def _take(self, request: web.Request, visit: str, draft: Draft, sent: Sent) -> web.Response:
        words = words_of(language_of(request))
        trouble, files = files_in(sent, words)
        problems = lacking(draft, words) + ([("files", trouble)] if trouble else [])
        problems = problems or await self._unwelcome(request, visit, sent, words)
        if problems:
            return self._form(request, visit, draft, problems, kept=True)
        news = news_in(draft.values, draft.sent)
        if not news and not files and draft.number:
            return away(PAGE)
        taken = await self._desk.taking.take(
            Filled(
                visit=visit,
                token=sent.get("token"),
                values={name: value for name, value in news.items() if name != "matter"},
                text=news.get("matter", ""),
                files=files,
                language=language_of(request),
            )
        )
        if taken.waits:
            return away(place_to_wait(self._house, visit))
        after = stands_after(draft, taken)
        await self._drafts.put(visit, after)
        return away(DONE if after.done else PAGE)

    async def _drafted(self, visit: str, otherwise: Draft | None = None) -> Draft:
        """Where the visit stands; ``otherwise``, or at its beginning, while the database is away."""
        try:
            return await self._drafts.get(visit)
        except Unavailable:
            return otherwise or Draft()

    async def _save_typed(self, request: web.Request, visit: str, sent: Sent) -> tuple[Draft, str]:
        """The draft with what is typed now, and why it was not saved: it is only shown again, then."""
        draft = replace(await self._drafted(visit), values=typed(sent))
        if await too_much_typing(self._house, self._desk.limits, request, visit):
            return draft, FLOOD
        try:
            await self._drafts.put(visit, draft)
        except Unavailable:
            return draft, AWAY
        return draft, ""

    async def _unwelcome(self, request: web.Request, visit: str, sent: Sent, words: Words) -> list[Problem]:
        """What keeps a whole form from being taken: a machine, or too many. Said only where nothing else is wrong."""
        if sent.get("website") or self._too_quick(request):
            return [("", words("trouble.quick"))]
        if await too_much(self._house, self._desk.limits, request, visit):
            return [("", words("trouble.too_much"))]
        return []

    def _too_quick(self, request: web.Request) -> bool:
        opened = opened_at(self._house, request)
        return opened is None or self._house.clock.now() - opened < self._desk.limits.quickest

    async def _own(self, request: web.Request, body: bytes) -> tuple[str, Sent]:
        """The visit and the form, if the form is one that we showed to this visit. Raises Refusal."""
        visit = visit_of(self._house, request)
        sent = await self._desk.form_in(request, body, visit)
        if not is_own_form(self._house, visit, sent.get("csrf")):
            raise Refusal(403, "forged")
        return visit, sent

    async def _own_small(self, request: web.Request) -> tuple[str, Sent]:
        async with self._desk.body_of(request) as body:
            return await self._own(request, body)

    def _form(
        self, request: web.Request, visit: str, draft: Draft, problems: list[Problem], **more: Any
    ) -> web.Response:
        response = self._frame.render(
            request,
            "complain.html",
            status=200,
            values=draft.values,
            number=draft.number,
            asks={name for name, _ in problems},
            doubtful=frozenset(draft.doubtful),
            problems=problems,
            files_wrong=dict(problems).get("files", ""),
            roles=ROLES,
            accept=ACCEPT,
            csrf=csrf_of(self._house, visit),
            token=secrets.token_hex(8),
            **{"kept": bool(draft.values), "saved": False, **more},
        )
        remember_visit(self._house, response, visit, opened_at(self._house, request))
        return response

    async def _acknowledge(
        self, request: web.Request, visit: str, draft: Draft, *, problem: str = "", typed: str = "", added: bool = False
    ) -> web.Response:
        return self._frame.render(
            request,
            "done.html",
            number=draft.number,
            text=draft.text,
            danger=draft.danger,
            doubts=doubts(words_of(language_of(request)), draft),
            due=await self._due(draft.number, language_of(request)),
            problem=problem,
            typed=typed,
            added=added,
            accept=ACCEPT,
            csrf=csrf_of(self._house, visit),
            token=secrets.token_hex(8),
        )

    async def _due(self, number: str, language: str) -> str:
        async with self._house.store.reading() as unit:
            case = await unit.complaints.by_number(number) if number else None
        return phrases_of(language).date(case.due_at) if case else ""
