"""The counter: what a clerk wrote down for a visitor, who is gone when there is news."""

from __future__ import annotations

from channels.base import Outbound, Receipt
from channels.errors import Unreachable
from channels.forms.verbs import Forms

CHANNEL = "counter"


class CounterChannel(Forms):
    """Implements Channel."""

    @property
    def name(self) -> str:
        return CHANNEL

    async def send(self, outbound: Outbound) -> Receipt:
        """Nobody waits at the counter: the telephone, mail or post they left is next. Raises Unreachable."""
        raise Unreachable("the visitor has left")
