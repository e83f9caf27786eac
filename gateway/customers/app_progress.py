"""The app's progress page: number and proof are shown, and the owner of the complaint sees it and acts on it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from aiohttp import web

from gateway.customers.acting import Acting
from gateway.customers.app_door import AppDoor, attached, lacking
from gateway.customers.app_shapes import (
    Entered,
    InLanguage,
    LineShown,
    MoreSent,
    ProgressShown,
    ProofSent,
    RatingSent,
    Said,
    WithdrawalSent,
)
from gateway.customers.frame import phrases_of
from gateway.customers.proving import Locked, prove
from gateway.customers.view import CaseView, Line, seen_by_owner
from gateway.customers.visits import SESSION_KEPT, Session, sealed_session
from gateway.staff.actor import Right
from gateway.staff.answering import answer
from gateway.staff.operation import Operation
from gateway.staff.problems import Problem
from gateway.staff.reading import read_query
from gateway.staff.shapes import Nothing

GET = partial(Operation, method="GET", right=Right.ENTER, needs_token=False)
POST = partial(Operation, method="POST", right=Right.ENTER, needs_token=False)


class Progress:
    """Each call is one form of the page /progress."""

    def __init__(self, door: AppDoor) -> None:
        self._door = door
        self._desk = door.desk
        self._house = door.house
        self._acting = Acting(door.desk.taking)

    def operations(self) -> Sequence[Operation]:
        return [
            POST(
                path="/progress",
                name="enter",
                summary="Show number and proof; how it stands",
                handler=self.enter,
                body=ProofSent,
                answer=Entered,
                refusals=(404, 429, 503),
            ),
            GET(
                path="/progress",
                name="progress",
                summary="How it stands, with the session",
                handler=self.progress,
                query=InLanguage,
                answer=ProgressShown,
                refusals=(401, 404, 503),
            ),
            POST(
                path="/progress/messages",
                name="add",
                summary="Add words or papers",
                handler=self.add,
                body=MoreSent,
                answer=Said,
                refusals=(401, 429, 503),
            ),
            POST(
                path="/progress/withdrawal",
                name="withdraw",
                summary="Withdraw: asked first, then meant",
                handler=self.withdraw,
                body=WithdrawalSent,
                answer=Said,
                refusals=(401, 429, 503),
            ),
            POST(
                path="/progress/rating",
                name="rate",
                summary="Rate how it was handled, or say that it is not solved",
                handler=self.rate,
                body=RatingSent,
                answer=Said,
                refusals=(401, 404, 409, 429, 503),
            ),
        ]

    async def enter(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        sent = await self._door.sent(request, ProofSent)
        session = await self._proven(request, sent)
        return answer(
            Entered(
                session=sealed_session(self._house, session),
                expires_in=int(SESSION_KEPT.total_seconds()),
                progress=await self._shown(session, sent.language),
            )
        )

    async def progress(self, request: web.Request) -> web.Response:
        session, asked = self._door.session(request), read_query(request, InLanguage)
        return answer(await self._shown(session, asked.language))

    async def add(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        session, sent = await self._door.of_owner(request, MoreSent)
        if not (sent.text.strip() or sent.files):
            raise lacking("text", "words or files")
        taken = await self._acting.add(session, sent.token, sent.text, attached(sent.files))
        return answer(Said(text=taken.text))

    async def withdraw(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        session, sent = await self._door.of_owner(request, WithdrawalSent)
        if sent.confirmed is None:
            taken = await self._acting.ask_to_withdraw(session, sent.token)
        else:
            taken = await self._acting.answer_whether(session, sent.token, meant=sent.confirmed)
        return answer(Said(text=taken.text))

    async def rate(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        session, sent = await self._door.of_owner(request, RatingSent)
        if sent.score is None and sent.solved is not False:
            raise lacking("score", "a score, or solved false")
        if not (await self._shown(session, "zh-Hans")).may_rate:
            raise Problem(409, "not_allowed")
        if sent.solved is False:
            taken = await self._acting.reopen(session, sent.token, sent.text)
        else:
            taken = await self._acting.rate(session, sent.token, str(sent.score))
        return answer(Said(text=taken.text))

    async def _proven(self, request: web.Request, sent: ProofSent) -> Session:
        try:
            session = await prove(
                self._house, self._desk.limits, request, number=sent.number, proof=sent.proof, link=sent.link
            )
        except Locked:
            raise Problem(429, "too_many_requests") from None
        if session is None:
            raise Problem(404, "no_such_complaint")
        return session

    async def _shown(self, session: Session, language: str) -> ProgressShown:
        view = await seen_by_owner(self._house, self._desk.inbox, session.number, phrases_of(language))
        if view is None:
            raise Problem(404, "no_such_complaint")
        return _progress(view)


def _progress(view: CaseView) -> ProgressShown:
    return ProgressShown(
        number=view.number,
        status=view.status,
        state=view.state,
        stage=view.stage,
        due_at=view.due_at,
        timeline=_lines(view.timeline),
        messages=_lines(view.messages),
        may_add=view.may_add,
        may_withdraw=view.may_withdraw,
        may_rate=view.may_rate,
    )


def _lines(lines: Sequence[Line]) -> list[LineShown]:
    return [LineShown(at=each.at, text=each.text) for each in lines]
