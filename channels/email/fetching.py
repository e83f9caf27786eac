"""Mails out of a mailbox, in ranges that are fast and bounded, the next one under way while one is handled."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from channels.email.imap_words import Record
from channels.email.limits import Limits
from channels.email.mailbox import Mailbox, Refused


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """A mail as the server gave it. ``raw`` is None when the server will not give it at all."""

    uid: int
    raw: bytes | None
    size: int  # as the server counts, which may differ a little
    internaldate: datetime | None = None
    cut: bool = False  # over the cap: ``raw`` is its first part


async def fetched(mailbox: Mailbox, uids: Sequence[int], limits: Limits) -> AsyncGenerator[list[Mail], None]:
    """The mails in ranges, oldest first; ``raw`` is None for those that the server does not give, or no longer has.

    One range is fetched ahead, so that the network works while the gateway does.
    """
    coming: deque[asyncio.Task[list[Mail]]] = deque()
    try:
        async for wanted in _ranges(mailbox, uids, limits):
            coming.append(asyncio.create_task(_fetch(mailbox, wanted, limits), name="email-fetch"))
            if len(coming) > 1:
                yield await coming.popleft()
        while coming:
            yield await coming.popleft()
    finally:
        for task in coming:
            task.cancel()
        await asyncio.gather(*coming, return_exceptions=True)


async def _ranges(mailbox: Mailbox, uids: Sequence[int], limits: Limits) -> AsyncIterator[list[Record]]:
    for start in range(0, len(uids), limits.listing):
        listed = uids[start : start + limits.listing]
        for wanted in planned(await _described(mailbox, listed), limits):
            yield wanted


async def _described(mailbox: Mailbox, uids: Sequence[int]) -> list[Record]:
    """All of them, in order; of a mail that the server will not describe only the UID is known."""
    try:
        known = {record.uid: record for record in await mailbox.describe(uids)}
    except Refused:
        if len(uids) == 1:
            return [Record(uid=uids[0])]
        return [record for uid in uids for record in await _described(mailbox, [uid])]
    return [known.get(uid) or Record(uid=uid) for uid in uids]


def planned(known: Sequence[Record], limits: Limits) -> list[list[Record]]:
    """Ranges of at most ``range_mails`` mails and ``range_bytes`` bytes; a larger mail is a range by itself."""
    ranges: list[list[Record]] = []
    filled = 0
    for record in known:
        size = record.size or 0
        if not ranges or len(ranges[-1]) >= limits.range_mails or filled + size > limits.range_bytes:
            ranges.append([])
            filled = 0
        ranges[-1].append(record)
        filled += size
    return ranges


async def _fetch(mailbox: Mailbox, wanted: Sequence[Record], limits: Limits) -> list[Mail]:
    if len(wanted) == 1 and (wanted[0].size or 0) > limits.range_bytes:
        return await _in_chunks(mailbox, wanted[0], limits)
    try:
        found = await mailbox.bodies([record.uid for record in wanted], sum(record.size or 0 for record in wanted))
    except Refused:
        return await _one_by_one(mailbox, wanted)
    return [_mail(record, found.get(record.uid)) for record in wanted]


async def _one_by_one(mailbox: Mailbox, wanted: Sequence[Record]) -> list[Mail]:
    """Some servers refuse a whole range for one damaged mail; that one must not hold up the others."""
    mails: list[Mail] = []
    for record in wanted:
        try:
            found = await mailbox.bodies([record.uid], record.size or 0)
        except Refused:
            found = {}
        mails.append(_mail(record, found.get(record.uid)))
    return mails


async def _in_chunks(mailbox: Mailbox, record: Record, limits: Limits) -> list[Mail]:
    """A mail piece by piece until the server has no more: its RFC822.SIZE may be an estimate (Exchange)."""
    end = limits.first_part if (record.size or 0) > limits.largest else limits.largest + limits.chunk
    gathered = bytearray()
    try:
        while len(gathered) < end:
            piece = await mailbox.part(record.uid, len(gathered), min(limits.chunk, end - len(gathered)))
            if piece is None and len(gathered) < (record.size or 0):
                return [_mail(record, None)]
            if not piece:
                return [_mail(record, bytes(gathered))]
            gathered += piece
    except Refused:
        return [_mail(record, None)]
    return [_mail(record, bytes(gathered), cut=True)]


def _mail(record: Record, raw: bytes | None, *, cut: bool = False) -> Mail:
    return Mail(uid=record.uid, raw=raw, size=record.size or 0, internaldate=record.internaldate, cut=cut)
