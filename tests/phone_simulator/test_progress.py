"""What the platform tells of a call that is over."""

from __future__ import annotations

import pytest

from channels.phone.simulator import PhoneSimulator
from tests.clock import SetClock
from tests.phone_simulator.server import Customer

CALLER = "+85251234567"
ASK = '<Gather input="speech dtmf" action="step" partialResultCallback="partial?n=1"/>'


@pytest.fixture(autouse=True)
def documents(simulator: PhoneSimulator, customer: Customer) -> None:
    simulator.status_url = f"{customer.url}/status"
    for path, document in {"/call": ASK, "/step": ASK, "/partial": "", "/status": ""}.items():
        customer.lay(path, document)


async def test_who_hangs_up_at_a_question_leaves_only_the_news_of_the_end(
    simulator: PhoneSimulator, customer: Customer, clock: SetClock
) -> None:
    call = await simulator.call(CALLER)
    clock.advance(seconds=42)
    await call.hang_up()
    await simulator.settle()
    assert customer.paths == ["/call", "/status"]
    told = customer.last("/status")
    assert (told["CallStatus"], told["CallDuration"], told["CallSid"]) == ("completed", "42", call.sid)
    assert told["CallbackSource"] == "call-progress-events"
    assert told["Timestamp"] == "Mon, 23 Nov 2026 01:30:42 +0000"


async def test_hanging_up_twice_is_hanging_up_once(simulator: PhoneSimulator, customer: Customer) -> None:
    call = await simulator.call(CALLER)
    await call.hang_up()
    await call.hang_up()
    await simulator.settle()
    assert len(customer.all("/status")) == 1


async def test_news_may_come_doubled_and_in_the_wrong_order(simulator: PhoneSimulator, customer: Customer) -> None:
    simulator.habits.progress = ["completed", "in-progress", "ringing", "completed"]
    await (await simulator.call(CALLER)).hang_up()
    await simulator.settle()
    told = [(one["CallStatus"], one["SequenceNumber"]) for one in customer.all("/status")]
    assert told == [("completed", "3"), ("in-progress", "2"), ("ringing", "1"), ("completed", "3")]


async def test_news_may_be_lost_for_one_call(simulator: PhoneSimulator, customer: Customer) -> None:
    await (await simulator.call(CALLER, progress=[])).hang_up()
    await (await simulator.call(CALLER)).hang_up()
    await simulator.settle()
    assert len(customer.all("/status")) == 1


async def test_a_rejected_call_is_told_as_what_it_was(simulator: PhoneSimulator, customer: Customer) -> None:
    customer.lay("/call", '<Reject reason="busy"/>')
    await simulator.call(CALLER)
    await simulator.settle()
    assert customer.last("/status")["CallStatus"] == "busy"


async def test_half_words_are_told_while_the_caller_speaks(simulator: PhoneSimulator, customer: Customer) -> None:
    call = await simulator.call(CALLER)
    await call.speak("我要投诉你们")
    partials = customer.all("/partial")
    assert [one["UnstableSpeechResult"] for one in partials] == ["我要", "我要投诉", "我要投诉你们"]
    assert [one["SequenceNumber"] for one in partials] == ["0", "1", "2"]
    assert customer.paths[-1] == "/step"


async def test_half_words_may_come_in_the_wrong_order_late_or_not_at_all(
    simulator: PhoneSimulator, customer: Customer
) -> None:
    call = await simulator.call(CALLER)
    simulator.habits.partials = "lost"
    customer.lay("/step", ASK)
    await call.speak("一二三")
    assert customer.all("/partial") == []
    customer.lay("/call", ASK)
    simulator.habits.partials = "out of order"
    again = await simulator.call(CALLER)
    await again.speak("一二三")
    assert [one["SequenceNumber"] for one in customer.all("/partial")] == ["2", "1", "0"]
    simulator.habits.partials = "late"
    late = await simulator.call(CALLER)
    await late.hang_up("一二三")
    await simulator.settle()
    assert len(customer.all("/partial")) == 6


async def test_what_was_half_said_before_hanging_up_is_told_only_as_partials(
    simulator: PhoneSimulator, customer: Customer
) -> None:
    call = await simulator.call(CALLER)
    await call.hang_up("我要投诉")
    await simulator.settle()
    assert customer.last("/partial")["UnstableSpeechResult"] == "我要投诉"
    assert "/step" not in customer.paths
