"""A mail that is fetched once more: whatever became of it before, it is not handled again."""

from __future__ import annotations

import pytest

from channels.base import Item, Kept
from channels.email.fetching import Mail
from channels.email.handover import Handover, Place
from normalizer.record import Submission
from tests.clock import SetClock
from tests.email_transport.mails import mail
from tests.email_transport.recording import RecordingInbox


class Unasked:
    """A reader to whom nothing may come."""

    async def read(self, item: Item) -> Submission:
        raise AssertionError("read again")

    async def aclose(self) -> None:
        raise AssertionError("closed by another")


@pytest.mark.parametrize("before", [Kept.DONE, Kept.SET_ASIDE])
async def test_a_mail_that_was_handled_or_set_aside_before_is_only_put_away(before: Kept) -> None:
    inbox, raw = RecordingInbox(), mail()

    async def keep(item: Item) -> Kept:
        return before

    inbox.keep = keep  # type: ignore[method-assign]
    handover = Handover(inbox=inbox, reader=Unasked(), clock=SetClock(), mailbox="INBOX", uidvalidity=1)
    assert await handover.hand(Mail(uid=1, raw=raw, size=len(raw))) is Place.PROCESSED
    assert inbox.submits == 0
