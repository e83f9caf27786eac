"""The channels' memory: small values in the store, a drawer for each channel. And what is not remembered for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

from channels.base import Clock
from gateway.house import House
from store.unit import Store

KEPT = timedelta(days=2)  # the longest window that anything is counted in is a day
BATCH = 500  # values dropped at once: who writes meanwhile need not wait for all of them


async def forget(house: House) -> None:
    """Drop counts whose window is over, providers' reports that no message of ours was meant by, and values expired."""
    now = house.clock.now()
    before = now - KEPT
    async with house.store.unit() as unit:
        if await unit.counters.forget(before) + await unit.reports.forget(before):
            await unit.commit()
    while await _forget_values(house.store, now) == BATCH:
        pass


async def _forget_values(store: Store, now: datetime) -> int:
    async with store.unit() as unit:
        dropped = await unit.memory.forget(now, BATCH)
        if dropped:
            await unit.commit()
    return dropped


class Drawer:
    """Implements ``channels.base.Memory`` for one channel."""

    def __init__(self, store: Store, channel: str, clock: Clock) -> None:
        self._store = store
        self._channel = channel
        self._clock = clock

    async def get(self, key: str) -> str | None:
        async with self._store.reading() as unit:
            return await unit.memory.get(self._name(key), now=self._clock.now())

    async def put(self, key: str, value: str, *, keep: timedelta | None = None) -> None:
        async with self._store.unit() as unit:
            await unit.memory.put(self._name(key), value, until=_until(self._clock.now(), keep))
            await unit.commit()

    async def swap(self, key: str, old: str | None, new: str, *, keep: timedelta | None = None) -> bool:
        now = self._clock.now()
        async with self._store.unit() as unit:
            swapped = await unit.memory.swap(self._name(key), old, new, now=now, until=_until(now, keep))
            await unit.commit()
            return swapped

    def _name(self, key: str) -> str:
        return f"{self._channel}/{key}"


def _until(now: datetime, keep: timedelta | None) -> datetime | None:
    return None if keep is None else now + keep
