"""How long a complaint is kept: legal holds, and a customer's wish that it be erased."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from gateway.casework.retention.holding import hold, lift
from gateway.casework.retention.request import ask_to_erase, keeping_of
from gateway.house import House
from gateway.staff.act_shapes import Waiting
from gateway.staff.acting import refusing, said
from gateway.staff.actor import Right, actor_of
from gateway.staff.answering import answer
from gateway.staff.ends import waiting
from gateway.staff.keeping_shapes import HoldShown, KeepingShown, Reasoned
from gateway.staff.looking import Look, case_of, looking, number_of
from gateway.staff.masking import Mask
from gateway.staff.operation import Operation
from gateway.staff.reading import read_query
from gateway.staff.shapes import Nothing
from store.holds import Hold


@dataclass(frozen=True, slots=True)
class Keepings:
    """The part of the API that is about keeping and erasing."""

    house: House

    async def show(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        async with looking(self.house, request) as look:
            shown = await _shown(look, request)
        return answer(shown)

    async def hold(self, request: web.Request) -> web.Response:
        number, asked = number_of(request), await said(request, Reasoned)
        with refusing():
            await hold(self.house, number, reason=asked.reason, actor=actor_of(request))
        return await self._now(request)

    async def lift(self, request: web.Request) -> web.Response:
        number, asked = number_of(request), await said(request, Reasoned)
        with refusing():
            await lift(self.house, number, reason=asked.reason, actor=actor_of(request))
        return await self._now(request)

    async def erase(self, request: web.Request) -> web.Response:
        number, asked = number_of(request), await said(request, Reasoned)
        with refusing():
            asked_for = await ask_to_erase(self.house, number, reason=asked.reason, actor=actor_of(request))
        return answer(waiting(number, asked_for))

    async def _now(self, request: web.Request) -> web.Response:
        async with looking(self.house, request) as look:
            shown = await _shown(look, request)
        return answer(shown)

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                method="GET",
                path="/complaints/{number}/keeping",
                name="showKeeping",
                right=Right.SEE,
                summary="How long a complaint is kept, and what holds it",
                handler=self.show,
                answer=KeepingShown,
            ),
            Operation(
                method="POST",
                path="/complaints/{number}/hold",
                name="holdComplaint",
                right=Right.APPROVE,
                summary="Legal hold: it is not erased, whatever its date",
                handler=self.hold,
                body=Reasoned,
                answer=KeepingShown,
                refusals=(409,),
            ),
            Operation(
                method="POST",
                path="/complaints/{number}/hold/lift",
                name="liftHold",
                right=Right.APPROVE,
                summary="End the legal hold",
                handler=self.lift,
                body=Reasoned,
                answer=KeepingShown,
                refusals=(409,),
            ),
            Operation(
                method="POST",
                path="/complaints/{number}/erasure",
                name="askToErase",
                right=Right.WORK,
                summary="The customer wants it erased; once a second person agrees it is, or restricted till it may be",
                handler=self.erase,
                body=Reasoned,
                answer=Waiting,
                refusals=(409,),
            ),
        )


async def _shown(look: Look, request: web.Request) -> KeepingShown:
    case = await case_of(look.unit, request)
    mask = await look.at(case, "keeping")
    return KeepingShown(
        number=case.number,
        standing=await keeping_of(look.unit, case),
        closed_at=case.closed_at,
        keep_until=case.keep_until,
        erased_at=case.erased_at,
        holds=[_hold(each, mask) for each in await look.unit.holds.of(case.id)],
    )


def _hold(each: Hold, mask: Mask) -> HoldShown:
    return HoldShown(
        at=each.at,
        by=each.by,
        reason=mask.text(each.reason),
        lifted_at=each.lifted_at,
        lifted_by=each.lifted_by,
        lifted_reason=mask.text(each.lifted_reason),
    )
