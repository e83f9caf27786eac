"""Waking those who wait for work, without a wake-up being lost between their looking and their waiting."""

from __future__ import annotations

import asyncio


class Wake:
    """A bell: each ring wakes everyone who waits, and everyone who had looked before it rang."""

    def __init__(self) -> None:
        self.rings = 0
        self._next = asyncio.Event()

    def ring(self) -> None:
        self.rings += 1
        rung, self._next = self._next, asyncio.Event()
        rung.set()

    async def wait(self, timeout: float, *, since: int | None = None) -> bool:  # noqa: ASYNC109 - the answer is a bool
        """Wait up to ``timeout`` seconds for a ring; was there one?

        ``since`` is ``rings`` as it was before the caller looked for work: a ring after that counts too.
        """
        if since is not None and since != self.rings:
            return True
        try:
            async with asyncio.timeout(timeout):
                await self._next.wait()
        except TimeoutError:
            return False
        return True
