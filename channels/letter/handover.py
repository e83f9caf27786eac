"""One letter goes over to the gateway: kept whole, then read, then submitted; what is left to do is to put it away."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Protocol

from channels.base import Inbox, Item, Kept
from channels.errors import Unreadable
from channels.unread import unread
from normalizer.record import Submission

CAME_BEFORE = (
    "以前收到过同样的内容，当时未能处理，已转人工 / the same came before and could not be handled; a person has it"
)


class ItemReader(Protocol):
    """Who turns an item into a submission; raises Unreadable, and NotNow when it must wait."""

    async def read(self, item: Item) -> Submission: ...


class Place(StrEnum):
    """Where a scan belongs once it is safe with us."""

    PROCESSED = "processed"
    QUARANTINE = "quarantine"


class Handover:
    """Hands letters to the gateway, each as often as needed: the same scan is the same item."""

    def __init__(self, inbox: Inbox, reader: ItemReader) -> None:
        self._inbox = inbox
        self._reader = reader

    async def hand(self, item: Item) -> tuple[Place, str]:
        """Where it belongs, and why when that is the quarantine. Raises what the inbox or a broken reader raise."""
        return await self._hand(item, self._read)

    async def hand_unread(self, item: Item, cause: str) -> tuple[Place, str]:
        """The same for a letter that cannot be read in any way: a person gets it as it is."""

        async def as_it_is(item: Item) -> Submission:
            return unread(item, cause)

        return await self._hand(item, as_it_is)

    async def _hand(self, item: Item, read: Callable[[Item], Awaitable[Submission]]) -> tuple[Place, str]:
        kept = await self._inbox.keep(item)
        if kept.finished:
            return _as_before(kept, item)
        submission = await read(item)
        await self._inbox.submit(submission)
        place = Place.QUARANTINE if submission.unreadable else Place.PROCESSED
        return place, submission.unreadable

    async def _read(self, item: Item) -> Submission:
        try:
            return await self._reader.read(item)
        except Unreadable as error:
            return unread(item, str(error) or "unreadable")


def _as_before(kept: Kept, item: Item) -> tuple[Place, str]:
    """Where it lies already, or should: handed over once more, or put away by nobody since then."""
    if kept is Kept.SET_ASIDE:
        return Place.QUARANTINE, item.envelope.get("unread") or CAME_BEFORE
    return Place.PROCESSED, ""
