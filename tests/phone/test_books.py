"""What no callback told is found in Twilio's books, and counts once all the same."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from channels.base import CallState, Item, Kept
from channels.errors import Misconfigured, Rejected, Retryable
from channels.phone.books import LONGEST_CALL, LONGEST_HOLD, POSITION, Books
from channels.phone.facts import CallFacts, Listed, RecordingFacts
from normalizer.record import NOBODY, Gesture
from tests.clock import MONDAY_MORNING
from tests.phone.line import CALL, CALLER, HOTLINE, QUICK, TAPE, Builder, House
from tests.waiting import until


def call(**changes: Any) -> CallFacts:
    given: dict[str, Any] = {
        "sid": CALL,
        "status": "completed",
        "from_": CALLER,
        "to": HOTLINE,
        "direction": "inbound",
        "duration": 60,
        "started_at": MONDAY_MORNING - timedelta(minutes=10),
    }
    return CallFacts(**(given | changes))


def tape(**changes: Any) -> RecordingFacts:
    given: dict[str, Any] = {
        "sid": TAPE,
        "call_sid": CALL,
        "status": "completed",
        "source": "RecordVerb",
        "duration": 7,
        "created_at": MONDAY_MORNING - timedelta(minutes=9),
    }
    return RecordingFacts(**(given | changes))


def books_of(house: House) -> Books:
    channel = house.channel
    return Books(
        settings=channel.settings,
        api=house.far,
        desk=channel.desks[0],
        memory=house.memory,
        clock=house.clock,
        health=channel.health,
    )


async def test_a_message_that_the_fallback_document_took_is_found(house: House) -> None:
    house.far.calls, house.far.recordings = [call()], [tape()]
    await books_of(house).compare()
    assert list(house.inbox.stored) == [f"recording:{TAPE}", f"{CALL}:end"]
    found = house.inbox.of(f"recording:{TAPE}")
    assert (found.gesture, found.sender.value, found.talk) == (Gesture.MESSAGE, CALLER, CALL)
    assert found.received_at == MONDAY_MORNING - timedelta(minutes=9)
    assert found.attachments[0].ref == TAPE
    (report,) = house.inbox.reports_of_calls
    assert (report.state, report.seconds, report.at) == (CallState.COMPLETED, 60, MONDAY_MORNING - timedelta(minutes=9))


async def test_what_a_callback_told_is_not_found_again(house: House) -> None:
    await house.call()
    await house.recording()
    await house.status()
    before = dict(house.inbox.stored)
    house.far.calls, house.far.recordings = [call()], [tape()]
    books = books_of(house)
    await books.compare()
    submits = house.inbox.submits
    await books.compare()
    assert house.inbox.stored == before
    assert house.inbox.submits == submits
    assert not house.inbox.kept


async def test_an_item_that_was_kept_but_never_handled_is_handled(house: House) -> None:
    async def waiting(item: Item) -> Kept:
        return Kept.WAITING

    house.inbox.keep = waiting  # type: ignore[method-assign]  # a crash between storing and handling
    house.far.calls, house.far.recordings = [call()], [tape()]
    await books_of(house).compare()
    assert f"recording:{TAPE}" in house.inbox.stored


async def test_a_recording_that_was_set_aside_before_is_not_handled_again(house: House) -> None:
    async def set_aside(item: Item) -> Kept:
        return Kept.SET_ASIDE

    house.inbox.keep = set_aside  # type: ignore[method-assign]
    house.far.calls, house.far.recordings = [call()], [tape()]
    await books_of(house).compare()
    assert f"recording:{TAPE}" not in house.inbox.stored


async def test_an_end_that_no_callback_told_is_found_with_the_words_it_cut_off(house: House) -> None:
    await house.call()
    await house.partial(1, 1, "我要投诉")
    house.far.calls = [call()]
    await books_of(house).compare()
    assert list(house.inbox.stored) == [f"{CALL}:0", f"{CALL}:1:partial", f"{CALL}:end"]
    assert house.inbox.of(f"{CALL}:1:partial").text == "我要投诉"


async def test_calls_that_are_none_of_our_business_are_left_alone(house: House) -> None:
    house.far.calls = [
        call(sid="CA01"),  # to us, but we never heard of it: nobody answered, nobody left a word
        call(sid="CA02", to="+85239999999"),  # another number of the account
        call(sid="CA03", direction="outbound-api", from_=HOTLINE, to=CALLER),
        call(sid="CA04", direction="outbound-dial", from_=HOTLINE, to="+85221110001"),
        call(sid="CA06", direction="outbound-dial", from_=CALLER, to=HOTLINE),
        call(sid="CA05", status="in-progress", duration=None),
    ]
    house.far.recordings = [
        tape(sid="RE02", call_sid="CA02"),
        tape(sid="RE03", call_sid="CA03"),
        tape(sid="RE05", call_sid="CA05", status="processing"),
        tape(sid="RE06", call_sid="CA06"),
        tape(sid="RE07", call_sid=""),
    ]
    await books_of(house).compare()
    assert not house.inbox.stored
    assert not house.inbox.reports_of_calls


async def test_a_recording_of_a_call_long_begun_is_asked_about(house: House) -> None:
    house.far.recordings = [tape()]
    house.far.trouble = None
    house.far.calls = [call()]

    async def none_lately(when: datetime) -> Listed[CallFacts]:
        return Listed(facts=[])

    house.far.calls_since = none_lately  # type: ignore[method-assign]  # it began before the page
    await books_of(house).compare()
    assert house.far.times("call") == 1
    assert house.inbox.of(f"recording:{TAPE}").sender.value == CALLER


async def test_a_recording_whose_call_nobody_knows_is_left_alone(house: House) -> None:
    house.far.recordings = [tape()]

    async def unknown(sid: str) -> CallFacts:
        raise Rejected("not known", code="20404")

    house.far.call = unknown  # type: ignore[method-assign]  # somebody deleted the call
    await books_of(house).compare()
    assert not house.inbox.stored


async def test_a_caller_who_withheld_the_number_stays_nobody(house: House) -> None:
    await house.call(From_="anonymous")
    house.far.calls, house.far.recordings = [call(from_="anonymous")], [tape()]
    await books_of(house).compare()
    assert house.inbox.of(f"recording:{TAPE}").sender == NOBODY


async def test_each_round_begins_as_long_before_the_last_as_a_call_can_last(house: House) -> None:
    books = books_of(house)
    await books.compare()
    house.clock.advance(minutes=5)
    await books.compare()
    asked = [told[1] for told in house.far.asked if told[0] == "recordings"]
    now = house.clock.now()
    assert asked == [(now - timedelta(minutes=5) - LONGEST_CALL).isoformat()] * 2
    house.clock.advance(minutes=5)
    await books.compare()
    assert house.far.asked[-2] == ("recordings", (now - LONGEST_CALL).isoformat())


async def test_a_key_of_ours_that_twilio_refuses_is_a_problem(house: House) -> None:
    books = books_of(house)
    house.far.trouble = Misconfigured("Twilio says 20003")
    await books.compare()
    assert house.channel.state()["problem"] == "books: Twilio says 20003"
    house.far.trouble = None
    await books.compare()
    assert "problem" not in house.channel.state()


async def test_trouble_at_twilio_is_shown_but_calls_are_taken_and_the_same_pages_are_read_again(house: House) -> None:
    books = books_of(house)
    house.far.trouble = Retryable("Twilio answers HTTP 503")
    await books.compare()
    assert house.channel.state()["books"] == "Twilio answers HTTP 503"
    assert "problem" not in house.channel.state(), "we are ready, whatever Twilio's API is"
    assert "books" not in house.memory.values
    house.far.trouble = None
    await books.compare()
    assert "books" not in house.channel.state()


async def test_when_nothing_can_be_stored_the_round_is_made_again(build: Builder) -> None:
    house = await build(pace=QUICK)
    house.far.calls, house.far.recordings, house.inbox.failures = [call()], [tape()], 10**6
    books = books_of(house)
    await books.compare()
    assert house.channel.state()["problem"] == "books: nothing could be stored"
    house.inbox.failures = 0
    await books.compare()
    assert f"recording:{TAPE}" in house.inbox.stored


async def test_the_number_of_a_caller_is_dropped_when_nothing_more_can_come(house: House) -> None:
    await house.call()
    house.far.calls = [call()]
    books = books_of(house)
    await books.compare()
    assert CALLER in house.memory.values[f"call:{CALL}"]
    house.clock.advance(hours=2)
    await books.compare()
    await books.compare()
    assert CALLER not in str(house.memory.values)
    assert [*house.inbox.stored] == [f"{CALL}:0", f"{CALL}:end"]


async def test_listening_compares_at_once_and_again_until_it_is_cancelled(build: Builder) -> None:
    house = await build(every=0.01)
    listening = asyncio.create_task(house.channel.listen(house.inbox))
    await until(lambda: house.far.times("recordings") >= 3)
    listening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listening


async def test_how_a_call_stands_can_be_asked(house: House) -> None:
    house.far.calls = [call()]
    report = await house.channel.look_up(CALL)
    assert (report.state, report.other.value, report.outgoing) == (CallState.COMPLETED, CALLER, False)
    assert report.at == MONDAY_MORNING - timedelta(minutes=9)
    house.far.calls = [call(direction="outbound-api", from_=HOTLINE, to=CALLER, status="busy", duration=None)]
    report = await house.channel.look_up(CALL)
    assert (report.state, report.other.value, report.outgoing) == (CallState.BUSY, CALLER, True)
    house.far.calls = [call(status="on-hold")]
    with pytest.raises(Retryable):
        await house.channel.look_up(CALL)


async def test_the_talk_of_a_caller_who_refused_is_deleted_however_often_it_takes(house: House) -> None:
    await house.call()
    await house.memory.put(f"recorded:{CALL}", "off")
    house.far.calls, house.far.recordings = [call()], [tape(source="StartCallRecordingAPI")]
    books, fault = books_of(house), Retryable("busy")

    async def busy(sid: str) -> None:
        raise fault

    begun = house.clock.now()
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(house.far, "delete_recording", busy)
        await books.compare()
        house.clock.advance(minutes=5)
        await books.compare()
    state = house.channel.state()
    assert (state["unwanted_recording_not_deleted"], "unwanted_recording" in state) == ("2", True)
    assert f"{CALL}:end" in house.inbox.stored, "the rest of the round is made"
    assert house.memory.values[POSITION] == begun.isoformat(), "and the round again"
    await books.compare()
    assert house.far.times("delete") == 1
    assert "unwanted_recording" not in house.channel.state()
    assert house.memory.values[POSITION] == house.clock.now().isoformat()
    assert f"recording:{TAPE}" not in house.inbox.stored


async def test_a_round_is_not_made_again_for_ever(house: House) -> None:
    house.far.whole = False
    books = books_of(house)
    await books.compare()
    house.clock.advance(days=30)
    await books.compare()
    assert house.memory.values[POSITION] == (house.clock.now() - LONGEST_HOLD).isoformat()


async def test_more_entries_than_are_read_show_and_the_position_stays(house: House) -> None:
    house.far.calls, house.far.recordings, house.far.whole = [call()], [tape()], False
    books, begun = books_of(house), house.clock.now()
    await books.compare()
    house.clock.advance(minutes=5)
    await books.compare()
    assert f"recording:{TAPE}" in house.inbox.stored
    assert "more pages" in house.channel.state()["pages"]
    assert house.memory.values[POSITION] == begun.isoformat()
    house.far.whole = True
    await books.compare()
    assert "pages" not in house.channel.state()
    assert house.memory.values[POSITION] == house.clock.now().isoformat()


async def test_the_end_of_a_call_that_was_only_asked_about_is_found_too(house: House) -> None:
    trunk = call(to=f"sip:{HOTLINE}@trunk.example")  # which a list by our number does not hold
    house.far.recordings = [tape()]

    async def by_sid(sid: str) -> CallFacts:
        return trunk

    house.far.call = by_sid  # type: ignore[method-assign]
    await books_of(house).compare()
    assert list(house.inbox.stored) == [f"recording:{TAPE}", f"{CALL}:end"]
