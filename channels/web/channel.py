"""The website: what somebody filled in, and the mailbox in which they find our answers."""

from __future__ import annotations

from channels.base import Outbound, Receipt
from channels.forms.verbs import Forms

CHANNEL = "web"
VIA = "page"


class WebChannel(Forms):
    """Implements Channel."""

    @property
    def name(self) -> str:
        return CHANNEL

    async def send(self, outbound: Outbound) -> Receipt:
        """It lies on the page from now on; that it was read is reported when its owner has proven who they are."""
        return Receipt(provider_id=outbound.id, via=VIA)
