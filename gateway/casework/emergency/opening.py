"""A plan begins: people are called, its steps and times stand in the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from gateway.casework.emergency.choosing import chosen
from gateway.casework.emergency.paging import call
from gateway.casework.emergency.plans import Plan, plans
from gateway.casework.emergency.times import CLOSED, OPEN, attention_at
from gateway.casework.tasks import new_task
from gateway.house import House
from store.desk import Emergency
from store.unit import Unit
from store.values import Case

GATEWAY = "gateway"
KIND = "emergency"  # of tasks and of entries in the timeline
LEVELS = ("P0", "P1")  # the gravest first


class NoSuchPlan(LookupError):
    """There is no plan of this kind."""


async def open_emergency(
    house: House, unit: Unit, case: Case, kind: str, *, why: str = "", actor: str = GATEWAY
) -> Emergency:
    """Begin the plan of this kind for a locked case, in this transaction; raises NoSuchPlan.

    Where it is at work already, its people are called again: danger was named anew.
    """
    plan = plans().of(kind)
    if plan is None:
        raise NoSuchPlan(kind)
    now = house.clock.now()
    await call(house, unit, case, plans(), plan, plan.page, why or kind, now)
    known = [each for each in await unit.emergencies.of_complaint(case.id) if each.plan == kind]
    if known and known[-1].state != CLOSED:
        return known[-1]
    return await _begin(unit, case, plan, actor, now)


async def open_for(house: House, unit: Unit, case: Case, *, reason: str = "", actor: str = GATEWAY) -> Emergency | None:
    """The plan that this complaint's grade, flags and ``reason`` ask for, unless one as grave is there; None: none is.

    For whoever has raised a grade, in the same transaction; ``case`` is locked and as it is after that.
    """
    plan = chosen(plans(), case.record, reason)
    if plan is None:
        return None
    for known in await unit.emergencies.of_complaint(case.id):
        if _is_as_grave(known, plan):
            return None
    emergency = await open_emergency(house, unit, case, plan.kind, actor=actor)
    within = (attention_at(plans(), plan, emergency) or emergency.opened_at) - emergency.opened_at
    await unit.tasks.add(new_task(KIND, plan.kind, emergency.opened_at, within=within, case=case))
    return emergency


def _is_as_grave(known: Emergency, plan: Plan) -> bool:
    there = plans().of(known.plan)
    return there is not None and LEVELS.index(there.level) <= LEVELS.index(plan.level)


async def _begin(unit: Unit, case: Case, plan: Plan, actor: str, now: datetime) -> Emergency:
    facts: dict[str, Any] = {"steps": {}, "paged": [{"at": now.isoformat(), "to": list(plan.page)}], "alerted": []}
    begun = Emergency(complaint_id=case.id, plan=plan.kind, state=OPEN, opened_at=now, facts=facts)
    begun = replace(begun, escalate_at=attention_at(plans(), plan, begun))
    begun = replace(begun, id=await unit.emergencies.add(begun))
    await write_down(unit, case, begun, "opened", actor, now)
    return begun


async def write_down(
    unit: Unit, case: Case, emergency: Emergency, what: str, actor: str, now: datetime, **more: Any
) -> None:
    """What happened with it, for the history and the audit trail."""
    facts = {"emergency": emergency.id, "plan": emergency.plan, **more}
    await unit.timeline.add(case.id, at=now, kind=KIND, actor=actor, text=what, data=facts)
    await unit.audit.write(at=now, actor=actor, action=KIND, subject=case.number, detail={"what": what, **facts})
