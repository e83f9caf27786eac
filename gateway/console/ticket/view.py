"""All that one ticket's page shows, read in one unit: a bounded number of statements, whatever the history."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from gateway.casework.acts import asking
from gateway.casework.acts.codes import GRADES, categories, details, products
from gateway.casework.clocks.explaining import explain
from gateway.casework.clocks.standing import reckoned
from gateway.casework.emergency.plans import plans
from gateway.casework.lifecycle import CLOSED, Outcome, Status, is_open_to
from gateway.casework.not_handled import offered
from gateway.casework.retention.request import keeping_of
from gateway.casework.texts import filled
from gateway.console.kit import language_of
from gateway.console.queue.names import Names, colleagues_of, names_of
from gateway.console.remaining import remaining
from gateway.console.ticket.record import CHECKED, lines
from gateway.console.ticket.talk import sent, turns
from gateway.console.wording import Wording
from gateway.house import House
from gateway.staff.actor import Actor, Right
from gateway.staff.deliveries import delivery
from gateway.staff.looking import Look, case_of
from gateway.staff.masking import Mask
from gateway.staff.naming import claims_told
from gateway.staff.scope import sees
from gateway.staff.ticket import whole_ticket
from store.audit import Deeds
from store.desk import Emergency, Link, Text
from store.unit import Unit
from store.values import Case, Task

MOST_LINKS = 20
OWN_FORMS = frozenset({Status.NOT_HANDLED, Status.WITHDRAWN})


@dataclass(frozen=True, kw_only=True, slots=True)
class Linked:
    link: Link
    number: str
    status: str


async def gathered(house: House, look: Look, request: web.Request) -> dict[str, Any]:
    """For the template; a Problem for a complaint that they may not know of."""
    unit, actor, t, now = look.unit, look.actor, language_of(request), house.clock.now()
    case = await case_of(unit, request)
    mask = await look.at(case, "ticket")
    ticket = await whole_ticket(look, case, mask)
    parcels = await unit.outbox.of_complaint(case.id)
    shown = await asyncio.to_thread(lambda: [delivery(parcel, mask) for parcel in parcels])
    names = await names_of(unit)
    clock = await reckoned(unit, case, now)
    texts = await unit.texts.all()
    return {
        "number": case.number,
        "case": case,
        "ticket": ticket,
        "clock": remaining(case, now, t),
        "why_then": explain(clock, t),
        "reckoning": clock,
        "groups": lines(ticket, t),
        "turns": turns(ticket.timeline, t),
        "sent": sent(shown, await unit.post.of_complaint(case.id), mask),
        "links": await _links(unit, case, actor),
        "tasks": await _tasks(unit, case, actor, mask),
        "approvals": await _approvals(unit, case, mask),
        "keeping": (await keeping_of(unit, case)).value,
        "holds": [(each, mask.text(each.reason)) for each in await unit.holds.of(case.id)],
        "emergencies": _emergencies(await unit.emergencies.of_complaint(case.id), t),
        "deeds": await _deeds(unit, case, actor),
        "assignee": names.person(case.assignee_id),
        "branch": names.branch(case.branch),
        "contact": mask.contact(case.contact) if case.contact else "",
        **_choices(case, actor, names, texts),
    }


def _choices(case: Case, actor: Actor, names: Names, texts: Sequence[Text]) -> dict[str, Any]:
    """What its forms offer."""
    now = Status(case.status)
    steps = [status for status in Status if status not in OWN_FORMS and is_open_to(now, status)]
    return {
        "steps": [status.value for status in steps],
        "decides": Status.DECIDED in steps,
        "outcomes": [each.value for each in (Outcome.UPHELD, Outcome.PART, Outcome.REJECTED)],
        "open": case.status not in CLOSED and case.merged_into is None,
        "asks": asking.choices(case),
        "why_nots": offered(),
        "may_refuse": is_open_to(now, Status.NOT_HANDLED),
        "may_withdraw": is_open_to(now, Status.WITHDRAWN),
        "grades": GRADES,
        "categories": categories(),
        "details": details(),
        "products": products(),
        "checked": CHECKED,
        "colleagues": colleagues_of(actor, names),
        "branches": sorted(names.branches.values(), key=lambda each: each.code),
        "texts": _texts(case, texts),
    }


def _texts(case: Case, texts: Sequence[Text]) -> dict[str, list[tuple[str, str]]]:
    """By use: name and words, filled in for this complaint and in its customer's language."""
    found: dict[str, list[tuple[str, str]]] = {"reply": [], "ask": [], "status": []}
    for each in texts:
        if each.language == case.record.language and not each.retired and each.use in found:
            words = filled(each, number=case.number, label="", due=f"{case.due_at:%Y-%m-%d}")
            found[each.use].append((each.name, words))
    return found


async def _links(unit: Unit, case: Case, actor: Actor) -> list[Linked]:
    """Those to complaints that they may know of."""
    found = []
    for link in (await unit.links.of(case.id))[:MOST_LINKS]:
        other = await unit.complaints.get(link.other_id if link.complaint_id == case.id else link.complaint_id)
        if other is not None and sees(actor, other):
            found.append(Linked(link=link, number=other.number, status=other.status))
    return found


async def _tasks(unit: Unit, case: Case, actor: Actor, mask: Mask) -> list[tuple[Task, str]]:
    """The open ones with their words; none claims a complaint that they may not know of."""
    told = await claims_told(unit, actor, await unit.tasks.open_of(complaint_id=case.id))
    return [(task, mask.text(task.detail)) for task in told.values()]


async def _approvals(unit: Unit, case: Case, mask: Mask) -> list[tuple[Any, str]]:
    """With what was said for them."""
    asked = await unit.approvals.of_complaint(case.id)
    return [(each, mask.text(" · ".join(_said(each.facts)))) for each in asked]


def _said(facts: Any) -> list[str]:
    return [str(facts[name]) for name in ("code", "reason", "note") if facts.get(name)]


def _emergencies(found: Sequence[Emergency], t: Wording) -> list[dict[str, Any]]:
    """With the steps of their plans, in order, and which are done."""
    known = {plan.kind: plan for plan in plans().plan}
    return [_emergency(each, known.get(each.plan), t) for each in found]


def _emergency(emergency: Emergency, plan: Any, t: Wording) -> dict[str, Any]:
    done = emergency.facts.get("steps", {})
    steps = [(step.code, step.name.in_(t.language), done.get(step.code)) for step in plan.steps] if plan else []
    return {"it": emergency, "name": plan.name.in_(t.language) if plan else emergency.plan, "steps": steps}


async def _deeds(unit: Unit, case: Case, actor: Actor) -> Sequence[Any]:
    return await unit.audit.list(Deeds(subject=case.number), limit=100) if actor.may(Right.AUDIT) else ()
