"""The channels' memory: small values in the store, a drawer for each channel. And what is not remembered for ever."""

from __future__ import annotations

from datetime import timedelta

from gateway.house import House
from store.unit import Store

KEPT = timedelta(days=2)  # the longest window that anything is counted in is a day


async def forget(house: House) -> None:
    """Drop counts whose window is over, and providers' reports that no message of ours was meant by."""
    before = house.clock.now() - KEPT
    async with house.store.unit() as unit:
        if await unit.counters.forget(before) + await unit.reports.forget(before):
            await unit.commit()


class Drawer:
    """Implements ``channels.base.Memory`` for one channel."""

    def __init__(self, store: Store, channel: str) -> None:
        self._store = store
        self._channel = channel

    async def get(self, key: str) -> str | None:
        async with self._store.reading() as unit:
            return await unit.memory.get(self._name(key))

    async def put(self, key: str, value: str) -> None:
        async with self._store.unit() as unit:
            await unit.memory.put(self._name(key), value)
            await unit.commit()

    async def swap(self, key: str, old: str | None, new: str) -> bool:
        async with self._store.unit() as unit:
            swapped = await unit.memory.swap(self._name(key), old, new)
            await unit.commit()
            return swapped

    def _name(self, key: str) -> str:
        return f"{self._channel}/{key}"
