"""What nobody could read is submitted all the same: kept whole, for a person to look at."""

from __future__ import annotations

from channels.base import Item
from normalizer.record import NOBODY, Submission


def unread(item: Item, cause: str) -> Submission:
    """The item as it came, from nobody, answered to nobody."""
    return Submission(
        channel=item.channel,
        key=item.key,
        sender=NOBODY,
        received_at=item.received_at,
        raw=item.raw,
        attested=False,
        may_answer=False,
        unreadable=cause or "unreadable",
    )
