"""The clock follows the life of a complaint: it stands still outside our hands, and stops when all is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from gateway.casework.clocks.proof import DECIDED
from gateway.casework.clocks.setting import end_alerts, next_note, set_clock
from gateway.casework.clocks.standing import reckoned
from gateway.casework.lifecycle import Status
from store.desk import ClockEvent
from store.unit import Unit
from store.values import Case

S = Status

APART: Mapping[Status, str] = {S.APPRAISAL: "appraisal", S.MEDIATION: "mediation"}
ENDS: Mapping[Status, str] = {S.WITHDRAWN: "withdrawn", S.NOT_HANDLED: "not_handled", S.DECIDED: DECIDED}
AGAIN = ("resume", "reopened")
ENDED = frozenset({S.WITHDRAWN, S.NOT_HANDLED})


async def clock_follows(
    unit: Unit, case: Case, status: Status, now: datetime, actor: str, *, at: datetime | None = None, parcel: str = ""
) -> None:
    """Note what this step does to the clock. ``case`` is as it was before it.

    ``at``: since when it counts; now, if not said. ``parcel``: the message that tells of the step, which is the proof.
    """
    found = list(_caused(Status(case.status), status))
    paused_since = (await reckoned(unit, case, now)).paused_since if case.status in APART else None
    for kind, why in found:
        facts = {"why": why, "parcel": parcel} if why == DECIDED and parcel else {"why": why}
        await note(unit, case, ClockEvent(kind=kind, at=at or now, noted_at=now, by=actor, facts=facts))
    if found:
        await set_clock(unit, case, now, silent_since=paused_since)
    if AGAIN in found:
        await unit.complaints.set_work(case.id, {"note_at": next_note(now)}, now=now)
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
        yield AGAIN


async def note(unit: Unit, case: Case, event: ClockEvent) -> None:
    """An event, in the history and the audit trail too."""
    await unit.clock_events.add(case.id, event)
    facts: dict[str, Any] = {**event.facts, "at": event.at.isoformat()}
    await unit.timeline.add(case.id, at=event.noted_at, kind="clock", actor=event.by, text=event.kind, data=facts)
    await unit.audit.write(
        at=event.noted_at, actor=event.by, action="clock", subject=case.number, detail={"kind": event.kind, **facts}
    )
