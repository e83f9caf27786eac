"""Items that are safe in the ledger and wait to be read: what people handed in, and the letters of a batch."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

import structlog

from channels.base import Item
from channels.letter.limits import Limits

log = structlog.get_logger(__name__)


class Backlog:
    """Hands one after the other to ``hand``; one that fails is left to the gateway, which takes up what it kept."""

    def __init__(self, hand: Callable[[Item], Awaitable[object]], limits: Limits) -> None:
        self._hand = hand
        self._limits = limits
        self._bytes = 0
        self._items: deque[Item] = deque()
        self._keys: set[str] = set()
        self._work: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, item: Item) -> None:
        """What is too much at a time is not taken: it lies in the ledger, and its turn comes by itself."""
        if item.key in self._keys or self._bytes + len(item.raw) > self._limits.held_bytes:
            return
        self._keys.add(item.key)
        self._bytes += len(item.raw)
        self._items.append(item)
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._hand_all())

    async def settled(self) -> None:
        """Returns when nothing waits any more."""
        while self._work is not None and not self._work.done():
            await asyncio.shield(self._work)

    async def aclose(self) -> None:
        """Finish the one in hand, within bounds; the others lie in the ledger and are taken up after the next start."""
        self._items.clear()
        if self._work is not None:
            await asyncio.wait([self._work], timeout=self._limits.closing_time)
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)

    async def _hand_all(self) -> None:
        while self._items:
            item = self._items.popleft()
            try:
                await self._hand(item)
            except Exception as error:  # whatever it was, the next letter must not suffer for it
                log.warning("letter_left_to_resume", error=type(error).__name__)
            finally:
                self._keys.discard(item.key)
                self._bytes -= len(item.raw)
