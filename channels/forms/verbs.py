"""What channels of forms have in common: our own pages bring what arrives; nothing calls, nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterable

from channels.base import Inbox, Item, Route
from channels.forms.reading import read_item
from normalizer.record import Submission


class Forms:
    """A channel but for its name and for how its people are told."""

    def routes(self, inbox: Inbox) -> Iterable[Route]:
        return ()

    async def listen(self, inbox: Inbox) -> None:
        """Nothing to fetch."""

    async def read(self, item: Item) -> Submission:
        """What a kept form says. Raises Unreadable."""
        return read_item(item)

    async def aclose(self) -> None:
        """Nothing is open."""
