"""What is noted beside the items of a call, also while the gateway's memory is away: then this process remembers it.

It is less than memory: another process does not see it until it is written back, and nobody after a crash. But a call
that is going on goes on, and the words that its end cuts off are not lost.
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import structlog

from channels.base import Memory
from channels.phone.ends import TOLD

log = structlog.get_logger(__name__)
T = TypeVar("T")

PATIENCE = 1.0  # seconds for one look; a caller waits in silence
REST = 5.0  # seconds until the memory is tried again
MOST = 20_000  # values held; the oldest is forgotten first
AT_ONCE = 20  # of them, written back at a time

Held = tuple[str, timedelta | None]


class Beside:
    """Implements Memory over another one."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._rests_until = float("-inf")

    async def get(self, key: str) -> str | None:
        try:
            return await self._ask(lambda: self._read(key))
        except Exception as error:
            self._away(error)
        return self._held[key][0] if key in self._held else None

    async def put(self, key: str, value: str, *, keep: timedelta | None = None) -> None:
        before = self._held.get(key)
        try:
            await self._ask(lambda: self._memory.put(key, value, keep=keep))
            self._release(key, before)
        except Exception as error:
            self._away(error)
            self._hold(key, value, keep)

    async def swap(self, key: str, old: str | None, new: str, *, keep: timedelta | None = None) -> bool:
        """While the memory is away: against what this process holds; what others wrote before is not known."""
        try:
            return await self._ask(lambda: self._swapped(key, old, new, keep))
        except Exception as error:
            self._away(error)
        if key in self._held and self._held[key][0] != old:
            return False
        self._hold(key, new, keep)
        return True

    async def _read(self, key: str) -> str | None:
        await self._write_back(key)
        return await self._memory.get(key)

    async def _swapped(self, key: str, old: str | None, new: str, keep: timedelta | None) -> bool:
        await self._write_back(key)
        return await self._memory.swap(key, old, new, keep=keep)

    async def _write_back(self, key: str) -> None:
        """This key, and some more: other processes may be asked for them."""
        for each in dict.fromkeys([key, *list(self._held)[:AT_ONCE]]):
            held = self._held.get(each)
            if held is not None and await self._is_settled(each, *held):
                self._release(each, held)

    async def _is_settled(self, key: str, value: str, keep: timedelta | None) -> bool:
        """It is in the memory now, or something is that counts for more. False: another was faster, look again."""
        if await self._memory.swap(key, None, value, keep=keep):
            return True
        there = await self._memory.get(key)
        if there is None or not _counts_for_more(key, value, there):
            return there is not None
        return await self._memory.swap(key, there, value, keep=keep)

    def _release(self, key: str, held: Held | None) -> None:
        """Unless another task holds something newer by now."""
        if self._held.get(key) is held:
            self._held.pop(key, None)

    async def _ask(self, work: Callable[[], Awaitable[T]]) -> T:
        if asyncio.get_running_loop().time() < self._rests_until:
            raise TimeoutError
        async with asyncio.timeout(PATIENCE):
            return await work()

    def _away(self, error: Exception) -> None:
        now = asyncio.get_running_loop().time()
        if now >= self._rests_until:
            self._rests_until = now + REST
            log.warning("phone_memory_away", error=type(error).__name__)

    def _hold(self, key: str, value: str, keep: timedelta | None) -> None:
        self._held[key] = (value, keep)
        self._held.move_to_end(key)
        while len(self._held) > MOST:
            self._held.popitem(last=False)


def _counts_for_more(key: str, value: str, there: str) -> bool:
    """Does what this process held replace what the memory has?

    While the memory is away nobody knows what is in it: it may be older than what was held, as the step before, or
    newer, as another process went on with the call. Which, each kind of key tells by itself.
    """
    if key.startswith("partial:"):  # later words, or the end of later ones: Partials never goes back
        return _turn(value) >= _turn(there)
    if key.startswith("call:"):  # who called never changes, and is not known again once it was forgotten
        return not value
    return value == there + TOLD  # an end: the first one stands, and is told once


def _turn(partial: str) -> tuple[int, int]:
    told = json.loads(partial)
    return told["n"], told["seq"]
