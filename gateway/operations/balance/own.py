"""The ledger by itself: every item is handled, in quarantine or in work, and owes nobody anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from gateway.operations.balance.values import Line, Off, Why
from gateway.operations.replay import LEFT_BEHIND_AFTER
from gateway.reports.periods import midnight
from normalizer.record import SHANGHAI
from store.balance import Owed
from store.unit import Store
from store.values import FileState, LedgerState

FETCHED_WITHIN = timedelta(hours=1)  # of the moment at which it was to be tried again
MOST = 500  # things named of each kind: who reads more has a greater trouble than this list


def days_between(since: datetime, until: datetime) -> Iterator[date]:
    """Days in Shanghai that the time touches, the first one first."""
    day = since.astimezone(SHANGHAI).date()
    while midnight(day) < until:
        yield day
        day += timedelta(days=1)


async def lines(store: Store, since: datetime, until: datetime) -> list[Line]:
    """What became of what was received, a line for each channel and day."""
    found: list[Line] = []
    for day in days_between(since, until):
        first, last = midnight(day), midnight(day + timedelta(days=1))
        async with store.reading() as unit:
            found += _lines(day, await unit.balance.counts(first, last), await unit.balance.files(first, last))
    return found


def _lines(day: date, items: Sequence[tuple[str, str, int]], files: Sequence[tuple[str, str, int]]) -> Iterator[Line]:
    states: dict[str, dict[str, int]] = defaultdict(dict)
    owed: dict[str, dict[str, int]] = defaultdict(dict)
    for channel, state, count in items:
        states[channel][state] = count
    for channel, state, count in files:
        owed[channel][state] = count
    for channel, of in states.items():
        yield Line(
            channel=channel,
            day=day,
            received=sum(of.values()),
            handled=of.get(LedgerState.HANDLED, 0),
            quarantined=of.get(LedgerState.QUARANTINED, 0),
            in_work=of.get(LedgerState.STORED, 0),
            files_owed=owed[channel].get(FileState.WAITING, 0),
            files_lost=owed[channel].get(FileState.LOST, 0),
        )


def miscounted(found: Sequence[Line]) -> Iterator[Off]:
    """Days whose items are in a state that no part of ours knows."""
    for line in found:
        if line.received != line.handled + line.quarantined + line.in_work:
            yield Off(channel=line.channel, why=Why.MISCOUNTED, name=line.day.isoformat(), kind="day", day=line.day)


async def debts(store: Store, since: datetime, until: datetime, now: datetime) -> list[Off]:
    """What was begun and not finished, of whatever day; of the days looked at, also answers that never left."""
    async with store.reading() as unit:
        behind = await unit.balance.left_behind(now - LEFT_BEHIND_AFTER, MOST)
        unsaid = await unit.balance.unanswered(since, until, MOST)
        unfetched = await unit.balance.overdue_files(now - FETCHED_WITHIN, MOST)
    return [
        *(_off(owed, Why.LEFT_BEHIND, "item") for owed in behind),
        *(_off(owed, Why.NO_ANSWER, "item") for owed in unsaid),
        *(_off(owed, Why.FILE_OVERDUE, "file") for owed in unfetched),
    ]


def _off(owed: Owed, why: Why, kind: str) -> Off:
    return Off(channel=owed.channel, why=why, name=owed.id, kind=kind, day=owed.at.astimezone(SHANGHAI).date())
