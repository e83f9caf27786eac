"""How long a page waits for the database: a moment; and once in vain, for a while not at all."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from gateway.intake.inbox import is_store_away
from store.errors import Unavailable

T = TypeVar("T")

PATIENCE = 1.5  # seconds for what the page can do without
REST = 5.0
MOST_COUNTED = 50_000  # keys of an hour


class Patience:
    """Shared by all that a page asks of the database beside what it is for."""

    def __init__(self) -> None:
        self._rests_until = float("-inf")

    async def ask(self, work: Callable[[], Awaitable[T]]) -> T:
        """Its result. Raises Unavailable."""
        loop = asyncio.get_running_loop()
        if loop.time() < self._rests_until:
            raise Unavailable
        try:
            async with asyncio.timeout(PATIENCE):
                return await work()
        except Exception as error:
            if not is_store_away(error):
                raise
            self._rests_until = loop.time() + REST
            raise Unavailable from error


class Tally:
    """Counts of this hour in this process, while nobody can count in the database: a flood must not fill the disk."""

    def __init__(self) -> None:
        self._hour: datetime | None = None
        self._counts: Counter[str] = Counter()

    def hit(self, key: str, hour: datetime) -> int:
        """Count one; how many there are."""
        if hour != self._hour or len(self._counts) > MOST_COUNTED:
            self._hour = hour
            self._counts.clear()
        self._counts[key] += 1
        return self._counts[key]
