"""The same as the pages, for the insurer's app: a sub-application to be mounted at /api/public/v1.

No cookies and no CORS: a browser on another site gets nothing out of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from typing import TypeVar

from aiohttp import web
from pydantic import ValidationError

from channels.forms import NAMES, Refused, checked_files
from gateway.customers.acting import Acting
from gateway.customers.app_shapes import (
    ComplaintSent,
    ComplaintTaken,
    Entered,
    FileSent,
    InLanguage,
    LineShown,
    MoreSent,
    ProgressShown,
    ProofSent,
    RatingSent,
    Said,
    WithdrawalSent,
)
from gateway.customers.desk import Desk, Refusal
from gateway.customers.frame import phrases_of
from gateway.customers.limits import too_much
from gateway.customers.proving import Locked, prove
from gateway.customers.taking import Filled
from gateway.customers.view import CaseView, seen_by_owner
from gateway.customers.visits import (
    SESSION_KEPT,
    Session,
    new_visit,
    sealed_session,
    sealed_visit,
    session_in,
    visit_in,
)
from gateway.staff.actor import Right
from gateway.staff.openapi import document
from gateway.staff.operation import JSON, Operation
from gateway.staff.problems import Handler, Problem, invalid, tell_problems
from gateway.staff.shapes import Asked, Description, Shape
from normalizer.record import Attachment

PREFIX = "/api/public/v1"
CODES = {"too_large": "too_large", "too_slow": "too_slow", "busy": "busy"}
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
Body = TypeVar("Body", bound=Asked)


def public_api(desk: Desk) -> web.Application:
    """Complaints and progress for an app; OpenAPI at /openapi.json."""
    app = web.Application(middlewares=[tell_problems])
    for operation in _described(AppApi(desk).operations()):
        app.router.add_route(operation.method, operation.path, operation.handler)
    return app


class AppApi:
    """Each call is one form of the pages."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._house = desk.house
        self._acting = Acting(desk.taking)

    def operations(self) -> Sequence[Operation]:
        return [
            _post("/complaints", "complain", "Make a complaint, or add what was missing", self.complain)(
                ComplaintSent, ComplaintTaken, (429,)
            ),
            _post("/progress", "enter", "Show number and proof; how it stands", self.enter)(
                ProofSent, Entered, (404, 429)
            ),
            Operation(
                method="GET",
                path="/progress",
                name="progress",
                right=Right.ENTER,
                summary="How it stands, with the session",
                handler=self.progress,
                answer=ProgressShown,
                query=InLanguage,
                refusals=(401,),
                needs_token=False,
            ),
            _post("/progress/messages", "add", "Add words or papers", self.add)(MoreSent, Said, (401, 429)),
            _post("/progress/withdrawal", "withdraw", "Withdraw: asked first, then meant", self.withdraw)(
                WithdrawalSent, Said, (401, 429)
            ),
            _post("/progress/rating", "rate", "Rate how it was handled, or say that it is not solved", self.rate)(
                RatingSent, Said, (401, 409, 429)
            ),
        ]

    async def complain(self, request: web.Request) -> web.Response:
        sent = await self._sent(request, ComplaintSent)
        visit = visit_in(self._house, sent.visit)
        if sent.visit and not visit:
            raise _refused("visit", "over, or none of ours")
        visit = visit or new_visit()
        if not (sent.matter.strip() or sent.visit):
            raise _refused("matter", "tell what happened")
        await self._count(request, visit)
        taken = await self._desk.taking.take(
            Filled(
                visit=visit,
                token=sent.token,
                values={name: value for name in NAMES if (value := getattr(sent, name))},
                text=sent.matter,
                files=_attached(sent.files),
                language=sent.language,
            )
        )
        return _say(
            ComplaintTaken(
                number=taken.number,
                accepted=taken.accepted,
                missing=list(taken.missing),
                doubtful=list(taken.doubtful),
                danger=taken.danger,
                due_at=taken.due_at,
                text=taken.text,
                visit=sealed_visit(self._house, visit),
            )
        )

    async def enter(self, request: web.Request) -> web.Response:
        sent = await self._sent(request, ProofSent)
        try:
            session = await prove(
                self._house, self._desk.limits, request, number=sent.number, proof=sent.proof, link=sent.link
            )
        except Locked:
            raise Problem(429, "too_many_requests") from None
        if session is None:
            raise Problem(404, "no_such_complaint")
        shown = await self._shown(session, sent.language)
        expires = int(SESSION_KEPT.total_seconds())
        return _say(Entered(session=sealed_session(self._house, session), expires_in=expires, progress=shown))

    async def progress(self, request: web.Request) -> web.Response:
        try:
            asked = InLanguage.model_validate(dict(request.query))
        except ValidationError as error:
            raise invalid(error) from error
        return _say(await self._shown(self._session(request), asked.language))

    async def add(self, request: web.Request) -> web.Response:
        session, sent = await self._of_owner(request, MoreSent)
        files = _attached(sent.files)
        if not files and not sent.text.strip():
            raise _refused("text", "words or files")
        return _say(Said(text=(await self._acting.add(session, sent.token, sent.text, files)).text))

    async def withdraw(self, request: web.Request) -> web.Response:
        session, sent = await self._of_owner(request, WithdrawalSent)
        if sent.confirmed is None:
            taken = await self._acting.ask_to_withdraw(session, sent.token)
        else:
            taken = await self._acting.answer_whether(session, sent.token, meant=sent.confirmed)
        return _say(Said(text=taken.text))

    async def rate(self, request: web.Request) -> web.Response:
        session, sent = await self._of_owner(request, RatingSent)
        if not (await self._shown(session, "zh-Hans")).may_rate:
            raise Problem(409, "not_allowed")
        if sent.solved is False:
            return _say(Said(text=(await self._acting.reopen(session, sent.token, sent.text)).text))
        if sent.score is None:
            raise _refused("score", "a score, or solved false")
        return _say(Said(text=(await self._acting.rate(session, sent.token, str(sent.score))).text))

    async def _of_owner(self, request: web.Request, shape: type[Body]) -> tuple[Session, Body]:
        session = self._session(request)
        sent = await self._sent(request, shape)
        await self._count(request, session.id)
        return session, sent

    def _session(self, request: web.Request) -> Session:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        session = session_in(self._house, token.strip()) if scheme.lower() == "bearer" else None
        if session is None:
            raise Problem(401, "unauthorized", headers={"WWW-Authenticate": "Bearer"})
        return session

    async def _shown(self, session: Session, language: str) -> ProgressShown:
        view = await seen_by_owner(self._house, self._desk.inbox, session.number, phrases_of(language))
        if view is None:
            raise Problem(404, "no_such_complaint")
        return _progress(view)

    async def _sent(self, request: web.Request, shape: type[Body]) -> Body:
        """The body, read with the same limits as a page's."""
        if request.content_type != JSON:
            raise Problem(415, "json_only")
        try:
            async with self._desk.body_of(request) as body:
                return shape.model_validate_json(body)
        except Refusal as refusal:
            raise Problem(refusal.status, CODES[refusal.why]) from None
        except ValidationError as error:
            raise invalid(error) from error

    async def _count(self, request: web.Request, visit: str) -> None:
        if await too_much(self._house, self._desk.limits, request, visit):
            raise Problem(429, "too_many_requests", headers={"Retry-After": "3600"})


