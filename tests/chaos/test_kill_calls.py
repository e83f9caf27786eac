"""The gateway is killed again and again in the middle of calls: who calls again gets through, and nothing is lost."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from channels.base import Line
from channels.phone.simulator import Call, NotListening, PhoneSimulator
from gateway.app import Gateway, open_gateway
from gateway.clock import SystemClock
from gateway.operations.calls import QUIET, CallsRound
from gateway.settings import Settings
from store.values import Case
from tests.chaos.test_kill import KILLS, PATIENCE
from tests.chaos.victim import Victim
from tests.clock import SetClock
from tests.waiting import until

CALLERS_EACH = 3
WHOLE = "我叫赵小明，车险理赔拖了两个月了还没赔，保单号PDAA2026410100009{n:05d}，请尽快赔付"


@dataclass
class World:
    """The callers and their carrier, who outlive the gateway."""

    carrier: PhoneSimulator
    victim: Victim
    dice: random.Random
    waiting: set[asyncio.Task[None]] = field(default_factory=set)

    def people_call(self, first: int) -> None:
        for n in range(first, first + CALLERS_EACH):
            self.waiting.add(asyncio.create_task(self.call_until_accepted(n)))

    async def call_until_accepted(self, n: int) -> None:
        """They call again and again, while nobody of ours is there."""
        while True:
            call = await self.carrier.call(number_of(n))
            if await self.tells_it_all(call, WHOLE.format(n=n)):
                return
            await asyncio.sleep(self.dice.uniform(0.2, 0.8))

    async def tells_it_all(self, call: Call, story: str) -> bool:
        """Did they hear that it is accepted?"""
        try:
            if "上次来电没有说完" in call.last_said:
                await call.press("2")
            await call.speak(story)
            await asyncio.sleep(self.dice.uniform(0, 0.2))
            await call.press("1")
        except NotListening:
            return False
        heard = "您的投诉已受理" in call.last_said
        await call.hang_up()
        return heard


def number_of(n: int) -> str:
    return f"+8526123{4000 + n}"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    carrier = PhoneSimulator(clock=SystemClock())
    await carrier.start()
    account = {f"TOUSU_{name.upper()}": value for name, value in carrier.settings().items()}
    victim = Victim(tmp_path, account)
    victim.add({"TOUSU_PUBLIC_URL": victim.url})
    carrier.public_url = victim.url
    carrier.voice_url, carrier.status_url = "/in/phone/call", "/in/phone/status"
    yield World(carrier, victim, random.Random(20261123))
    await victim.stop()
    await carrier.aclose()


async def test_a_gateway_killed_in_the_middle_of_calls_loses_no_word_and_doubles_nothing(
    world: World, tmp_path: Path
) -> None:
    for kill in range(KILLS):
        await world.victim.start()
        world.people_call(kill * CALLERS_EACH)
        await asyncio.sleep(world.dice.uniform(0.02, 1.2))
        await world.victim.kill()
    await world.victim.start()
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*world.waiting)
    people = KILLS * CALLERS_EACH
    await until(lambda: all(world.carrier.sms_of(number_of(n)) for n in range(people)), PATIENCE)
    assert await world.victim.stop() == 0

    given = world.carrier.settings() | {"data_dir": tmp_path, "public_url": world.victim.url}
    later = SetClock(datetime.now(UTC) + QUIET * 1.1)
    async with open_gateway(Settings.model_validate(given), later) as gateway:
        await look_after_calls(gateway)
        await nothing_is_lost(gateway, people)
    for n in range(people):
        assert len(world.carrier.sms_of(number_of(n))) == 1, "the number is texted once"


async def look_after_calls(gateway: Gateway) -> None:
    """Ends that nobody could be told while the gateway was away are asked for at the carrier."""
    line = gateway.channels["phone"]
    assert isinstance(line, Line)
    await CallsRound(gateway.house, gateway.inbox, {"phone": line}).go()
    async with gateway.house.store.reading() as unit:
        assert all(call.over for call in await unit.calls.list(limit=1000))


async def nothing_is_lost(gateway: Gateway, people: int) -> None:
    """One accepted complaint for each caller; whatever else began is open, and somebody calls back."""
    async with gateway.house.store.reading() as unit:
        states = {state for _, state, _ in await unit.ledger.counts()}
        cases: list[Case] = []
        while page := await unit.complaints.search(before_id=cases[-1].id if cases else None, limit=100):
            cases += page
        tasks = await unit.tasks.list(limit=1000)
    assert states == {"handled"}
    accepted = Counter(case.contact.value for case in cases if case.accepted_at is not None)
    assert set(accepted) == {number_of(n) for n in range(people)}
    callbacks = Counter(task.number for task in tasks if task.kind == "callback")
    left = {case.number for case in cases if case.accepted_at is None}
    assert callbacks == Counter(dict.fromkeys(left, 1))
