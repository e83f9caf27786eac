"""Emergencies: who has them, what is done, and the plans that stand behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from aiohttp import web

from gateway.casework.emergency import acts
from gateway.casework.emergency.looking import listed, one
from gateway.casework.emergency.opening import NoSuchPlan
from gateway.casework.emergency.plans import Plan, plans
from gateway.casework.emergency.view import Seen, StepSeen
from gateway.casework.move import NoSuchComplaint
from gateway.house import House
from gateway.staff.actor import Right, actor_of
from gateway.staff.answering import answer
from gateway.staff.emergency_shapes import (
    Closing,
    EmergenciesAsked,
    EmergencyPage,
    EmergencyShown,
    EscalationPlanned,
    PlanShown,
    PlansShown,
    PlanWanted,
    StepDone,
    StepPlanned,
    StepShown,
)
from gateway.staff.looking import number_of
from gateway.staff.operation import Operation
from gateway.staff.paging import LARGEST_ID, cursor_of_id, id_after
from gateway.staff.problems import Problem
from gateway.staff.reading import read_body, read_query
from gateway.staff.shapes import Nothing

LIST = "emergencies"
DIGITS = len(str(LARGEST_ID))


@dataclass(frozen=True, slots=True)
class Emergencies:
    """The part of the API that is about emergencies. Nothing here is personal: numbers, codes and staff's notes."""

    house: House

    async def list(self, request: web.Request) -> web.Response:
        asked = read_query(request, EmergenciesAsked)
        before = id_after(LIST, asked.cursor)
        async with self.house.store.reading() as unit:
            found, after = await listed(unit, actor_of(request), asked.state, before=before, limit=asked.limit)
        following = cursor_of_id(LIST, after) if after else None
        return answer(EmergencyPage(items=[_shown(each) for each in found], next=following))

    async def get(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        return await self._answer(request, _id(request))

    async def open(self, request: web.Request) -> web.Response:
        wanted = await read_body(request, PlanWanted)
        with _refusing():
            opened = await acts.open_by_hand(self.house, number_of(request), wanted.plan, actor_of(request))
        return await self._answer(request, opened.id)

    async def take(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        with _refusing():
            await acts.take(self.house, _id(request), actor_of(request))
        return await self._answer(request, _id(request))

    async def step(self, request: web.Request) -> web.Response:
        told = await read_body(request, StepDone)
        act = acts.tick if told.done else acts.untick
        with _refusing():
            await act(self.house, _id(request), told.step, actor_of(request), told.note)
        return await self._answer(request, _id(request))

    async def close(self, request: web.Request) -> web.Response:
        told = await read_body(request, Closing)
        with _refusing():
            await acts.close(self.house, _id(request), actor_of(request), told.reason)
        return await self._answer(request, _id(request))

    async def plans(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        return answer(PlansShown(version=plans().version, items=[_plan(plan) for plan in plans().plan]))

    async def _answer(self, request: web.Request, id: int) -> web.Response:
        async with self.house.store.reading() as unit:
            seen = await one(unit, actor_of(request), id)
        if seen is None:
            raise Problem(404, "no_such_emergency")
        return answer(_shown(seen))

    def operations(self) -> tuple[Operation, ...]:
        path = "/emergencies/{emergency}"
        return (
            Operation(
                method="GET",
                path="/emergencies",
                name="listEmergencies",
                right=Right.WORK,
                summary="Plans at work, newest first; a page may be short and still have a next one",
                handler=self.list,
                query=EmergenciesAsked,
                answer=EmergencyPage,
                refusals=(404,),
            ),
            Operation(
                method="GET",
                path=path,
                name="getEmergency",
                right=Right.WORK,
                summary="One of them",
                handler=self.get,
                answer=EmergencyShown,
            ),
            Operation(
                method="POST",
                path="/complaints/{number}/emergency",
                name="openEmergency",
                right=Right.WORK,
                summary="Begin a plan for a complaint; where it is at work, its people are called again",
                handler=self.open,
                body=PlanWanted,
                answer=EmergencyShown,
            ),
            Operation(
                method="POST",
                path=f"{path}/take",
                name="takeEmergency",
                right=Right.WORK,
                summary="I have it",
                handler=self.take,
                answer=EmergencyShown,
                refusals=(409,),
            ),
            Operation(
                method="POST",
                path=f"{path}/steps",
                name="tickEmergencyStep",
                right=Right.WORK,
                summary="A step is done, or is not after all",
                handler=self.step,
                body=StepDone,
                answer=EmergencyShown,
                refusals=(409,),
            ),
            Operation(
                method="POST",
                path=f"{path}/close",
                name="closeEmergency",
                right=Right.WORK,
                summary="It is over; steps that are left need a reason",
                handler=self.close,
                body=Closing,
                answer=EmergencyShown,
                refusals=(409,),
            ),
            Operation(
                method="GET",
                path="/emergency-plans",
                name="listEmergencyPlans",
                right=Right.SEE,
                summary="The plans in force",
                handler=self.plans,
                answer=PlansShown,
            ),
        )


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except acts.NoSuchEmergency:
        raise Problem(404, "no_such_emergency") from None
    except NoSuchComplaint:
        raise Problem(404, "no_such_complaint") from None
    except NoSuchPlan:
        raise Problem(422, "no_such_plan") from None
    except acts.NotPossible as error:
        raise Problem(409, "not_now", str(error)) from None


def _id(request: web.Request) -> int:
    written = request.match_info["emergency"]
    id = int(written) if written.isascii() and written.isdigit() and len(written) <= DIGITS else 0
    if not 0 < id <= LARGEST_ID:
        raise Problem(404, "no_such_emergency")
    return id


def _shown(seen: Seen) -> EmergencyShown:
    it, plan = seen.emergency, seen.plan
    return EmergencyShown(
        id=it.id,
        complaint=seen.case.number,
        plan=it.plan,
        priority=plan.level if plan else None,
        name=plan.name.zh if plan else it.plan,
        state=it.state,
        level=it.level,
        opened_at=it.opened_at,
        taken_at=it.taken_at,
        taken_by=it.taken_by,
        escalate_at=it.escalate_at,
        closed_at=it.closed_at,
        reason=it.facts.get("reason", ""),
        steps=[_step(step) for step in seen.steps],
    )


def _step(seen: StepSeen) -> StepShown:
    return StepShown(
        code=seen.step.code,
        name=seen.step.name.zh,
        due=seen.due,
        done_at=seen.done_at,
        by=seen.by,
        note=seen.note,
    )


def _plan(plan: Plan) -> PlanShown:
    return PlanShown(
        kind=plan.kind,
        priority=plan.level,
        name=plan.name.zh,
        responsible=plan.responsible,
        page=list(plan.page),
        escalation=[EscalationPlanned(after=each.after, page=list(each.page)) for each in plan.escalation],
        departments=list(plan.departments),
        steps=[StepPlanned(code=step.code, name=step.name.zh, within=step.within) for step in plan.steps],
    )
