"""A kept form, read again: after a crash, and when staff replay it."""

from __future__ import annotations

from channels.base import Item
from channels.forms.item import read_form
from channels.forms.submission import submission_of
from normalizer.record import Submission


def read_item(item: Item) -> Submission:
    """What the form says. Raises Unreadable."""
    return submission_of(item.channel, item.key, item.received_at, read_form(item.raw), item.raw)
