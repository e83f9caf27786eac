"""How a message or a call of ours ended: the first final word stands, whatever comes later or again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from channels.base import Memory
from channels.phone.keeping import OF_A_MESSAGE

TOLD = " told"  # behind an end that the gateway has heard of


class Ends:
    """Kept in memory, so that doubles and words out of order change nothing, also after a restart."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    async def close(self, key: str, end: str, report: Callable[[str], Awaitable[None]]) -> str:
        """The end that stands; reported now unless it was, so that a crash in between loses no report."""
        await self.memory.swap(key, None, end, keep=OF_A_MESSAGE)
        standing = await self.memory.get(key) or end
        first = standing.removesuffix(TOLD)
        if first == standing:
            await report(first)
            await self.memory.swap(key, first, first + TOLD, keep=OF_A_MESSAGE)
        return first

    async def of(self, key: str) -> str:
        """How it ended; empty: not yet."""
        return (await self.memory.get(key) or "").removesuffix(TOLD)
