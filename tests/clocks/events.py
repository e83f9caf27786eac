"""Clocks to be reckoned by tests: what happened, and the rules of the house."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from gateway.casework.clocks.calendar import Calendar
from gateway.casework.clocks.engine import Rules, reckon
from gateway.casework.clocks.limits import limits
from gateway.casework.clocks.reckoning import Reckoning
from normalizer.record import SHANGHAI
from store.desk import ClockEvent

T0 = datetime(2026, 3, 2, 10, 15, tzinfo=SHANGHAI)


def rules(priority: str = "P3", *, personal: bool = False) -> Rules:
    return Rules(limits=limits(T0), calendar=Calendar(), priority=priority, personal=personal)


def on(days: float) -> datetime:
    return T0 + timedelta(days=days)


def event(kind: str, days: float, **facts: object) -> ClockEvent:
    return ClockEvent(kind=kind, at=on(days), noted_at=on(days), by="li.na", facts=facts)


def extended(days: float) -> ClockEvent:
    return event("complex", days, reason="两家医院的病历")


def special(days: float, told: float | None = None, **facts: object) -> ClockEvent:
    proof = {"told_at": on(days if told is None else told).isoformat()}
    return event("special", days, **{"reason": "外地取证", "approver": "wang.zong", **proof, **facts})


def clock(*events: ClockEvent, days: float = 1, began: datetime = T0, by: Rules | None = None) -> Reckoning:
    return reckon(began, events, now=on(days), rules=by or rules())


def due(*events: ClockEvent, days: float = 1) -> str:
    return clock(*events, days=days).due_at.astimezone(SHANGHAI).date().isoformat()


def codes(standing: Reckoning) -> Sequence[str]:
    return [step.code for step in standing.steps]
