"""The overview: what came, how it stands, how long it takes, and whether people were content."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from gateway.house import House
from gateway.reports.periods import last_days, last_weeks, midnight
from gateway.staff.actor import Actor
from store.figures import STEPS, Scope
from store.unit import Unit

DAYS, WEEKS = 30, 12
TIMES_OVER = timedelta(days=90)  # complaints received since then tell how long we take
SOON = timedelta(days=3)
SHARES = (50, 90)  # percent
FRESH = timedelta(seconds=30)  # a screen on the wall asks all day
SCOPES = 64  # kept at once

K = TypeVar("K")

Standing = Sequence[tuple[str, str, int, int, int]]  # branch, status, open, overdue, due soon


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """What was received on a day, by channel."""

    day: date
    channels: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.channels.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class Took:
    """How long complaints took from receipt to ``step``: half of them, and nine of ten, no longer than this."""

    step: str
    count: int
    median: timedelta | None = None
    most: timedelta | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Trend:
    """How many of one kind were received in each week of the overview."""

    code: str
    weeks: Sequence[int]

    @property
    def total(self) -> int:
        return sum(self.weeks)


@dataclass(frozen=True, kw_only=True, slots=True)
class BranchLine:
    """How one branch stands. An empty code is the head office."""

    code: str
    name: str
    received: int
    open: int
    overdue: int
    soon: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Overview:
    """All figures of one moment and one scope."""

    at: datetime
    days: Sequence[Day]  # the last DAYS, today the last
    weeks: Sequence[date]  # Mondays of the last WEEKS
    by_status: Mapping[str, int]  # open ones
    open: int
    overdue: int
    soon: int
    times: Sequence[Took]
    categories: Sequence[Trend]
    products: Sequence[Trend]
    scores: Mapping[int, int]  # 1 to 5
    branches: Sequence[BranchLine]

    @property
    def today(self) -> Day:
        return self.days[-1]

    @property
    def channels(self) -> Mapping[str, int]:
        """What was received in all the days, by channel, the most first."""
        total = sum((Counter(day.channels) for day in self.days), Counter[str]())
        return dict(total.most_common())

    @property
    def score(self) -> float | None:
        """The mean of what customers gave; None where nobody did."""
        given = sum(self.scores.values())
        return sum(score * count for score, count in self.scores.items()) / given if given else None


class Overviews:
    """Overviews by scope, each counted anew when it is older than FRESH; whoever asks meanwhile waits for the same."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._kept: dict[Scope, Overview] = {}
        self._counting: defaultdict[Scope, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, actor: Actor) -> Overview:
        """What this person may know; what has come about them while it was counted, or since, is not in it."""
        scope = await self._scope(actor)
        while True:
            overview = await self._counted(scope)
            before, scope = scope, await self._scope(actor)
            if scope == before:
                return overview

    async def _scope(self, actor: Actor) -> Scope:
        async with self._house.store.reading() as unit:
            return Scope(branches=actor.branches, but=await self._house.hiding.of(unit, actor))

    async def _counted(self, scope: Scope) -> Overview:
        async with self._counting[scope]:
            kept = self._kept.get(scope)
            if kept is None or not timedelta() <= self._house.clock.now() - kept.at < FRESH:
                kept = await self._count(scope)
                self._keep(scope, kept)
            return kept

    async def _count(self, scope: Scope) -> Overview:
        async with self._house.store.reading() as unit:
            return await count(unit, self._house.clock.now(), scope)

    def _keep(self, scope: Scope, overview: Overview) -> None:
        self._kept.pop(scope, None)
        self._kept[scope] = overview
        for oldest in list(self._kept)[:-SCOPES]:
            del self._kept[oldest]
            self._counting.pop(oldest, None)


async def count(unit: Unit, now: datetime, scope: Scope) -> Overview:
    """All figures, in nine statements however many complaints there are."""
    days, weeks = last_days(now, DAYS), last_weeks(now, WEEKS)
    standing = await unit.figures.standing(now, now + SOON, scope)
    received = await unit.figures.received([midnight(day) for day in days], scope)
    kinds = await unit.figures.kinds([midnight(day) for day in weeks], scope)
    scores = await unit.figures.scores([midnight(weeks[0])], scope)
    return Overview(
        at=now,
        days=_days(days, received),
        weeks=weeks,
        by_status=_summed((status, count) for _, status, count, _, _ in standing),
        open=sum(row[2] for row in standing),
        overdue=sum(row[3] for row in standing),
        soon=sum(row[4] for row in standing),
        times=[await _took(unit, step, now, scope) for step in STEPS],
        categories=_trends((week, category, count) for week, category, _, count in kinds),
        products=_trends((week, product, count) for week, _, product, count in kinds),
        scores=_summed((score, count) for _, score, count in scores),
        branches=await _branches(unit, standing, midnight(days[0]), scope),
    )


async def _took(unit: Unit, step: str, now: datetime, scope: Scope) -> Took:
    number, spans = await unit.figures.took(step, now - TIMES_OVER, scope, SHARES)
    if not number:
        return Took(step=step, count=0)
    return Took(step=step, count=number, median=timedelta(seconds=spans[0]), most=timedelta(seconds=spans[1]))


async def _branches(unit: Unit, standing: Standing, since: datetime, scope: Scope) -> Sequence[BranchLine]:
    """A line for each branch that has anything, the one with the most open first."""
    names = await unit.figures.branch_names()
    received = await unit.figures.by_branch(since, scope)
    lines = [_line(code, names, standing, received) for code in {*received, *(row[0] for row in standing)}]
    return sorted(lines, key=lambda line: (-line.open, -line.received, line.code))


def _line(code: str, names: Mapping[str, str], standing: Standing, received: Mapping[str, int]) -> BranchLine:
    own = [row for row in standing if row[0] == code]
    return BranchLine(
        code=code,
        name=names.get(code, code),
        received=received.get(code, 0),
        open=sum(row[2] for row in own),
        overdue=sum(row[3] for row in own),
        soon=sum(row[4] for row in own),
    )


def _days(days: Sequence[date], received: Iterable[tuple[int, str, int]]) -> Sequence[Day]:
    by_day: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for place, channel, number in received:
        by_day[place][channel] = number
    return [Day(day=day, channels=by_day[place]) for place, day in enumerate(days)]


def _trends(counted: Iterable[tuple[int, str, int]]) -> Sequence[Trend]:
    """One line for each code, the most frequent first."""
    weeks: defaultdict[str, list[int]] = defaultdict(lambda: [0] * WEEKS)
    for week, code, number in counted:
        weeks[code][week] += number
    trends = [Trend(code=code, weeks=numbers) for code, numbers in weeks.items()]
    return sorted(trends, key=lambda trend: (-trend.total, trend.code))


def _summed(counted: Iterable[tuple[K, int]]) -> Mapping[K, int]:
    total = Counter[K]()
    for key, number in counted:
        total[key] += number
    return dict(total.most_common())
