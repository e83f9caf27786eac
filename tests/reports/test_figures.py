"""The figures of the overview are what somebody counting one by one would find."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gateway.house import House
from gateway.reports.charts import ceiling, columns, share
from gateway.reports.overview import DAYS, SOON, TIMES_OVER, Overview, Overviews
from gateway.reports.overview import count as counted
from gateway.staff.actor import SERVICE
from normalizer.record import SHANGHAI, Contact, ContactKind
from store.figures import Scope
from store.models.kinds import ANSWERED
from tests.clock import SetClock
from tests.reports.crowd import DAY, OVER, Known, crowd, record

SCOPES = [None, frozenset({"310000"}), frozenset({"", "110000"}), frozenset[str]()]


async def overview(house: House, branches: frozenset[str] | None = None) -> Overview:
    async with house.store.reading() as unit:
        return await counted(unit, house.clock.now(), Scope(branches=branches))


def seen(known: Sequence[Known], branches: frozenset[str] | None) -> list[Known]:
    return [one for one in known if branches is None or one.branch in branches]


def ranked(spans: Sequence[timedelta], percent: int) -> timedelta | None:
    ordered = sorted(spans)
    return ordered[math.ceil(len(ordered) * percent / 100) - 1] if ordered else None


async def test_every_figure_is_what_counting_one_by_one_finds_in_every_scope(house: House) -> None:
    now = house.clock.now()
    known = await crowd(house.store, now, 150)
    for branches in SCOPES:
        told = await overview(house, branches)
        ours = seen(known, branches)
        working = [one for one in ours if one.case.status not in OVER and not one.merged]
        assert told.open == len(working)
        unanswered = [one for one in working if one.case.status not in ANSWERED]
        assert told.overdue == sum(one.case.due_at <= now for one in unanswered)
        assert told.soon == sum(now < one.case.due_at <= now + SOON for one in unanswered)
        assert told.by_status == Counter(one.case.status for one in working)
        for day in told.days:
            there = [one for one in ours if one.case.received_at.astimezone(SHANGHAI).date() == day.day]
            assert day.channels == Counter(one.case.channel for one in there)
        _check_times(told, ours, now)
        _check_weeks(told, ours)


def _check_times(told: Overview, ours: Sequence[Known], now: datetime) -> None:
    fresh = [one for one in ours if one.case.received_at >= now - TIMES_OVER]
    for took in told.times:
        spans = [span for one in fresh if (span := getattr(one, took.step)) is not None]
        assert took.count == len(spans)
        for found, percent in ((took.median, 50), (took.most, 90)):
            expected = ranked(spans, percent)
            assert (found is None) == (expected is None)
            if found is not None and expected is not None:
                assert abs(found - expected) < timedelta(seconds=1)


def _check_weeks(told: Overview, ours: Sequence[Known]) -> None:
    def monday(one: Known) -> object:
        day = one.case.received_at.astimezone(SHANGHAI).date()
        return day - timedelta(days=day.weekday())

    recent = [one for one in ours if monday(one) in told.weeks]
    for name, trends in (("category", told.categories), ("product", told.products)):
        counted = Counter((one.case.record.value(name), monday(one)) for one in recent)
        shown = {(trend.code, told.weeks[place]): n for trend in trends for place, n in enumerate(trend.weeks) if n}
        assert shown == counted
    assert told.scores == Counter(one.score for one in recent if one.score is not None)
    first = told.days[0].day
    month = [one for one in ours if one.case.received_at.astimezone(SHANGHAI).date() >= first]
    assert {line.code: line.received for line in told.branches if line.received} == Counter(one.branch for one in month)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 11, 22, 15, 59, 59, 999999, tzinfo=UTC), 1),
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), 0),
        (datetime(2026, 11, 23, 1, 0, tzinfo=UTC), 0),
    ],
)
async def test_a_day_begins_at_midnight_in_shanghai(house: House, at: datetime, day: int) -> None:
    await _received(house, at)
    told = await overview(house)
    assert [place for place, each in enumerate(reversed(told.days)) if each.total] == [day]


async def test_nothing_at_all_makes_an_empty_overview(house: House) -> None:
    told = await overview(house)
    assert (told.today.total, told.open, told.score, len(told.days)) == (0, 0, None, DAYS)
    assert [took.count for took in told.times] == [0, 0, 0]


async def test_the_number_of_statements_does_not_grow_with_the_complaints(house: House) -> None:
    few = await _statements(house)
    await crowd(house.store, house.clock.now(), 60)
    assert await _statements(house) == few <= 12


async def test_a_screen_on_the_wall_is_answered_from_what_was_counted_half_a_minute_ago(
    house: House, clock: SetClock
) -> None:
    overviews = Overviews(house)
    await overviews.of(SERVICE)
    await _received(house, house.clock.now())
    clock.advance(seconds=29)
    assert (await overviews.of(SERVICE)).today.total == 0
    narrower = replace(SERVICE, branches=frozenset({""}))
    assert (await overviews.of(narrower)).today.total == 1, "another scope is counted by itself"
    clock.advance(seconds=2)
    assert (await overviews.of(SERVICE)).today.total == 1


def test_charts_stand_on_the_ground_and_reach_no_higher_than_their_scale() -> None:
    assert [ceiling(value) for value in (0, 1, 3, 7, 11, 50, 51, 99_999)] == [1, 1, 5, 10, 20, 50, 100, 100_000]
    chart = columns([0, 3, 10])
    assert all(bar.y + bar.height == pytest.approx(chart.height) and bar.y >= 0 for bar in chart.columns)
    assert chart.columns[-1].y == 0
    assert (share(0, 10), share(1, 1000), share(10, 10)) == (0.0, 1.0, 100.0)


async def _statements(house: House) -> int:
    before = house.store.statements
    await overview(house)
    return house.store.statements - before


async def _received(house: House, at: datetime) -> None:
    async with house.store.unit() as unit:
        await unit.complaints.create(
            channel="wechat",
            contact=Contact(kind=ContactKind.OPENID, value="o1"),
            conversation_id=None,
            received_at=at,
            due_at=at + timedelta(days=15),
            status="ACCEPTED",
            record=record("C01", "P01"),
            reply_context={},
            attested=True,
            number=f"TS{DAY:%y%m%d}000019",
        )
        await unit.commit()
