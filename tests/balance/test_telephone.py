"""The ledger against the carrier's lists of calls, recordings and messages, in pages and in trouble."""

from __future__ import annotations

import asyncio
from unittest.mock import patch

import pytest

from channels.phone import client
from channels.phone.simulator import Fault
from gateway.operations.balance.values import Answered, Verdict, Why
from tests.balance.conftest import House, Open, found
from tests.contract.calls import PhoneRig

WORDS = "我叫王小明，理赔拖了两个月，请尽快赔付五千元"


async def house_with_calls(open_house: Open) -> tuple[House, PhoneRig]:
    house = await open_house("phone")
    assert isinstance(house.rig, PhoneRig)
    await house.rig.write("wang", WORDS, key="one")
    await house.rig.write("li", WORDS, key="two")
    await house.rig.read(house.gateway, "wang")
    return house, house.rig


async def test_calls_recordings_and_messages_balance_over_many_pages(open_house: Open) -> None:
    house, rig = await house_with_calls(open_house)
    assert rig.carrier.sms_of(rig.address("wang"))
    with patch.object(client, "PAGE", "1"):
        balance = await house.look()
    assert balance.verdict is Verdict.BALANCED, balance.off
    [line] = [line for line in balance.lines if line.channel == "phone"]
    assert line.received == line.handled == rig.items() + len(rig.carrier.exchange.tapes.kept)
    assert line.at_source == 2 + len(rig.carrier.exchange.tapes.kept)
    lists = [each for each in rig.carrier.lines if each.kind == "rest" and "PageSize=1" in each.url]
    assert any("Page=1" in each.url for each in lists)


async def test_a_call_that_the_gateway_never_heard_of_is_named(open_house: Open) -> None:
    house, rig = await house_with_calls(open_house)
    rig.carrier.voice_url, rig.carrier.status_url = "http://127.0.0.1:9/in/phone/call", ""  # a gateway that is down
    lost = await rig.carrier.call(rig.address("zhao"))
    await rig.carrier.settle()
    balance = await house.look()
    assert [(off.why, off.kind, off.name) for off in balance.off] == [(Why.NOT_IN_LEDGER, "call", lost.sid)]


async def test_a_call_whose_answer_was_lost_on_the_way_is_no_loss(open_house: Open) -> None:
    house, rig = await house_with_calls(open_house)
    rig.carrier.inject(Fault(endpoint="webhook", kind="http_500", times=1))
    await rig.carrier.call(rig.address("zhao"))
    await rig.carrier.settle()
    assert found(await house.look()) == []


async def test_a_call_that_the_carrier_does_not_know_is_doubted(open_house: Open) -> None:
    house, rig = await house_with_calls(open_house)
    call = rig.calls["one"]
    del rig.carrier.exchange.calls[call.sid]
    for sid in [tape.sid for tape in rig.carrier.exchange.tapes.of(call)]:
        del rig.carrier.exchange.tapes.kept[sid]
    assert set(found(await house.look())) == {(Why.NOT_AT_SOURCE, "item")}


async def test_a_message_that_left_twice_is_named(open_house: Open) -> None:
    house, rig = await house_with_calls(open_house)
    carrier = rig.carrier
    again = carrier.rest.messages.send(
        from_=carrier.exchange.number, to=rig.address("wang"), body="您的投诉已受理", callback=""
    )
    await carrier.settle()
    balance = await house.look()
    assert [(off.why, off.name) for off in balance.off] == [(Why.NOT_IN_OUTBOX, again.sid)]


@pytest.mark.parametrize("kind", ["http_500", "garbage_in_200"])
async def test_a_carrier_in_trouble_proves_nothing(open_house: Open, kind: str) -> None:
    house = await open_house("phone")
    assert isinstance(house.rig, PhoneRig)
    house.rig.carrier.inject(Fault(endpoint="GET Recordings", kind=kind, times=9))  # type: ignore[arg-type]
    balance = await asyncio.wait_for(house.look(), 60)
    assert balance.verdict is Verdict.UNKNOWN
    assert [source.channel for source in balance.sources if source.answered is Answered.AWAY] == ["phone"]
