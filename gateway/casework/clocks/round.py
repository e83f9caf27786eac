"""One round over the clocks: a person hears when a date comes near, a customer when nobody has told them anything."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from gateway.casework.clocks.progress import note_progress
from gateway.casework.clocks.setting import CLOCK, NEVER, end_alerts, next_note, passed, set_clock
from gateway.casework.lifecycle import CLOSED
from gateway.casework.tasks import new_task
from gateway.house import House
from normalizer.record import Intent
from store.errors import Damaged
from store.unit import Unit
from store.values import Case, ComplaintId

log = structlog.get_logger(__name__)

BATCH = 50
BY = "gateway"
LATER = timedelta(hours=1)  # what failed is tried again, but not in every round

Doing = Callable[[House, Unit, Case], Awaitable[None]]


class ClockRound:
    """Several gateways may go round at once: each complaint is locked, and looked at again, before anything is done."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._watched = 0  # complaints up to this id have a clock; those of before clocks were kept are set by batches
        self._all_watched = False

    async def go(self) -> None:
        now = self._house.clock.now()
        if not self._all_watched:
            await self._watch_more()
        async with self._house.store.reading() as unit:
            alerts = await unit.clock_events.alerts_due(now, BATCH)
            notes = await unit.clock_events.notes_due(now, BATCH)
        for id in alerts:
            await self._one(id, "alert_at", speak_up)
        for id in notes:
            await self._one(id, "note_at", note_progress)

    async def _watch_more(self) -> None:
        async with self._house.store.reading() as unit:
            found = await unit.clock_events.unwatched(self._watched, BATCH)
        for id in found:
            await self._one(id, "", watch)
            self._watched = id
        self._all_watched = len(found) < BATCH

    async def _one(self, id: ComplaintId, column: str, do: Doing) -> None:
        """A transaction of its own: a complaint that cannot be read, or reckoned, must not silence the others."""
        try:
            await self._attend(id, column, do)
        except Exception:
            log.exception("clock_failed", complaint=id)
            await self._put_off(id, column or "alert_at")

    async def _put_off(self, id: ComplaintId, column: str) -> None:
        now = self._house.clock.now()
        async with self._house.store.unit() as unit:
            await unit.complaints.set_work(id, {column: now + LATER}, now=now)
            await unit.commit()

    async def _attend(self, id: ComplaintId, column: str, do: Doing) -> None:
        now = self._house.clock.now()
        async with self._house.store.unit() as unit:
            try:
                case = await unit.complaints.get(id, lock=True)
                if case is not None and await _is_still_due(unit, id, column, now):
                    await do(self._house, unit, case)
            except Damaged:
                if await _is_still_due(unit, id, column, now):
                    log.exception("complaint_damaged", complaint=id)
                    await _leave(unit, id, now)
            await unit.commit()


async def _is_still_due(unit: Unit, id: ComplaintId, column: str, now: datetime) -> bool:
    alert_at, note_at = await unit.clock_events.times(id)
    if not column:
        return alert_at is None
    at = alert_at if column == "alert_at" else note_at
    return at is not None and at <= now


async def _leave(unit: Unit, id: ComplaintId, now: datetime) -> None:
    """Not again in every round; a person looks."""
    await unit.complaints.set_work(id, {"alert_at": NEVER, "note_at": None}, now=now)
    await unit.tasks.add(new_task("review", "damaged", now))


async def watch(house: House, unit: Unit, case: Case) -> None:
    """A complaint of before there were clocks: what has passed already is told once, now."""
    now = house.clock.now()
    standing = await set_clock(unit, case, now)
    if passed(standing, standing.began_at) is not None:
        await _alert(unit, case, standing.began_at, now)
    await unit.complaints.set_work(case.id, {"note_at": next_note(max(case.told_at or now, now))}, now=now)


async def speak_up(house: House, unit: Unit, case: Case) -> None:
    """The time has come for an alert, or only for another look."""
    now = house.clock.now()
    since, _ = await unit.clock_events.times(case.id)
    if case.status in CLOSED or case.merged_into is not None:
        return await unit.complaints.set_work(case.id, {"alert_at": NEVER}, now=now)
    await _alert(unit, case, since or now, now)


async def _alert(unit: Unit, case: Case, since: datetime, now: datetime) -> None:
    """One task for the last moment that has passed; what an earlier one asked for is over."""
    standing = await set_clock(unit, case, now)
    alert = passed(standing, since)
    if alert is None or case.merged_into is not None or case.record.intent is not Intent.COMPLAINT:
        return
    await end_alerts(unit, case, now, BY)
    await unit.tasks.add(new_task(CLOCK, alert.reason, now, within=alert.within, case=case))
    await unit.timeline.add(case.id, at=now, kind="task", actor=BY, text=f"{CLOCK}: {alert.reason}")
