"""What our own wrong settings hold back: one alarm for each channel, and a way out once they are mended."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from gateway.casework.tasks import new_task
from gateway.house import House
from store.unit import Unit

log = structlog.get_logger(__name__)

REASON = "misconfigured"
RELEASE_PAUSE = timedelta(minutes=5)  # where some messages pass and others do not, the others are not hammered with


async def raise_alarm(house: House, unit: Unit, channel: str, why: str) -> None:
    """One open task for a channel, however many messages or files wait behind it."""
    key = f"alarm/{channel}"
    known = await unit.memory.get(key)
    told = await unit.tasks.get(known) if known else None
    if told is not None and told.state == "open":
        return
    task = new_task("delivery", REASON, house.clock.now(), detail=f"{channel}: {why}")
    if await unit.memory.swap(key, known, task.id):  # of those who notice at the same time, one tells
        await unit.tasks.add(task)


async def try_held(house: House, *, at_once: bool = False) -> int:
    """On each open channel the message held longest tries whether we are mended; how many.

    The regular round leaves a message alone for a quarter of an hour; ``at_once``, after a start, does not.
    """
    now = house.clock.now()
    due = now + timedelta(days=1) if at_once else now
    async with house.store.unit() as unit:
        tried = sum([await unit.outbox.release_one(name, now, due=due) for name in sorted(house.open_channels)])
        if tried:
            unit.wake()
            await unit.commit()
    return tried


class HeldRound:
    """Tries held messages at the start, since a restart is how settings are mended, and then as the rounds come."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._first = True

    async def go(self) -> None:
        await try_held(self._house, at_once=self._first)
        self._first = False


class Mending:
    """Lets all of a channel's held messages go once one of its messages has passed."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._clear: set[str] = set()  # channels that hold nothing, as far as we know: at the start of none
        self._released: dict[str, datetime] = {}

    def stuck(self, channel: str) -> None:
        """A message of this channel was held."""
        self._clear.discard(channel)

    async def passed(self, channel: str) -> None:
        """A message of this channel has passed."""
        now = self._house.clock.now()
        last = self._released.get(channel)
        if self._is_clear(channel) or (last is not None and now - last < RELEASE_PAUSE):
            return
        self._clear.add(channel)
        self._released[channel] = now
        try:
            await self._release(channel, now)
        except BaseException:
            self.stuck(channel)
            raise

    def _is_clear(self, channel: str) -> bool:
        """Of what other gateways hold we know nothing."""
        return channel in self._clear and not self._house.store.shared

    async def _release(self, channel: str, now: datetime) -> None:
        async with self._house.store.unit() as unit:
            released = await unit.outbox.release_held(channel, now)
            if released:
                log.warning("held_released", channel=channel, parcels=released)
                unit.wake()
            await unit.commit()
