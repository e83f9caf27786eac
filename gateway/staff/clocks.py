"""Clocks: by when a complaint must be answered, why then, and what moves the date."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass, replace
from typing import TypeVar

from aiohttp import web

from gateway.casework.acts.refusals import Refused
from gateway.casework.clocks import explain, reckoned, shown_events
from gateway.casework.clocks.acts import agree, extend, restart
from gateway.casework.clocks.reckoning import Reckoning, Step
from gateway.casework.clocks.special import ask_for_sixty
from gateway.casework.move import NoSuchComplaint
from gateway.console.wording import LANGUAGES, wording
from gateway.house import House
from gateway.staff.actor import Right, actor_of
from gateway.staff.answering import answer
from gateway.staff.approvals import approval_shown
from gateway.staff.clock_shapes import (
    Agree,
    ApprovalShown,
    ClockShown,
    EventShown,
    Extend,
    Restart,
    StepShown,
    TargetShown,
)
from gateway.staff.looking import Look, case_of, looking
from gateway.staff.masking import Mask, masked_data
from gateway.staff.operation import Operation
from gateway.staff.problems import Problem
from gateway.staff.reading import read_body, read_query
from gateway.staff.shapes import Nothing, Unmask
from store.values import Case

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Clocks:
    """The part of the API that is about the clocks of complaints."""

    house: House

    async def get(self, request: web.Request) -> web.Response:
        asked = read_query(request, Unmask)
        async with looking(self.house, request, asked.unmask) as look:
            shown = await self._shown(look, await case_of(look.unit, request))
        return answer(shown)

    async def extend(self, request: web.Request) -> web.Response:
        number, by = await self._whose(request)
        asked = await read_body(request, Extend)
        await allowed(extend(self.house, number, reason=asked.reason, actor=by))
        return await self._now(request)

    async def special(self, request: web.Request) -> web.Response:
        number, by = await self._whose(request)
        asked = await read_body(request, Extend)
        laid = await allowed(ask_for_sixty(self.house, number, reason=asked.reason, actor=by))
        async with looking(self.house, request) as look:
            case = await case_of(look.unit, request)
            shown = approval_shown(laid, case, await look.at(case, "approval"))
        return answer(shown)

    async def agree(self, request: web.Request) -> web.Response:
        number, by = await self._whose(request)
        asked = await read_body(request, Agree)
        await allowed(agree(self.house, number, until=asked.until, evidence=asked.evidence, actor=by))
        return await self._now(request)

    async def restart(self, request: web.Request) -> web.Response:
        number, by = await self._whose(request)
        asked = await read_body(request, Restart)
        done = restart(self.house, number, received_at=asked.received_at, reason=asked.reason, actor=by)
        await allowed(done)
        return await self._now(request)

    async def _whose(self, request: web.Request) -> tuple[str, str]:
        """The number of a complaint that they may know of, and who they are."""
        read_query(request, Nothing)
        async with looking(self.house, request) as look:
            case = await case_of(look.unit, request)
        return case.number, actor_of(request).login

    async def _now(self, request: web.Request) -> web.Response:
        async with looking(self.house, request) as look:
            shown = await self._shown(look, await case_of(look.unit, request))
        return answer(shown)

    async def _shown(self, look: Look, case: Case) -> ClockShown:
        mask = await look.at(case, "clock")
        standing = _masked(await reckoned(look.unit, case, self.house.clock.now()), mask)
        events = await shown_events(look.unit, case)
        return ClockShown(
            number=case.number,
            received_at=case.received_at,
            began_at=standing.began_at,
            due_at=standing.due_at,
            limit=standing.limit,
            paused_since=standing.paused_since,
            stopped_at=standing.stopped_at,
            overdue=standing.overdue,
            prove_by=standing.prove_by,
            targets=[TargetShown(name=target.name, at=target.at) for target in standing.targets],
            steps=[StepShown(code=step.code, values=dict(step.values)) for step in standing.steps],
            why={language: explain(standing, wording(language)) for language in LANGUAGES},
            events=[
                EventShown(
                    kind=event.kind,
                    at=event.at,
                    noted_at=event.noted_at,
                    by=event.by,
                    facts=masked_data(mask, dict(event.facts)),
                )
                for event in events
            ],
            version=standing.version,
        )

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                method="GET",
                path="/complaints/{number}/clock",
                name="getClock",
                right=Right.SEE,
                summary="By when it must be answered, and why then: codes with values, and in words",
                handler=self.get,
                query=Unmask,
                answer=ClockShown,
            ),
            Operation(
                method="POST",
                path="/complaints/{number}/clock/extend",
                name="extendClock",
                right=Right.WORK,
                summary="To 30 days because the matter is complex; the customer is told",
                handler=self.extend,
                body=Extend,
                answer=ClockShown,
                refusals=(409,),
            ),
            Operation(
                method="POST",
                path="/complaints/{number}/clock/special",
                name="askForSixtyDays",
                right=Right.WORK,
                summary="Ask a second person for 60 days; once approved, the customer is told",
                handler=self.special,
                body=Extend,
                answer=ApprovalShown,
                refusals=(409,),
            ),
            Operation(
                method="POST",
                path="/complaints/{number}/clock/agree",
                name="agreeOnDate",
                right=Right.WORK,
                summary="Another date, agreed on with the customer",
                handler=self.agree,
                body=Agree,
                answer=ClockShown,
                refusals=(409,),
            ),
            Operation(
                method="POST",
                path="/complaints/{number}/clock/restart",
                name="restartClock",
                right=Right.WORK,
                summary="New facts came: the days count from their receipt",
                handler=self.restart,
                body=Restart,
                answer=ClockShown,
                refusals=(409,),
            ),
        )


async def allowed(doing: Awaitable[T]) -> T:
    """What came of it, or the Problem that says why it is refused."""
    try:
        return await doing
    except NoSuchComplaint:
        raise Problem(404, "no_such_complaint") from None
    except Refused as refusal:
        raise Problem(409, refusal.code, refusal.why) from None


def _masked(standing: Reckoning, mask: Mask) -> Reckoning:
    """What staff wrote may name somebody."""
    steps = [
        Step(
            code=step.code,
            values={name: mask.text(value) if name in WRITTEN else value for name, value in step.values.items()},
        )
        for step in standing.steps
    ]
    return replace(standing, steps=tuple(steps))


WRITTEN = frozenset({"reason", "evidence"})
