"""One mail goes over to the gateway: kept whole, then read, then submitted; what is left to do is to put it away."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from channels.base import Clock, Inbox, Item
from channels.email.bounces import bounce_report
from channels.email.fetching import Mail
from channels.email.keys import key_of
from channels.errors import Unreadable
from channels.unread import unread
from normalizer.record import Submission

CHANNEL = "email"
LARGE = 256 * 1024  # bytes from which hashing leaves the event loop


class Reader(Protocol):
    """Who turns the bytes of a mail into a submission; raises Unreadable."""

    async def read(self, item: Item) -> Submission: ...

    async def aclose(self) -> None: ...


class Place(StrEnum):
    """Where a mail belongs once it is safe with us."""

    PROCESSED = "processed"
    QUARANTINE = "quarantine"


class Handover:
    """Hands mails of one mailbox to the gateway, each as often as needed: the same mail is the same item."""

    def __init__(self, *, inbox: Inbox, reader: Reader, clock: Clock, mailbox: str, uidvalidity: int) -> None:
        self._inbox = inbox
        self._reader = reader
        self._clock = clock
        self._mailbox = mailbox
        self._uidvalidity = uidvalidity

    async def hand(self, mail: Mail) -> Place:
        """Keep, read, submit. Raises what the inbox or a broken reader raise; then the mail stays where it is."""
        return await self._hand(mail, self._read)

    async def hand_unread(self, mail: Mail, cause: str) -> Place:
        """The same for a mail that cannot be read in any way: a person gets it as it is."""

        async def as_it_is(item: Item) -> Submission:
            return unread(item, cause)

        return await self._hand(mail, as_it_is)

    async def _hand(self, mail: Mail, read: Callable[[Item], Awaitable[Submission]]) -> Place:
        item = await self._item(mail)
        if (await self._inbox.keep(item)).finished:
            return Place.PROCESSED
        submission = await read(item)
        if mail.cut:
            submission = replace(submission, warnings=(*submission.warnings, "mail_cut_at_limit"))
        await self._report(submission)
        await self._inbox.submit(submission)
        return Place.QUARANTINE if submission.unreadable else Place.PROCESSED

    async def _read(self, item: Item) -> Submission:
        try:
            return await self._reader.read(item)
        except Unreadable as error:
            return unread(item, str(error))

    async def _report(self, submission: Submission) -> None:
        # Before the submit: after it the item is done, and a crash in between would lose the report for good.
        if report := bounce_report(submission, self._clock.now()):
            await self._inbox.report(report)

    async def _item(self, mail: Mail) -> Item:
        return Item(
            channel=CHANNEL,
            key=await key_at(mail, self._mailbox, self._uidvalidity),
            received_at=self._received_at(mail.internaldate),
            raw=mail.raw or b"",
            envelope=self._envelope(mail),
        )

    def _received_at(self, internaldate: datetime | None) -> datetime:
        now = self._clock.now()
        return min(internaldate, now) if internaldate else now

    def _envelope(self, mail: Mail) -> dict[str, str]:
        known = {"mailbox": self._mailbox, "uidvalidity": str(self._uidvalidity), "uid": str(mail.uid)}
        if mail.internaldate:
            known["internaldate"] = mail.internaldate.isoformat()
        if mail.cut:
            known |= {"cut": "yes", "size": str(mail.size)}
        return known


async def key_at(mail: Mail, mailbox: str, uidvalidity: int) -> str:
    """The key of a mail; of one that the server does not give, that of the place where it lies."""
    if mail.raw is None:
        return hashlib.sha256(f"{mailbox} {uidvalidity} {mail.uid}".encode()).hexdigest()
    if len(mail.raw) > LARGE:
        return await asyncio.to_thread(key_of, mail.raw)
    return key_of(mail.raw)
