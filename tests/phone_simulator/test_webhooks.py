"""The way to the customer's server: slow, broken, repeated."""

from __future__ import annotations

import asyncio

import pytest

from channels.phone.simulator import Fault, PhoneSimulator
from channels.phone.simulator.execution import SORRY
from channels.phone.simulator.webhooks import PATIENCE
from tests.phone_simulator.server import Customer

CALLER = "+85251234567"
ASK = '<Gather input="speech" action="step"/>'


def tokens(customer: Customer, path: str) -> list[str]:
    return [got.headers["I-Twilio-Idempotency-Token"] for got in customer.got if got.path == path]


async def test_a_server_that_does_not_answer_in_time_is_left_for_the_fallback(
    simulator: PhoneSimulator, customer: Customer
) -> None:
    assert simulator.patience == PATIENCE == 15.0
    simulator.patience = 0.1
    simulator.fallback_url = f"{customer.url}/fallback"
    customer.gates["/call"] = asyncio.Event()
    customer.lay("/fallback", "<Say>系统忙。</Say><Gather/>")
    call = await simulator.call(CALLER)
    assert customer.paths == ["/call", "/fallback"]
    assert [error.code for error in call.errors] == [11205]
    assert call.last_said == "系统忙。"


async def test_a_server_that_is_not_there_is_tried_twice(simulator: PhoneSimulator, customer: Customer) -> None:
    simulator.voice_url = "http://127.0.0.1:1/call"
    call = await simulator.call(CALLER)
    assert [asked.status for asked in simulator.lines] == [0, 0]
    assert len({asked.token for asked in simulator.lines}) == 1
    assert (call.state, call.last_said) == ("failed", SORRY)


@pytest.mark.parametrize(
    ("fragment", "attempts"),
    [("", 1), ("#rc=2", 1), ("#rc=2&rp=5xx", 3), ("#rp=all", 2), ("#rc=0&rp=all", 1), ("#rc=2&rp=4xx,rt", 1)],
)
async def test_the_address_says_how_often_a_failed_request_is_made_again(
    simulator: PhoneSimulator, customer: Customer, fragment: str, attempts: int
) -> None:
    simulator.voice_url += fragment
    customer.lay("/call", 503)
    await simulator.call(CALLER)
    assert len(tokens(customer, "/call")) == attempts
    assert len(set(tokens(customer, "/call"))) == 1


async def test_a_second_attempt_may_succeed(simulator: PhoneSimulator, customer: Customer) -> None:
    simulator.voice_url += "#rc=1&rp=5xx"
    customer.lay("/call", 500, ASK)
    call = await simulator.call(CALLER)
    assert call.waits_for is not None
    assert call.errors == []


async def test_a_lost_answer_brings_the_same_request_again(simulator: PhoneSimulator, customer: Customer) -> None:
    simulator.inject(Fault(endpoint="webhook /step", kind="drop_connection"))
    customer.lay("/call", ASK)
    customer.lay("/step", "<Say>第一次</Say>" + ASK, "<Say>第二次</Say>" + ASK)
    call = await simulator.call(CALLER)
    await call.speak("喂")
    assert customer.paths == ["/call", "/step", "/step"]
    assert len(set(tokens(customer, "/step"))) == 1
    assert customer.all("/step")[0] == customer.all("/step")[1]
    assert call.last_said == "第二次"


async def test_two_requests_have_two_tokens(simulator: PhoneSimulator, customer: Customer) -> None:
    customer.lay("/call", ASK)
    customer.lay("/step", ASK)
    call = await simulator.call(CALLER)
    await call.speak("一")
    await call.speak("二")
    assert len(set(tokens(customer, "/step"))) == 2


async def test_an_answer_can_be_turned_into_a_server_error(simulator: PhoneSimulator, customer: Customer) -> None:
    simulator.inject(Fault(endpoint="webhook", kind="http_500"))
    customer.lay("/call", ASK)
    call = await simulator.call(CALLER)
    assert customer.paths == ["/call"]
    assert call.ended


async def test_the_request_is_signed_for_the_public_address_wherever_it_goes(
    simulator: PhoneSimulator, customer: Customer
) -> None:
    simulator.public_url = "http://tousu.example/in/phone/"
    simulator.voice_url = "call?%E4%BD%A0=%2F"
    simulator.map_url = lambda url: url.replace("http://tousu.example", customer.url)
    customer.lay("/in/phone/call", ASK)
    customer.lay("/in/phone/step", "")
    call = await simulator.call(CALLER)
    await call.speak("喂")
    assert customer.paths == ["/in/phone/call", "/in/phone/step"]
    assert simulator.lines[0].url == "http://tousu.example/in/phone/call?%E4%BD%A0=%2F"
    assert customer.got[0].headers["Host"] == "tousu.example"


async def test_a_caller_may_hang_up_while_the_answer_is_still_on_its_way(
    simulator: PhoneSimulator, customer: Customer
) -> None:
    simulator.status_url = f"{customer.url}/status"
    customer.lay("/call", ASK)
    customer.gates["/step"] = asyncio.Event()
    customer.lay("/step", "<Say>too late</Say>")
    customer.lay("/status", "")
    call = await simulator.call(CALLER)
    speaking = asyncio.create_task(call.speak("喂"))
    await customer.waited["/step"].wait()
    await call.hang_up()
    customer.gates["/step"].set()
    await speaking
    await simulator.settle()
    assert call.said == []
    assert call.errors == []
    assert len(customer.all("/status")) == 1
