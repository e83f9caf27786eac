"""The whole gateway on a port, and a carrier that brings it calls."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from channels.base import Line
from channels.phone.simulator import Call, PhoneSimulator
from gateway.app import Gateway, open_gateway
from gateway.commands.serve import listen
from gateway.operations.calls import CallsRound
from gateway.settings import Settings
from store.values import CallRecord, Case, File, Moment, Task
from tests.chaos.victim import free_port
from tests.clock import SetClock

CALLER = "+85261234567"
STORY = "车险理赔拖了两个月还没赔，一直说在审核"
ANSWERS = (("怎样解决", "请尽快赔付"), ("姓名", "我叫王小明"), ("保单号", "不知道"))


@dataclass(kw_only=True)
class Exchange:
    """What a test holds in its hands."""

    gateway: Gateway
    carrier: PhoneSimulator
    clock: SetClock

    async def call(self, number: str = CALLER, **habits: Any) -> Call:
        return await self.carrier.call(number, **habits)

    async def work(self) -> None:
        """All news told, all recordings fetched."""
        await self.carrier.settle()
        while await self.gateway.worker.run_once() + await self.gateway.fetching.run_once():
            await self.carrier.settle()

    async def look_after_calls(self, **later: float) -> None:
        """Time passes, and the round over quiet calls is made."""
        self.clock.advance(**later)
        line = self.gateway.channels["phone"]
        assert isinstance(line, Line)
        await CallsRound(self.gateway.house, self.gateway.inbox, {"phone": line}).go()

    @asynccontextmanager
    async def comparing_books(self) -> AsyncIterator[None]:
        """The channel listens meanwhile."""
        listening = asyncio.create_task(self.gateway.channels["phone"].listen(self.gateway.inbox))
        try:
            yield
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    async def cases(self) -> list[Case]:
        async with self.gateway.house.store.reading() as unit:
            return await unit.complaints.search(limit=50)

    async def only_case(self) -> Case:
        [case] = await self.cases()
        return case

    async def tasks(self, kind: str = "") -> list[Task]:
        async with self.gateway.house.store.reading() as unit:
            return [task for task in await unit.tasks.list() if kind in ("", task.kind)]

    async def files(self, case: Case) -> list[File]:
        async with self.gateway.house.store.reading() as unit:
            return await unit.files.of_complaint(case.id)

    async def history(self, case: Case) -> list[Moment]:
        async with self.gateway.house.store.reading() as unit:
            return await unit.timeline.of(case.id)

    async def logged(self, call: Call) -> CallRecord | None:
        async with self.gateway.house.store.reading() as unit:
            return await unit.calls.get("phone", call.sid)

    async def is_over(self, call: Call) -> bool:
        """As staff see it in the list of calls."""
        logged = await self.logged(call)
        return logged is not None and logged.over


def waits_in(call: Call) -> str:
    """The verb that waits for the person: gather, record, dial; empty when the call is over."""
    return call.waits_for.verb if call.waits_for else ""


@asynccontextmanager
async def open_exchange(**given: Any) -> AsyncIterator[Exchange]:
    """``given`` are settings beside the account's."""
    clock, port = SetClock(), free_port()
    async with AsyncExitStack() as stack:
        carrier = PhoneSimulator(clock=clock)
        await carrier.start()
        stack.push_async_callback(carrier.aclose)
        carrier.public_url = f"http://127.0.0.1:{port}"
        carrier.voice_url, carrier.status_url = "/in/phone/call", "/in/phone/status"
        settings = Settings.model_validate(given | carrier.settings() | {"public_url": carrier.public_url})
        gateway = await stack.enter_async_context(open_gateway(settings, clock))
        runner: web.AppRunner = await listen(gateway, "127.0.0.1", port)
        stack.push_async_callback(runner.cleanup)
        yield Exchange(gateway=gateway, carrier=carrier, clock=clock)


async def tell_until(call: Call, question: str) -> None:
    """Tell the story, and answer until this word is in what is asked."""
    await call.speak(STORY)
    while question not in call.last_said:
        await call.speak(next(answer for word, answer in ANSWERS if word in call.last_said))
