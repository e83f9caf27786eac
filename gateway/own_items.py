"""Items that we write into the ledger ourselves: the words of a recording, a person's look at what was read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from channels.base import Item
from normalizer.record import Submission


class Reader(Protocol):
    """What reads a kept item again; raises Unreadable."""

    async def read(self, item: Item) -> Submission: ...


class WithOwn:
    """Reads a kept item again: our own by the prefix of its key, all others as the channel does."""

    def __init__(self, channel: Reader, own: Mapping[str, Callable[[Item], Submission]]) -> None:
        self._channel = channel
        self._own = own

    async def read(self, item: Item) -> Submission:
        """What the item says. Raises Unreadable."""
        for prefix, read in self._own.items():
            if item.key.startswith(prefix):
                return read(item)
        return await self._channel.read(item)
