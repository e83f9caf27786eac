"""Calls: whatever is reported, twice, late and in any order, a call only goes forward."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import pytest

from normalizer.record import NOBODY, Contact
from store.unit import Store, Unit
from store.values import CallRecord, ConversationId
from tests.store.things import NOW, SOON, ZHAO, open_case

RINGS: dict[str, Any] = {"state": "ringing", "at": NOW}
TALKS: dict[str, Any] = {"state": "in-progress", "at": NOW + SOON}
ENDS: dict[str, Any] = {"state": "completed", "at": NOW + 3 * SOON, "seconds": 120}


async def note(unit: Unit, call: str = "CA1", contact: Contact = ZHAO, **report: Any) -> bool:
    return await unit.calls.note(channel="phone", call=call, contact=contact, **(RINGS | report))


async def told(store: Store, *reports: dict[str, Any]) -> CallRecord:
    """The call after these reports, each in a unit of its own."""
    for report in reports:
        async with store.unit() as unit:
            await note(unit, **report)
            await unit.commit()
    return await known(store)


async def known(store: Store, call: str = "CA1") -> CallRecord:
    async with store.reading() as unit:
        found = await unit.calls.get("phone", call)
    assert found is not None
    return found


async def talk_of(unit: Unit, call: str = "CA1", contact: Contact = ZHAO) -> ConversationId:
    return (await unit.conversations.lock("phone", contact, NOW, talk=call)).id


async def test_a_call_is_known_from_its_first_ring(store: Store) -> None:
    found = await told(store, RINGS)
    assert found == CallRecord(
        id=found.id,
        channel="phone",
        call="CA1",
        contact=ZHAO,
        outgoing=False,
        state="ringing",
        started_at=NOW,
        heard_at=NOW,
    )
    assert not found.over


async def test_a_call_that_nobody_told_of_is_not_known(store: Store) -> None:
    async with store.unit() as unit:
        await unit.calls.touch("phone", "CA1", NOW)
        assert await unit.calls.get("phone", "CA1") is None
        await note(unit)
        assert await unit.calls.get("other", "CA1") is None


@pytest.mark.parametrize("order", list(itertools.permutations([RINGS, TALKS, ENDS])))
async def test_reports_in_any_order_and_twice_tell_the_same_story(
    store: Store, order: tuple[dict[str, Any], ...]
) -> None:
    found = await told(store, *order, *order)
    assert (found.state, found.seconds, found.over) == ("completed", 120, True)
    assert (found.started_at, found.heard_at, found.ended_at) == (NOW, NOW + 3 * SOON, NOW + 3 * SOON)


@pytest.mark.parametrize("state", ["completed", "busy", "failed", "no-answer", "canceled"])
async def test_a_call_that_is_over_stays_as_it_ended(store: Store, state: str) -> None:
    found = await told(store, {"state": state}, {"state": "in-progress"}, ENDS)
    assert (found.state, found.ended_at) == (state, NOW)


async def test_how_long_it_was_may_be_told_after_its_end_but_only_once(store: Store) -> None:
    silent = {"state": "completed", "at": NOW + SOON}
    assert (await told(store, silent)).seconds is None
    assert (await told(store, ENDS)).seconds == 120
    assert (await told(store, ENDS | {"seconds": 7})).seconds == 120


async def test_one_report_ends_a_call_and_only_that_one_says_so(store: Store) -> None:
    async with store.unit() as unit:
        assert [await note(unit, **report) for report in (RINGS, TALKS, ENDS, ENDS)] == [False, False, True, False]
        assert await note(unit, "CA2", **ENDS)
        assert not await note(unit, "CA2", **TALKS)


async def test_of_reports_that_come_at_once_one_ends_the_call(store: Store) -> None:
    async def report(facts: dict[str, Any]) -> bool:
        async with store.unit() as unit:
            ended = await note(unit, **facts)
            await asyncio.sleep(0.005)  # time for another to come in between, if it could
            await unit.commit()
        return ended

    ends = await asyncio.gather(*[report(facts) for facts in [ENDS, TALKS, RINGS] * 3])
    assert sum(ends) == 1
    assert (await known(store)).state == "completed"


async def test_who_is_at_the_other_end_is_what_the_first_report_says_that_knows(store: Store) -> None:
    other = Contact(kind=ZHAO.kind, value="+8613900000000")
    assert (await told(store, {"contact": NOBODY})).contact == NOBODY
    assert (await told(store, {"contact": ZHAO})).contact == ZHAO
    assert (await told(store, {"contact": other}, {"contact": NOBODY})).contact == ZHAO


async def test_a_call_of_ours_is_known_as_such_whichever_report_says_so(store: Store) -> None:
    assert not (await told(store, RINGS)).outgoing
    assert (await told(store, TALKS | {"outgoing": True}, ENDS)).outgoing


async def test_a_report_that_tells_nothing_new_writes_nothing(store: Store) -> None:
    await told(store, RINGS)
    before = store.statements
    await told(store, RINGS)
    assert store.statements - before == 2  # looked up to note it, and to show it


async def test_what_is_heard_moves_the_call_forward_in_time_and_never_back(store: Store) -> None:
    await told(store, RINGS)
    async with store.unit() as unit:
        for moment in (NOW + 2 * SOON, NOW + SOON):
            await unit.calls.touch("phone", "CA1", moment)
        await unit.commit()
    assert (await known(store)).heard_at == NOW + 2 * SOON


async def test_calls_that_went_quiet_are_found_the_quietest_first(store: Store) -> None:
    async with store.unit() as unit:
        for place, call in enumerate(["CA3", "CA1", "CA2"]):
            await note(unit, call, at=NOW + place * SOON, state="in-progress")
        await note(unit, "over", state="busy")
        quiet = await unit.calls.open_since(NOW + 2 * SOON, 10)
        assert [one.call for one in quiet] == ["CA3", "CA1"]
        assert [one.call for one in await unit.calls.open_since(NOW + 2 * SOON, 1)] == ["CA3"]


async def test_calls_are_listed_newest_first_page_by_page(store: Store) -> None:
    async with store.unit() as unit:
        for place in range(5):
            await note(unit, f"CA{place}", state="completed" if place % 2 else "ringing")
        first = await unit.calls.list(limit=3)
        rest = await unit.calls.list(after=first[-1].id)
        assert [one.call for one in (*first, *rest)] == ["CA4", "CA3", "CA2", "CA1", "CA0"]
        assert [one.call for one in await unit.calls.list(state="completed")] == ["CA3", "CA1"]


async def test_a_persons_calls_are_found_by_their_number_however_it_is_written(store: Store) -> None:
    local = Contact(kind=ZHAO.kind, value="138 1234 5678")
    async with store.unit() as unit:
        await note(unit, "CA1")
        await note(unit, "CA2", contact=NOBODY)
        await note(unit, "CA3")
        assert [one.call for one in await unit.calls.of_contact("phone", local)] == ["CA3", "CA1"]
        assert [one.call for one in await unit.calls.of_contact("phone", local, limit=1)] == ["CA3"]
        assert [one.call for one in await unit.calls.list(contact=local)] == ["CA3", "CA1"]
        assert await unit.calls.of_contact("phone", NOBODY) == []


@pytest.mark.parametrize("caller", [ZHAO, NOBODY])
async def test_a_call_knows_the_complaint_that_is_being_talked_about(store: Store, caller: Contact) -> None:
    async with store.unit() as unit:
        await note(unit, contact=caller)
        talk = await talk_of(unit, contact=caller)
        earlier = await open_case(unit, "TS1")
        await open_case(unit, "TS2", conversation_id=talk)
        facts: dict[str, Any] = {"state": {}, "remind_at": None, "last_heard_at": NOW}
        await unit.conversations.save(talk, complaint_id=earlier.id, **facts)
        found = await unit.calls.get("phone", "CA1")
        assert found is not None
        assert (found.conversation_id, found.complaint_id, found.number) == (talk, earlier.id, "TS1")


async def test_a_call_knows_the_last_complaint_it_opened_when_the_talk_is_about_none_any_more(store: Store) -> None:
    async with store.unit() as unit:
        await note(unit)
        await note(unit, "CA2")
        talk = await talk_of(unit)
        for number in ("TS1", "TS2"):
            await open_case(unit, number, conversation_id=talk)
        assert [one.number for one in await unit.calls.list()] == ["", "TS2"]
