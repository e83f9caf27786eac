"""The counter: what a clerk wrote down for a visitor, who is gone when there is news."""

from __future__ import annotations

from collections.abc import Iterable

from channels.base import Inbox, Item, Outbound, Receipt, Route
from channels.errors import Unreachable
from channels.forms.reading import read_item
from normalizer.record import Submission

CHANNEL = "counter"


class CounterChannel:
    """Implements Channel. Its page is the console's: forms come to ``submit`` without a webhook."""

    @property
    def name(self) -> str:
        return CHANNEL

    def routes(self, inbox: Inbox) -> Iterable[Route]:
        return ()

    async def listen(self, inbox: Inbox) -> None:
        """Nothing to fetch."""

    async def read(self, item: Item) -> Submission:
        """What a kept form says. Raises Unreadable."""
        return read_item(item)

    async def send(self, outbound: Outbound) -> Receipt:
        """Nobody waits at the counter: the telephone, mail or post they left is next. Raises Unreachable."""
        raise Unreachable("the visitor has left")

    async def aclose(self) -> None:
        """Nothing is open."""
