"""The round over the clocks: staff hear as the date comes near, once each; customers hear when nobody told them."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from gateway.casework.clocks.acts import extend
from gateway.casework.clocks.round import BATCH, ClockRound
from gateway.casework.clocks.setting import NEVER
from gateway.casework.lifecycle import Status
from gateway.casework.telling import UNTOLD
from normalizer.record import SHANGHAI, Intent
from store.models import complaints
from store.values import Case
from tests.clocks.desk import Desk


async def after(desk: Desk, case: Case, **time: float) -> list[str]:
    """Reasons of what the clock asks of a person after some time."""
    desk.clock.advance(**time)
    await ClockRound(desk.house).go()
    return [task.reason for task in await desk.tasks(case)]


async def test_a_person_hears_at_half_at_four_fifths_on_the_last_day_and_when_it_is_over(desk: Desk) -> None:
    case = await desk.complaint()
    assert await after(desk, case, days=7) == []
    assert await after(desk, case, days=1) == ["half"]
    assert await after(desk, case, days=5) == ["four_fifths"]
    assert await after(desk, case, days=2) == ["last_day"]
    assert await after(desk, case, days=1) == ["overdue"]
    assert (await desk.times(case))[0] == NEVER


async def test_nobody_hears_the_same_thing_twice(desk: Desk) -> None:
    case = await desk.complaint()
    assert await after(desk, case, days=8) == ["half"]
    for task in await desk.tasks(case):
        async with desk.house.store.unit() as unit:
            await unit.tasks.done(task.id, desk.house.clock.now(), "li.na")
            await unit.commit()
    assert await after(desk, case, hours=1) == []
    assert await after(desk, case, days=1) == []


async def test_two_gateways_at_once_ask_a_person_once(desk: Desk) -> None:
    case = await desk.complaint()
    desk.clock.advance(days=8)
    await asyncio.gather(*(ClockRound(desk.house).go() for _ in range(4)))
    assert [task.reason for task in await desk.tasks(case)] == ["half"]
    assert len(await desk.parcels(case)) == 1  # and the customer had one note


async def test_more_time_ends_what_the_clock_asked_for_and_begins_its_shares_anew(desk: Desk) -> None:
    case = await desk.complaint()
    assert await after(desk, case, days=8) == ["half"]
    await extend(desk.house, case.number, reason="复杂", actor="li.na")
    assert await desk.tasks(case) == []
    assert await after(desk, case, days=6) == []
    assert await after(desk, case, days=2) == ["half"]


async def test_during_an_appraisal_the_clock_is_silent_and_the_date_moves_on(desk: Desk) -> None:
    case = await desk.complaint()
    await desk.move(case.number, Status.APPRAISAL)
    assert await after(desk, case, days=30) == []
    assert await desk.due(case.number) == "2027-01-06"
    await desk.move(case.number, Status.INVESTIGATING)
    assert await after(desk, case, days=14) == ["last_day"]


async def test_praise_is_never_overdue(desk: Desk) -> None:
    case = await desk.complaint()
    async with desk.house.store.unit() as unit:
        await unit.complaints.save(case.id, record=replace(case.record, intent=Intent.PRAISE), now=case.received_at)
        await unit.commit()
    assert await after(desk, case, days=20) == []
    assert await desk.parcels(case) == []


async def test_complaints_of_before_there_were_clocks_are_taken_up_in_batches(desk: Desk) -> None:
    old = [await desk.complaint(watched=False) for _ in range(3)]
    closed = await desk.complaint("ARCHIVED", watched=False)
    desk.clock.advance(days=8)
    await ClockRound(desk.house).go()
    assert [len(await desk.tasks(case)) for case in old] == [1, 1, 1]
    assert (await desk.times(closed)) == (None, None)
    assert len(old) < BATCH


async def test_after_five_working_days_of_silence_the_customer_hears_how_it_stands(desk: Desk) -> None:
    case = await desk.complaint()
    await after(desk, case, days=6)
    assert await desk.parcels(case) == []
    await after(desk, case, days=1)  # Monday to Monday
    (note,) = await desk.parcels(case)
    assert "仍在调查核实" in note.text
    assert "12月8日" in note.text
    await after(desk, case, hours=1)
    assert len(await desk.parcels(case)) == 1


async def test_a_note_leaves_only_in_hours_in_which_one_may_be_called(desk: Desk) -> None:
    desk.clock.advance(hours=14)  # half past eleven at night
    case = await desk.complaint()
    _, note_at = await desk.times(case)
    assert note_at is not None
    assert note_at.astimezone(SHANGHAI).isoformat() == "2026-12-01T09:00:00+08:00"


async def test_whoever_was_told_something_meanwhile_hears_nothing_more(desk: Desk) -> None:
    case = await desk.complaint("GRADED")
    desk.clock.advance(days=4)
    await desk.move(case.number, Status.INVESTIGATING)
    await after(desk, case, days=3)
    assert len(await desk.parcels(case)) == 1
    await after(desk, case, days=4)
    assert len(await desk.parcels(case)) == 2


async def test_in_an_urgent_case_a_person_speaks_with_the_customer(desk: Desk) -> None:
    case = await desk.complaint(fields={"priority": "P0"})
    assert "quiet" in await after(desk, case, days=7)
    assert await desk.parcels(case) == []


@pytest.mark.parametrize("status", ["ARCHIVED", "WITHDRAWN", "NOT_HANDLED", "DECIDED", "FOLLOW_UP", "EVALUATED"])
async def test_whoever_waits_for_nothing_of_ours_gets_no_note(desk: Desk, status: str) -> None:
    case = await desk.complaint(status)
    await after(desk, case, days=7)
    assert await desk.parcels(case) == []


async def test_whoever_may_never_be_told_gets_no_note(desk: Desk) -> None:
    case = await desk.complaint(reply_context={UNTOLD: "sender refuted"})
    await after(desk, case, days=7)
    assert await desk.parcels(case) == []


async def test_when_we_are_late_the_note_does_not_promise_a_day_that_has_passed(desk: Desk) -> None:
    case = await desk.complaint()
    await after(desk, case, days=17)
    assert "非常抱歉" in (await desk.parcels(case))[-1].text


async def test_one_damaged_complaint_does_not_silence_the_others(desk: Desk) -> None:
    bad, good = await desk.complaint(), await desk.complaint()
    async with desk.house.store.unit() as unit:
        await unit.complaints._line.run(complaints.update().where(complaints.c.id == bad.id).values(record=b"x"))
        await unit.commit()
    assert await after(desk, good, days=8) == ["half"]
    async with desk.house.store.reading() as unit:
        assert [task.reason for task in await unit.tasks.open_of(kind="review")] == ["damaged"]
