"""``/progress``: how a complaint stands, for who can prove it is theirs, and what they can do about it."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

from channels.forms import Refused, checked_files
from channels.forms.files import ACCEPT
from gateway.customers.acting import SCORES, Acting
from gateway.customers.body import Sent
from gateway.customers.desk import Desk, Refusal
from gateway.customers.frame import Frame, away, language_of, phrases_of, words_of
from gateway.customers.limits import too_much
from gateway.customers.proving import MOST_CHARACTERS, Locked, prove
from gateway.customers.view import seen_by_owner
from gateway.customers.visits import (
    SESSION,
    Session,
    csrf_of,
    forget,
    is_own_form,
    new_visit,
    opened_at,
    remember_session,
    remember_visit,
    session_of,
    visit_of,
)

PAGE = "/progress"
WORDS = ("title", "number", "proof", "send", "note")  # of [page] in the wording, said by the door's template
SAID = frozenset({"added", "rated", "reopened", "kept", "withdrawn", "choose"})
Action = Callable[[web.Request, Session, Sent], Awaitable[web.Response]]


class StatusPages:
    """The door, the view behind it, and its forms."""

    def __init__(self, desk: Desk, frame: Frame) -> None:
        self._desk = desk
        self._house = desk.house
        self._frame = frame
        self._acting = Acting(desk.taking)

    def routes(self) -> Sequence[web.RouteDef]:
        forms: dict[str, Action] = {
            "add": self._add,
            "withdraw": self._withdraw,
            "withdraw/yes": self._withdraw_yes,
            "withdraw/no": self._withdraw_no,
            "rate": self._rate,
            "reopen": self._reopen,
        }
        return [
            web.get(PAGE, self.show),
            web.post(PAGE, self.enter),
            web.post(f"{PAGE}/leave", self.leave),
            *[web.post(f"{PAGE}/{path}", self._for_its_owner(action)) for path, action in forms.items()],
        ]

    async def show(self, request: web.Request) -> web.Response:
        """The complaint, to its owner; a link to another one asks again who comes."""
        session = session_of(self._house, request)
        number = request.query.get("number", "")[:MOST_CHARACTERS]
        if session is not None and number in ("", session.number):
            return await self._view(request, session)
        lost = words_of(language_of(request))("view.cookies") if "in" in request.query else ""
        return self._door(request, number, request.query.get("t", "")[:MOST_CHARACTERS], lost)

    async def enter(self, request: web.Request) -> web.Response:
        async with self._desk.body_of(request) as body:
            sent = await self._desk.form_in(request, body, "")
        words = phrases_of(language_of(request))
        number, link = sent.get("number")[:MOST_CHARACTERS], sent.get("t")[:MOST_CHARACTERS]
        if not is_own_form(self._house, visit_of(self._house, request), sent.get("csrf")):
            return self._door(request, number, link, words_of(language_of(request))("refused.forged"), status=403)
        try:
            session = await prove(
                self._house, self._desk.limits, request, number=number, proof=sent.get("proof"), link=link
            )
        except Locked:
            return self._door(request, number, link, words.get("page", "locked"))
        if session is None:
            return self._door(request, number, link, words.say("proof_failed"))
        response = away(f"{PAGE}?in")
        remember_session(self._house, response, session)
        return response

    async def leave(self, request: web.Request) -> web.Response:
        response = away(PAGE)
        forget(response, SESSION)
        return response

    def _for_its_owner(self, action: Action) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            session = session_of(self._house, request)
            if session is None:
                return away(f"{PAGE}?in")
            async with self._desk.body_of(request) as body:
                sent = await self._desk.form_in(request, body, session.id)
                if not is_own_form(self._house, session.id, sent.get("csrf")):
                    raise Refusal(403, "forged")
                if await too_much(self._house, self._desk.limits, request, session.id):
                    words = words_of(language_of(request))
                    return await self._view(request, session, problem=words("trouble.too_much"), typed=_typed(sent))
                return await action(request, session, sent)

        return handle

    async def _add(self, request: web.Request, session: Session, sent: Sent) -> web.Response:
        words = words_of(language_of(request))
        try:
            files = checked_files(sent.files)
        except Refused as refused:
            trouble = words(f"trouble.{refused.why}", name=refused.name)
            return await self._view(request, session, problem=trouble, typed=_typed(sent))
        if not files and not _typed(sent).strip():
            return await self._view(request, session, problem=words("trouble.nothing"))
        taken = await self._acting.add(session, sent.get("token"), _typed(sent), files)
        if taken.danger:
            return await self._view(request, session, problem=taken.text)
        return away(f"{PAGE}?said=added")

    async def _withdraw(self, request: web.Request, session: Session, sent: Sent) -> web.Response:
        taken = await self._acting.ask_to_withdraw(session, sent.get("token"))
        return self._frame.render(
            request,
            "withdraw.html",
            text=taken.text,
            csrf=csrf_of(self._house, session.id),
            token=secrets.token_hex(8),
        )

    async def _withdraw_yes(self, request: web.Request, session: Session, sent: Sent) -> web.Response:
        await self._acting.answer_whether(session, sent.get("token"), meant=True)
        return away(f"{PAGE}?said=withdrawn")

    async def _withdraw_no(self, request: web.Request, session: Session, sent: Sent) -> web.Response:
        await self._acting.answer_whether(session, sent.get("token"), meant=False)
        return away(f"{PAGE}?said=kept")

    async def _rate(self, request: web.Request, session: Session, sent: Sent) -> web.Response:
        if sent.get("score") not in SCORES:
            return away(f"{PAGE}?said=choose")
        await self._acting.rate(session, sent.get("token"), sent.get("score"))
        return away(f"{PAGE}?said=rated")

    async def _reopen(self, request: web.Request, session: Session, sent: Sent) -> web.Response:
        await self._acting.reopen(session, sent.get("token"), sent.get("why"))
        return away(f"{PAGE}?said=reopened")

    async def _view(
        self, request: web.Request, session: Session, *, problem: str = "", typed: str = ""
    ) -> web.Response:
        language = language_of(request)
        view = await seen_by_owner(self._house, self._desk.inbox, session.number, phrases_of(language))
        if view is None:
            return self._door(request, "", "", phrases_of(language).say("proof_failed"))
        said = request.query.get("said", "")
        return self._frame.render(
            request,
            "view.html",
            view=view,
            said=words_of(language)(f"said.{said}") if said in SAID else "",
            problem=problem,
            typed=typed,
            accept=ACCEPT,
            csrf=csrf_of(self._house, session.id),
            token=secrets.token_hex(8),
        )

    def _door(self, request: web.Request, number: str, link: str, answer: str, *, status: int = 200) -> web.Response:
        """Its form is bound to this browser: another site's form signs nobody in to a complaint of its choice."""
        visit = visit_of(self._house, request) or new_visit()
        csrf = csrf_of(self._house, visit)
        response = self._frame.render(
            request, "door.html", status=status, number=number, link=link, answer=answer, csrf=csrf
        )
        remember_visit(self._house, response, visit, opened_at(self._house, request))
        return response


def _typed(sent: Sent) -> str:
    return sent.get("words")
