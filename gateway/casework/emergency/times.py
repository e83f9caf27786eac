"""When an emergency next wants attention: escalated while nobody has it, then by the steps that are late."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from gateway.casework.emergency.plans import Escalation, Plan, Plans, Step
from store.desk import Emergency

OPEN, TAKEN, CLOSED = "open", "taken", "closed"


def steps_of(emergency: Emergency) -> Mapping[str, Any]:
    """What was done: by code of the step, when, by whom and with which note."""
    done: Mapping[str, Any] = emergency.facts.get("steps", {})
    return done


def left(plan: Plan, emergency: Emergency) -> list[Step]:
    """Steps that nobody has done yet."""
    return [step for step in plan.steps if step.code not in steps_of(emergency)]


def late(plans: Plans, plan: Plan, emergency: Emergency, now: datetime) -> list[Step]:
    """Steps whose time is over, which nobody has done, and of which nobody was told yet."""
    told = emergency.facts.get("alerted", [])
    return [
        step
        for step in left(plan, emergency)
        if step.code not in told and plans.due(emergency.opened_at, step.within) <= now
    ]


def next_level(plans: Plans, plan: Plan, emergency: Emergency, now: datetime) -> Escalation | None:
    """Who is called now because nobody took it."""
    if emergency.state != OPEN or emergency.level >= len(plan.escalation):
        return None
    escalation = plan.escalation[emergency.level]
    return escalation if plans.due(emergency.opened_at, escalation.after) <= now else None


def attention_at(plans: Plans, plan: Plan, emergency: Emergency) -> datetime | None:
    """The next moment at which something is to be looked for; None: never."""
    return min(_moments(plans, plan, emergency), default=None)


def _moments(plans: Plans, plan: Plan, emergency: Emergency) -> Iterator[datetime]:
    if emergency.state == CLOSED:
        return
    if emergency.state == OPEN and emergency.level < len(plan.escalation):
        yield plans.due(emergency.opened_at, plan.escalation[emergency.level].after)
    told = emergency.facts.get("alerted", [])
    for step in left(plan, emergency):
        if step.code not in told:
            yield plans.due(emergency.opened_at, step.within)
