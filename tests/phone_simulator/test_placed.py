"""Calls that the customer's server places."""

from __future__ import annotations

from typing import Any

import pytest

from channels.phone.simulator import NotListening, PhoneSimulator
from tests.phone_simulator.conftest import Api
from tests.phone_simulator.server import Customer

CALLEE = "+85261234567"
OURS = "+85230001234"


async def place(api: Api, customer: Customer, **changes: object) -> tuple[int, Any]:
    form: dict[str, object] = {"To": CALLEE, "From": OURS, "Url": f"{customer.url}/tell"}
    return await api.post("Calls.json", **(form | {"StatusCallback": f"{customer.url}/told"} | changes))


@pytest.fixture(autouse=True)
def documents(customer: Customer) -> None:
    customer.lay("/tell", '<Say>您的投诉有了结果。</Say><Gather numDigits="1" action="pin"/>')
    customer.lay("/pin", "<Say>再见</Say>")
    customer.lay("/told", "")


async def test_a_person_picks_up_and_hears_the_news(simulator: PhoneSimulator, customer: Customer, api: Api) -> None:
    status, placed = await place(api, customer)
    assert (status, placed["status"], placed["direction"]) == (201, "queued", "outbound-api")
    (call,) = simulator.calls_to(CALLEE)
    assert call.sid == placed["sid"]
    await call.pick_up()
    assert call.last_said == "您的投诉有了结果。"
    asked = customer.last("/tell")
    assert (asked["CallStatus"], asked["Direction"], asked["To"]) == ("in-progress", "outbound-api", CALLEE)
    assert "AnsweredBy" not in asked
    await call.press("7")
    await simulator.settle()
    assert call.ended
    assert [told["CallStatus"] for told in customer.all("/told")] == ["completed"]


@pytest.mark.parametrize(
    ("detect", "who", "answered_by"),
    [
        ("Enable", "human", "human"),
        ("Enable", "machine", "machine_start"),
        ("DetectMessageEnd", "machine", "machine_end_beep"),
    ],
)
async def test_a_machine_is_told_from_a_person_where_that_was_asked_for(
    simulator: PhoneSimulator, customer: Customer, api: Api, detect: str, who: str, answered_by: str
) -> None:
    await place(api, customer, MachineDetection=detect)
    (call,) = simulator.calls_to(CALLEE)
    await call.pick_up(answered_by=who)
    assert customer.last("/tell")["AnsweredBy"] == answered_by
    assert (await api.get(f"Calls/{call.sid}.json"))[1]["answered_by"] == answered_by


async def test_each_step_is_told_where_it_was_asked_for(
    simulator: PhoneSimulator, customer: Customer, api: Api
) -> None:
    await place(api, customer, StatusCallbackEvent=["initiated", "ringing", "answered", "completed"])
    (call,) = simulator.calls_to(CALLEE)
    await call.pick_up()
    await call.hang_up()
    await simulator.settle()
    told = [(one["CallStatus"], one["SequenceNumber"]) for one in customer.all("/told")]
    assert told == [("initiated", "0"), ("ringing", "1"), ("in-progress", "2"), ("completed", "3")]


@pytest.mark.parametrize("state", ["no-answer", "busy", "failed", "canceled"])
async def test_nobody_picks_up(simulator: PhoneSimulator, customer: Customer, api: Api, state: str) -> None:
    await place(api, customer)
    (call,) = simulator.calls_to(CALLEE)
    await call.ring_out(state)
    await simulator.settle()
    assert customer.last("/told")["CallStatus"] == state
    assert customer.last("/told")["CallDuration"] == "0"
    assert "/tell" not in customer.paths
    with pytest.raises(NotListening):
        await call.pick_up()


async def test_a_document_may_come_with_the_order(simulator: PhoneSimulator, customer: Customer, api: Api) -> None:
    twiml = f'<Response><Say>您好</Say><Gather action="{customer.url}/pin"/></Response>'
    await place(api, customer, Url="", Twiml=twiml)
    (call,) = simulator.calls_to(CALLEE)
    await call.pick_up()
    await call.press("1")
    assert call.said == ["您好", "再见"]


async def test_an_address_in_such_a_document_must_be_a_whole_one(
    simulator: PhoneSimulator, customer: Customer, api: Api
) -> None:
    await place(api, customer, Url="", Twiml='<Response><Gather action="pin"/></Response>')
    (call,) = simulator.calls_to(CALLEE)
    await call.pick_up()
    await call.press("1#")
    assert [error.code for error in call.errors] == [11100]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"To": "+8613812345678"}, 21215),
        ({"To": "+85261230001"}, 21211),
        ({"To": "12"}, 21211),
        ({"To": ""}, 21604),
        ({"From": "+85200000000"}, 21210),
        ({"Url": ""}, 21205),
        ({"Url": "/tell"}, 21205),
        ({"StatusCallback": "told"}, 21205),
    ],
)
async def test_an_order_that_cannot_be_carried_out_is_refused(
    customer: Customer, api: Api, changes: dict[str, str], code: int
) -> None:
    status, refused = await place(api, customer, **changes)
    assert (status, refused["code"], refused["status"]) == (400, code, 400)


async def test_countries_can_be_opened(simulator: PhoneSimulator, customer: Customer, api: Api) -> None:
    simulator.habits.no_calls_to = ()
    assert (await place(api, customer, To="+8613812345678"))[0] == 201


async def test_a_call_can_be_ended_from_outside(simulator: PhoneSimulator, customer: Customer, api: Api) -> None:
    await place(api, customer)
    (call,) = simulator.calls_to(CALLEE)
    await call.pick_up()
    assert (await api.post(f"Calls/{call.sid}.json", Status="completed"))[1]["status"] == "completed"
    assert call.ended
    assert (await api.post(f"Calls/{call.sid}.json", Status="completed"))[1]["code"] == 21220
    assert (await api.post("Calls/CAnone.json", Status="completed"))[0] == 404
