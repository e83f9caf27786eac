"""The website: what somebody filled in, and the mailbox in which they find our answers."""

from __future__ import annotations

from collections.abc import Iterable

from channels.base import Inbox, Item, Outbound, Receipt, Route
from channels.forms.reading import read_item
from normalizer.record import Submission

CHANNEL = "web"
VIA = "page"


class WebChannel:
    """Implements Channel. Its pages are the gateway's own: forms come to ``submit`` without a webhook."""

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
        """It lies on the page from now on; that it was read is reported when its owner has proven who they are."""
        return Receipt(provider_id=outbound.id, via=VIA)

    async def aclose(self) -> None:
        """Nothing is open."""
