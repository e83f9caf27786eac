"""When the clock of a complaint next speaks up, kept beside the complaint so that nothing has to be searched."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from gateway.casework.clocks.calendar import calendar
from gateway.casework.clocks.engine import reckon
from gateway.casework.clocks.limits import Alert, limits
from gateway.casework.clocks.reckoning import Reckoning
from gateway.casework.clocks.standing import reckoned, rules_of
from normalizer.record import Complaint
from store.unit import Unit
from store.values import Case

NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # nothing more to say; empty would mean that nobody has looked yet
WHILE_PAUSED = timedelta(days=1)  # the date moves on by one each day
CLOCK = "clock"  # kind of task


def at_first(record: Complaint, received_at: datetime) -> Mapping[str, datetime]:
    """What stands beside a new complaint: due, when the clock first speaks up, when the customer is told something."""
    standing = reckon(received_at, (), now=received_at, rules=rules_of(record, received_at))
    return {"due_at": standing.due_at, "alert_at": next_alert(standing), "note_at": next_note(received_at)}


async def set_clock(unit: Unit, case: Case, now: datetime, *, silent_since: datetime | None = None) -> Reckoning:
    """Reckon, and write the date and the next alert beside the complaint. The case is locked.

    ``silent_since``: nobody could hear of what passed since then, so that they do now.
    """
    standing = await reckoned(unit, case, now)
    since = silent_since or await _silent_since(unit, case, standing)
    alert_at = _missed(standing, since) or next_alert(standing)
    await unit.complaints.set_work(case.id, {"due_at": standing.due_at, "alert_at": alert_at}, now=now)
    return standing


async def _silent_since(unit: Unit, case: Case, standing: Reckoning) -> datetime:
    """A clock that was to say nothing more and runs again has all its moments before it."""
    alert_at, _ = await unit.clock_events.times(case.id)
    return standing.began_at if alert_at == NEVER else standing.now


def _missed(standing: Reckoning, since: datetime) -> datetime | None:
    """The last moment, which is the most urgent, that passed while the clock was silent."""
    behind = [at for at, _ in moments(standing) if since <= at < standing.now] if standing.running else []
    return behind[-1] if behind else None


def next_alert(standing: Reckoning) -> datetime:
    """When to look again: to speak up, to move a date that stands still, or to see whether telling has failed."""
    if standing.paused:
        return standing.now + WHILE_PAUSED
    ahead = [] if standing.stopped else [at for at, _ in moments(standing) if at > standing.now]
    proof = [standing.prove_by] if standing.prove_by is not None else []
    return min([*ahead, *proof], default=NEVER)


def passed(standing: Reckoning, since: datetime) -> Alert | None:
    """The last moment between ``since`` and now at which a person should have heard; None while the clock stands."""
    if not standing.running:
        return None
    behind = [alert for at, alert in moments(standing) if since <= at <= standing.now]
    return behind[-1] if behind else None


def moments(standing: Reckoning) -> list[tuple[datetime, Alert]]:
    """When to speak up, in order."""
    found = [(alert.at(standing.began_at, standing.due_at), alert) for alert in standing.alerts]
    return sorted(found, key=lambda each: each[0])


def next_note(told_at: datetime) -> datetime:
    """When the customer should hear something again, within hours in which one may be called."""
    found = limits(told_at)
    then = calendar().add(told_at, found.progress_days)
    return calendar().add_hours(then, 0, found.opens, found.closes)


async def end_alerts(unit: Unit, case: Case, now: datetime, actor: str) -> None:
    """What the clock asked for is over."""
    for task in await unit.tasks.open_of(complaint_id=case.id, kind=CLOCK):
        await unit.tasks.done(task.id, now, actor)
