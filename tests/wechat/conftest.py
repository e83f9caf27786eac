"""A WeChat that can be called and that calls, and the channel between it and a recording inbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientSession, web

from channels.base import Outbound, OutboundKind
from channels.wechat import WeChatChannel
from channels.wechat.simulator import Person, WeChatSimulator
from channels.wechat.webhook import Pace
from normalizer.record import Contact, ContactKind
from tests.clock import SetClock
from tests.wechat.fakes import NUMBER, DictMemory, RecordingInbox


@dataclass
class House:
    """The channel as the gateway mounts it, on a port of its own."""

    simulator: WeChatSimulator
    channel: WeChatChannel
    inbox: RecordingInbox
    memory: DictMemory
    clock: SetClock
    url: str
    web: ClientSession

    def outbound(self, person: Person, **changes: Any) -> Outbound:
        """A message for this person, who wrote just now unless ``context`` says otherwise."""
        given: dict[str, Any] = {
            "id": f"out-{len(self.simulator.platform.calls)}",
            "channel": "wechat",
            "to": Contact(kind=ContactKind.OPENID, value=person.openid),
            "text": f"您的投诉{NUMBER}已办结。",
            "kind": OutboundKind.STATUS,
            "number": NUMBER,
            "status_label": "已办结",
            "link": "https://tousu.example/progress",
            "created_at": self.clock.now(),
            "context": {"last_heard_at": self.clock.now().isoformat()},
        }
        return Outbound(**(given | changes))


@dataclass
class Builder:
    """Builds houses with other settings; all are torn down after the test."""

    clock: SetClock
    built: list[tuple[House, web.AppRunner]]

    async def __call__(
        self, *, mode: str = "safe", cut_off: float = 5.0, pace: Pace | None = None, **settings: Any
    ) -> House:
        simulator = WeChatSimulator(clock=self.clock, mode=mode, cut_off=cut_off)
        await simulator.start()
        memory, inbox = DictMemory(), RecordingInbox()
        channel = WeChatChannel(settings=simulator.settings(**settings), memory=memory, clock=self.clock, pace=pace)
        app = web.Application()
        for route in channel.routes(inbox):
            app.router.add_route(route.method, f"/in/wechat{route.path}", route.handler)
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/in/wechat"
        simulator.webhook_url = url
        house = House(simulator, channel, inbox, memory, self.clock, url, ClientSession())
        self.built.append((house, runner))
        return house

    async def aclose(self) -> None:
        for house, runner in self.built:
            await house.simulator.aclose()
            await house.web.close()
            await runner.cleanup()
            await house.channel.aclose()


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def build(clock: SetClock) -> AsyncIterator[Builder]:
    builder = Builder(clock, [])
    yield builder
    await builder.aclose()


@pytest.fixture
async def house(build: Builder) -> House:
    return await build()
