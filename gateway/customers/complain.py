"""``/complain``: a form that asks what the dialogue asks, and comes back with exactly what is missing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from aiohttp import web

from channels.forms import NAMES, Refused, checked_files
from channels.forms.files import ACCEPT
from gateway.customers.body import Sent
from gateway.customers.desk import Desk, Refusal
from gateway.customers.drafts import Draft
from gateway.customers.frame import Frame, Words, away, language_of, phrases_of, words_of
from gateway.customers.limits import too_much, too_much_typing
from gateway.customers.taking import Filled, Taken, news_in
from gateway.customers.visits import VISIT, csrf_of, forget, is_own_form, new_visit, opened_at, remember_visit, visit_of
from normalizer.record import Attachment

PAGE, DONE = "/complain", "/complain/done"
KEPT = ("matter", *NAMES, "declared")
ROLES = ("self", "agent", "heir", "legal_representative", "organisation")
FIELD_OF = {"contact": "phone"}  # where on the page a question stands
Problem = tuple[str, str]  # field, words


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
        draft = await self._drafts.get(visit)
        if draft.done:
            return away(DONE)
        return self._form(request, visit, draft, _asked(words_of(language_of(request)), draft))

    async def send(self, request: web.Request) -> web.Response:
        async with self._desk.body_of(request) as body:
            visit, sent = await self._own(request, body)
            draft, kept = await self._save_typed(request, visit, sent)
            if not kept:
                return self._form(request, visit, draft, _flooded(request))
            return await self._take(request, visit, draft, sent)

    async def save(self, request: web.Request) -> web.Response:
        """Keep what is typed; a script that asks is told without a page."""
        async with self._desk.body_of(request) as body:
            visit, sent = await self._own(request, body)
            draft, kept = await self._save_typed(request, visit, sent)
        if "application/json" in request.headers.get("Accept", ""):
            return web.Response(status=204 if kept else 429)
        return self._form(request, visit, draft, [] if kept else _flooded(request), saved=kept)

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
            draft = await self._drafts.get(visit)
            if not draft.done:
                return away(PAGE)
            words = words_of(language_of(request))
            trouble, files = _files_in(sent, words)
            if not (trouble or files or sent.get("matter").strip()):
                trouble = words("trouble.nothing")
            if not trouble and await too_much(self._house, self._desk.limits, request, visit):
                trouble = words("trouble.too_much")
            if trouble:
                return await self._acknowledge(request, visit, draft, problem=trouble, typed=sent.get("matter"))
            taken = await self._desk.taking.take(
                Filled(visit=visit, token=sent.get("token"), values={}, text=sent.get("matter"), files=files)
            )
            if taken.danger:
                await self._drafts.put(visit, replace(draft, text=taken.text, danger=True))
            return away(f"{DONE}?added")

    async def _take(self, request: web.Request, visit: str, draft: Draft, sent: Sent) -> web.Response:
        words = words_of(language_of(request))
        trouble, files = _files_in(sent, words)
        problems = _lacking(draft, words) + ([("files", trouble)] if trouble else [])
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
        after = _after(draft, taken)
        await self._drafts.put(visit, after)
        return away(DONE if after.done else PAGE)

    async def _save_typed(self, request: web.Request, visit: str, sent: Sent) -> tuple[Draft, bool]:
        """The draft with what is typed now, and whether it was kept: a flood is only shown again."""
        draft = replace(await self._drafts.get(visit), values=_typed(sent))
        if await too_much_typing(self._house, self._desk.limits, request, visit):
            return draft, False
        await self._drafts.put(visit, draft)
        return draft, True

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
            doubts=_doubts(words_of(language_of(request)), draft),
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


def _lacking(draft: Draft, words: Words) -> list[Problem]:
    """Nothing told, or not declared."""
    problems = [("matter", words("asks.matter"))] if not draft.values.get("matter", "").strip() else []
    return problems + ([("declared", words("asks.declared"))] if not draft.values.get("declared") else [])


def _typed(sent: Sent) -> Mapping[str, str]:
    return {name: sent.get(name) for name in KEPT if sent.get(name)}


def _flooded(request: web.Request) -> list[Problem]:
    return [("", words_of(language_of(request))("trouble.too_much"))]


def _files_in(sent: Sent, words: Words) -> tuple[str, tuple[Attachment, ...]]:
    """Why the files are not taken, or the files."""
    try:
        return "", checked_files(sent.files)
    except Refused as refused:
        return words(f"trouble.{refused.why}", name=refused.name), ()


def _asked(words: Words, draft: Draft) -> list[Problem]:
    """The questions of the dialogue, each at its field; then what we could not make out."""
    fields = [FIELD_OF.get(name, name) for name in draft.missing]
    asked = [(field, words(f"asks.{field}")) for field in fields if field not in draft.doubtful]
    return asked + _doubts(words, draft)


def _doubts(words: Words, draft: Draft) -> list[Problem]:
    return [(name, words(f"doubt.{name}")) for name in draft.doubtful]


def _after(draft: Draft, taken: Taken) -> Draft:
    """Where the visit stands now; what is asked no more is left to staff."""
    return replace(
        draft,
        sent=draft.values,
        number=taken.number,
        missing=taken.missing,
        doubtful=taken.doubtful,
        text=taken.text,
        danger=taken.danger,
        done=not taken.missing,
    )
