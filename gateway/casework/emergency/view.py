"""An emergency as people see it: each step with its time, and what was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.casework.emergency.plans import Plan, Step, plans
from gateway.casework.emergency.times import CLOSED, steps_of
from store.desk import Emergency
from store.values import Case


@dataclass(frozen=True, kw_only=True, slots=True)
class StepSeen:
    step: Step
    due: datetime
    done_at: datetime | None
    by: str
    note: str

    def is_late(self, now: datetime) -> bool:
        return self.done_at is None and self.due <= now


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """``plan`` is None when the files have it no more."""

    emergency: Emergency
    case: Case
    plan: Plan | None
    steps: tuple[StepSeen, ...]

    @property
    def is_over(self) -> bool:
        return self.emergency.state == CLOSED

    @property
    def left(self) -> int:
        return sum(step.done_at is None for step in self.steps)


def seen_as(emergency: Emergency, case: Case) -> Seen:
    plan = plans().of(emergency.plan)
    steps = tuple(_step(step, emergency) for step in plan.steps) if plan else ()
    return Seen(emergency=emergency, case=case, plan=plan, steps=steps)


def _step(step: Step, emergency: Emergency) -> StepSeen:
    done = steps_of(emergency).get(step.code, {})
    at = done.get("done_at")
    return StepSeen(
        step=step,
        due=plans().due(emergency.opened_at, step.within),
        done_at=datetime.fromisoformat(at) if at else None,
        by=done.get("by", ""),
        note=done.get("note", ""),
    )
