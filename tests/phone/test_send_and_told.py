"""From a message of ours to what the person hears, through a simulated Twilio and back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web

from channels.base import DeliveryState, Outbound, OutboundKind
from channels.errors import Retryable
from channels.phone.client import Api
from channels.phone.news import News
from channels.phone.send import Sender
from channels.phone.simulator import Fault, PhoneSimulator
from normalizer.record import Contact, ContactKind
from tests.clock import SetClock
from tests.phone.carrier import CALLER, IMPATIENT, NUMBER, Inbox, gate_for, settings_for
from tests.wechat.fakes import DictMemory

LANDLINE = "+85223456789"


@dataclass
class House:
    simulator: PhoneSimulator
    api: Api
    sender: Sender
    inbox: Inbox
    clock: SetClock

    def outbound(self, to: str = CALLER, attempt: int = 1) -> Outbound:
        return Outbound(
            id="out-1",
            channel="phone",
            to=Contact(kind=ContactKind.PHONE, value=to),
            text=f"您的投诉{NUMBER}已办结。",
            kind=OutboundKind.STATUS,
            number=NUMBER,
            attempt=attempt,
            created_at=self.clock.now(),
        )

    @property
    def ends(self) -> list[tuple[DeliveryState, str]]:
        return [(report.state, report.reason) for report in self.inbox.reports]


@pytest.fixture
async def house(unused_tcp_port: int) -> AsyncIterator[House]:
    clock, memory, inbox = SetClock(), DictMemory(), Inbox()
    simulator = PhoneSimulator(clock=clock)
    told = {"api_url": await simulator.start(), "public_url": f"http://127.0.0.1:{unused_tcp_port}"}
    told |= {name.removeprefix("phone_"): value for name, value in simulator.settings().items()}
    settings = settings_for(told.pop("api_url"), **told)
    app = web.Application()
    news = News(settings=settings, memory=memory, clock=clock, inbox=inbox, gate=gate_for(settings))
    for route in news.routes():
        app.router.add_route(route.method, f"/in/phone{route.path}", route.handler)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", unused_tcp_port).start()
    api = Api(settings)
    api.transport.patience = IMPATIENT
    yield House(simulator, api, Sender(settings=settings, api=api, memory=memory, clock=clock), inbox, clock)
    await simulator.aclose()
    await api.aclose()
    await runner.cleanup()


async def test_a_text_arrives_and_that_is_known(house: House) -> None:
    await house.sender.send(house.outbound())
    await house.simulator.settle()
    (sms,) = house.simulator.sms_of(CALLER)
    assert NUMBER in sms.body
    assert house.ends == [(DeliveryState.DELIVERED, "")]


@pytest.mark.parametrize(
    "kind", ["timeout_after_acceptance", "drop_connection", "garbage_in_200", "slow_drip", "http_500"]
)
async def test_whatever_the_line_does_one_text_arrives(house: House, kind: Any) -> None:
    house.simulator.inject(Fault(endpoint="POST Messages", kind=kind))
    with pytest.raises(Retryable):
        await house.sender.send(house.outbound())
    house.clock.advance(minutes=1)
    await house.sender.send(house.outbound(attempt=2))
    await house.simulator.settle()
    assert len(house.simulator.sms_of(CALLER)) == 1


async def test_a_landline_rings_and_who_knows_the_number_hears_the_news(house: House) -> None:
    receipt = await house.sender.send(house.outbound(LANDLINE))
    (call,) = house.simulator.calls_to(LANDLINE)
    assert (receipt.via, receipt.provider_id) == ("voice", call.sid)
    await call.pick_up()
    assert "投诉" not in "".join(call.said)
    await call.press("0000")
    assert "投诉" not in "".join(call.said)
    await call.press(NUMBER[-4:])
    assert "已办结" in call.last_said
    await call.press("1")
    assert "已办结" in call.last_said
    await call.hang_up()
    await house.simulator.settle()
    assert house.ends == [(DeliveryState.DELIVERED, "")]


async def test_a_machine_at_the_landline_learns_nothing(house: House) -> None:
    await house.sender.send(house.outbound(LANDLINE))
    (call,) = house.simulator.calls_to(LANDLINE)
    await call.pick_up("machine")
    await house.simulator.settle()
    assert call.ended
    assert "投诉" not in "".join(call.said)
    assert house.ends == [(DeliveryState.FAILED, "machine")]


async def test_nobody_at_the_landline_is_known_too(house: House) -> None:
    await house.sender.send(house.outbound(LANDLINE))
    await house.simulator.calls_to(LANDLINE)[0].ring_out("busy")
    await house.simulator.settle()
    assert house.ends == [(DeliveryState.FAILED, "busy")]
