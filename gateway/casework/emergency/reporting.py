"""The result of an urgent complaint is told to the departments that its plan names, and the report is kept (A5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from channels.base import OutboundKind
from gateway.casework.emergency.choosing import chosen
from gateway.casework.emergency.opening import GATEWAY, KIND
from gateway.casework.emergency.paging import EMAIL, addresses
from gateway.casework.emergency.plans import Plan, plans
from gateway.casework.tasks import new_task
from gateway.delivery.parcels import new_parcel
from gateway.house import House
from normalizer.record import Contact, ContactKind
from store.unit import Unit
from store.values import Case

BY_HAND = "report_by_hand"


async def report_result(house: House, unit: Unit, case: Case, status: str = "DECIDED") -> None:
    """One notice to each address of the departments: number and state, nothing of the person. For a locked case.

    A department without an address is told by a person, who gets a task. What is not urgent is not reported.
    """
    plan = await _plan_of(unit, case)
    if plan is None:
        return
    now = house.clock.now()
    for code in plan.departments:
        found = await addresses(house, unit, case, [plans().recipients[code]])
        await _tell(unit, case, found, status, plan.level, now)
        if not found:
            await unit.tasks.add(new_task(KIND, BY_HAND, now, case=case, detail=plans().recipients[code].name.zh))
    await _keep_report(unit, case, plan, status, now)


async def _plan_of(unit: Unit, case: Case) -> Plan | None:
    """The gravest that was at work; else the one that the complaint would have."""
    if case.record.value("priority") not in ("P0", "P1"):
        return None
    begun = [plans().of(each.plan) for each in await unit.emergencies.of_complaint(case.id)]
    known = sorted([plan for plan in begun if plan], key=lambda plan: plan.level)
    return known[0] if known else chosen(plans(), case.record)


async def _tell(unit: Unit, case: Case, to: Sequence[str], status: str, level: str, now: datetime) -> None:
    for address in to:
        contact = Contact(kind=ContactKind.EMAIL, value=address)
        subject = f"{level} {case.number} {status}"
        await unit.outbox.put(
            new_parcel(OutboundKind.NOTICE, EMAIL, contact, f"{case.number}\n{status}", now, subject=subject, case=case)
        )
        unit.wake()


async def _keep_report(unit: Unit, case: Case, plan: Plan, status: str, now: datetime) -> None:
    facts = {"plan": plan.kind, "departments": list(plan.departments), "status": status}
    await unit.timeline.add(case.id, at=now, kind=KIND, actor=GATEWAY, text="reported", data=facts)
    await unit.audit.write(at=now, actor=GATEWAY, action="report", subject=case.number, detail=facts)