def _progress(view: CaseView) -> ProgressShown:
    return ProgressShown(
        number=view.number,
        status=view.status,
        state=view.state,
        stage=view.stage,
        due_at=view.due_at,
        timeline=[LineShown(at=each.at, text=each.text) for each in view.timeline],
        messages=[LineShown(at=each.at, text=each.text) for each in view.messages],
        may_add=view.may_add,
        may_withdraw=view.may_withdraw,
        may_rate=view.may_rate,
    )


def _attached(files: Sequence[FileSent]) -> tuple[Attachment, ...]:
    try:
        return checked_files((each.name, each.content) for each in files)
    except Refused as refused:
        raise _refused("files", refused.why) from None


def _refused(where: str, why: str) -> Problem:
    return Problem(422, "invalid", errors=[{"where": where, "why": why}])


def _say(answer: Shape) -> web.Response:
    return web.Response(body=answer.model_dump_json().encode(), content_type=JSON, headers=HEADERS)


def _post(
    path: str, name: str, summary: str, handler: Handler
) -> Callable[[type[Asked], type[Shape], tuple[int, ...]], Operation]:
    def of(body: type[Asked], answer: type[Shape], refusals: tuple[int, ...]) -> Operation:
        return Operation(
            method="POST",
            path=path,
            name=name,
            right=Right.ENTER,
            summary=summary,
            handler=handler,
            answer=answer,
            body=body,
            refusals=(*refusals, 503),
            needs_token=False,
        )

    return of


def _described(operations: Sequence[Operation]) -> Sequence[Operation]:
    @cache
    def body() -> bytes:
        described = document([*operations, itself], "1")
        described["info"]["title"] = "Complaints, for the insurer's app"
        described["servers"] = [{"url": PREFIX}]
        return json.dumps(described, ensure_ascii=False).encode()

    async def serve(_: web.Request) -> web.Response:
        return web.Response(body=body(), content_type=JSON)

    itself = Operation(
        method="GET",
        path="/openapi.json",
        name="getOpenApi",
        right=Right.ENTER,
        summary="This document",
        handler=serve,
        answer=Description,
        needs_token=False,
    )
    return [*operations, itself]
