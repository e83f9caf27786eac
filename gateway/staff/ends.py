"""How complaints end and begin again by a person's hand: withdrawn, not handled, reopened, split."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from gateway.casework.acts.splitting import split
from gateway.casework.acts.withdrawing import reopen, withdraw
from gateway.casework.not_handled import WhyNot, ask_not_to_handle, offered
from gateway.house import House
from gateway.staff.act_shapes import NotHandled, Reopen, SplitOff, Waiting, WhyNots, WhyNotShown, WithdrawFor
from gateway.staff.acting import refusing, said, ticket_now
from gateway.staff.actor import Right, actor_of
from gateway.staff.answering import answer
from gateway.staff.looking import looking, number_of
from gateway.staff.masking import Masked
from gateway.staff.operation import Operation
from gateway.staff.reading import read_query
from gateway.staff.shapes import Nothing, Ticket
from gateway.staff.ticket import whole_ticket
from store.desk import Approval


@dataclass(frozen=True, slots=True)
class Ends:
    """The part of the API that is about ends and new beginnings."""

    house: House

    async def withdraw(self, request: web.Request) -> web.Response:
        number, asked = number_of(request), await said(request, WithdrawFor)
        with refusing():
            await withdraw(self.house, number, actor=actor_of(request), **asked.model_dump())
        return await ticket_now(self.house, request)

    async def reopen(self, request: web.Request) -> web.Response:
        number, asked = number_of(request), await said(request, Reopen)
        with refusing():
            await reopen(self.house, number, actor=actor_of(request), **asked.model_dump())
        return await ticket_now(self.house, request)

    async def split(self, request: web.Request) -> web.Response:
        number, asked = number_of(request), await said(request, SplitOff)
        with refusing():
            taken = await split(self.house, number, actor=actor_of(request), **asked.model_dump())
        async with looking(self.house, request) as look:
            whole = await whole_ticket(look, taken, Masked.of(taken))
        return answer(whole)

    async def not_handled(self, request: web.Request) -> web.Response:
        number, asked, actor = number_of(request), await said(request, NotHandled), actor_of(request)
        with refusing():
            asked_for = await ask_not_to_handle(self.house, number, code=asked.code, note=asked.note, actor=actor)
        return answer(waiting(number, asked_for))

    async def reasons(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        return answer(WhyNots(items=[_reason(reason) for reason in offered()]))

    def operations(self) -> tuple[Operation, ...]:
        return (*self._of_life(), *self._of_refusal())

    def _of_life(self) -> tuple[Operation, ...]:
        return (
            Operation(
                method="POST",
                path="/complaints/{number}/withdrawal",
                name="withdrawComplaint",
                right=Right.WORK,
                summary="The customer took it back, and said so to a person",
                handler=self.withdraw,
                body=WithdrawFor,
                answer=Ticket,
                refusals=(409,),
            ),
            Operation(
                method="POST",
                path="/complaints/{number}/reopening",
                name="reopenComplaint",
                right=Right.WORK,
                summary="Begin again, with new facts or because what was promised was not done",
                handler=self.reopen,
                body=Reopen,
                answer=Ticket,
                refusals=(409,),
            ),
            Operation(
                method="POST",
                path="/complaints/{number}/split",
                name="splitComplaint",
                right=Right.WORK,
                summary="Take a part of the customer's words out into a complaint of its own, which is answered",
                handler=self.split,
                body=SplitOff,
                answer=Ticket,
                refusals=(409,),
            ),
        )

    def _of_refusal(self) -> tuple[Operation, ...]:
        return (
            Operation(
                method="GET",
                path="/not-handled/reasons",
                name="listReasons",
                right=Right.SEE,
                summary="Why a complaint may not be handled, and what its customer is told then",
                handler=self.reasons,
                answer=WhyNots,
            ),
            Operation(
                method="POST",
                path="/complaints/{number}/not-handled",
                name="askNotToHandle",
                right=Right.WORK,
                summary="Lay before a second person not to handle a complaint; nothing changes until they approve",
                handler=self.not_handled,
                body=NotHandled,
                answer=Waiting,
                refusals=(409,),
            ),
        )


def _reason(reason: WhyNot) -> WhyNotShown:
    return WhyNotShown(
        code=reason.code,
        law=reason.law,
        name=dict(reason.name),
        told=dict(reason.told),
        remedies=dict(reason.remedies),
    )


def waiting(number: str, asked: Approval) -> Waiting:
    """A step that somebody has asked for."""
    return Waiting(
        id=asked.id,
        number=number,
        kind=asked.kind,
        state=asked.state,
        asked_at=asked.asked_at,
        asked_by=asked.asked_by,
        facts=dict(asked.facts),
    )
