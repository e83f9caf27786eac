"""The clock follows the life of a complaint: it stands still outside our hands, and stops when all is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from gateway.casework.clocks.setting import end_alerts, set_clock
from gateway.casework.lifecycle import Status
from store.desk import ClockEvent
from store.unit import Unit
from store.values import Case

S = Status

APART: Mapping[Status, str] = {S.APPRAISAL: "appraisal", S.MEDIATION: "mediation"}
ENDS: Mapping[Status, str] = {S.WITHDRAWN: "withdrawn", S.NOT_HANDLED: "not_handled", S.DECIDED: "decided"}
ENDED = frozenset({S.WITHDRAWN, S.NOT_HANDLED})


async def clock_follows(unit: Unit, case: Case, status: Status, now: datetime, actor: str) -> None:
    """Note what this step does to the clock. ``case`` is as it was before it."""
    found = list(_caused(Status(case.status), status))
    for kind, why in found:
        await note(unit, case, ClockEvent(kind=kind, at=now, noted_at=now, by=actor, facts={"why": why}))
    if found:
        await set_clock(unit, case, now)
    if status in ENDS:
        await end_alerts(unit, case, now, actor)


def _caused(before: Status, after: Status) -> Iterator[tuple[str, str]]:
    if before in APART:
        yield "resume", APART[before]
    if after in APART:
        yield "pause", APART[after]
    if after in ENDS:
        yield "stop", ENDS[after]
    if after is S.REOPENED or (before in ENDED and after is S.REGISTERED):
        yield "resume", "reopened"


async def note(unit: Unit, case: Case, event: ClockEvent) -> None:
    """An event, in the history and the audit trail too."""
    await unit.clock_events.add(case.id, event)
    facts: dict[str, Any] = {**event.facts, "at": event.at.isoformat()}
    await unit.timeline.add(case.id, at=event.noted_at, kind="clock", actor=event.by, text=event.kind, data=facts)
    await unit.audit.write(
        at=event.noted_at, actor=event.by, action="clock", subject=case.number, detail={"kind": event.kind, **facts}
    )
