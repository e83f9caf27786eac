"""Whether more comes than can be handled, as far as this process sees: many wait, and the first of them too long."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

MANY = 8  # fewer are no crowd: one whose look-up hangs, or whose film is large, keeps nobody else from being answered
LONGEST = 0.75  # seconds that the first may have waited; a provider's patience is counted in seconds


class Crowd:
    """Everybody whose item is under way and who still waits for its answer."""

    def __init__(self) -> None:
        self._since: dict[object, float] = {}  # in the order in which they came
        self._somebody_left = asyncio.Event()

    @property
    def presses(self) -> bool:
        """Whoever comes now would wait too long."""
        if len(self._since) < MANY:
            return False
        return asyncio.get_running_loop().time() - next(iter(self._since.values())) > LONGEST

    @contextmanager
    def with_one_more(self) -> Iterator[None]:
        one = object()
        self._since[one] = asyncio.get_running_loop().time()
        try:
            yield
        finally:
            del self._since[one]
            self._somebody_left.set()

    async def eases(self) -> None:
        """Ends when nobody waits too long any more; everybody's wait is bounded, so this ends as well."""
        while self.presses:
            self._somebody_left.clear()
            await self._somebody_left.wait()
