"""Our books against those of a channel's far side, both ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from channels.base import Books, Sourced
from gateway.operations.balance import batches
from gateway.operations.balance.values import Off, Why
from normalizer.record import SHANGHAI
from store.balance import Held
from store.unit import Store

ON_ITS_WAY = timedelta(minutes=10)  # younger than that: it may be in somebody's hands just now
FETCHED_AFTER = timedelta(hours=1)  # the longest that a scan waits for the rest of its letter
AROUND = timedelta(days=1)  # of the time looked at: the far side's clock and calendar are not ours
PAGE = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """What the comparison with one source came to; ``counts`` by day are of what came to us."""

    off: Sequence[Off]
    counts: Mapping[date, int]


class Comparison:
    """One channel's books against ours, for one stretch of time."""

    def __init__(self, store: Store, channel: str, books: Books, since: datetime, until: datetime) -> None:
        self._store = store
        self._channel = channel
        self._books = books
        self._since = since
        self._until = until

    async def make(self, now: datetime) -> Compared:
        """Raises ChannelError when the source cannot be asked."""
        self._until = min(self._until, now - ON_ITS_WAY)
        told = await self._books.books(self._since - AROUND, now)
        items, messages = [each for each in told if not each.ours], [each for each in told if each.ours]
        off = [
            *await self._not_here(items),
            *self._left_there(items, now),
            *self._repeated(items),
            *await self._unknown_messages(messages),
            *[each async for each in self._not_there(items)],
            *[each async for each in self._not_sent(messages)],
        ]
        return Compared(off=off, counts=self._counts(items))

    def _counts(self, items: Sequence[Sourced]) -> Mapping[date, int]:
        days = (_day(each) for each in items if each.due and not each.waits and self._is_asked(each))
        return Counter(day for day in days if day is not None)

    async def _not_here(self, items: Sequence[Sourced]) -> list[Off]:
        """What the source holds and the ledger does not; a thing that bears no key is a person's to look at there."""
        keyed = [each for each in items if each.keys and each.due and not each.waits and self._is_asked(each)]
        async with self._store.reading() as unit:
            known = await unit.balance.known(self._channel, [key for each in keyed for key in each.keys])
        lost = [each for each in keyed if not any(key in known for key in each.keys)]
        return [self._off(each, Why.NOT_IN_LEDGER) for each in lost]

    def _left_there(self, items: Sequence[Sourced], now: datetime) -> list[Off]:
        waiting = [each for each in items if each.waits and each.at is not None]
        return [self._off(each, Why.LEFT_AT_SOURCE) for each in waiting if now - _at(each) > FETCHED_AFTER]

    def _repeated(self, items: Sequence[Sourced]) -> list[Off]:
        seen: set[tuple[str, ...]] = set()
        again: list[Off] = []
        for each in items:
            if each.waits or not each.keys or not self._is_asked(each):
                continue
            if each.keys in seen:
                again.append(self._off(each, Why.REPEATED))
            seen.add(each.keys)
        return again

    async def _unknown_messages(self, messages: Sequence[Sourced]) -> list[Off]:
        asked = [each for each in messages if self._is_asked(each)]
        async with self._store.reading() as unit:
            known = await unit.balance.told(self._channel, [key for each in asked for key in each.keys])
        return [self._off(each, Why.NOT_IN_OUTBOX) for each in asked if not known.intersection(each.keys)]

    async def _not_there(self, items: Sequence[Sourced]) -> AsyncIterator[Off]:
        """Items whose source would name them, and does not."""
        there = {key for each in items for key in each.keys}
        letters: list[Held] = []
        async for item in self._items():
            if item.key not in there and self._books.vouches(item.key, item.envelope):
                yield self._off_item(item, Why.NOT_AT_SOURCE)
            if batches.is_letter_of_one(item):
                letters.append(item)
        async with self._store.reading() as unit:
            read = await unit.balance.scanned([letter.id for letter in letters])
        for off in batches.off_in(letters, read):
            yield off

    async def _items(self) -> AsyncIterator[Held]:
        after = 0
        while True:
            async with self._store.reading() as unit:
                page = await unit.balance.page(self._channel, self._since, self._until, after, PAGE)
            for item in page:
                yield item
            if not page:
                return
            after = page[-1].id

    async def _not_sent(self, messages: Sequence[Sourced]) -> AsyncIterator[Off]:
        """Messages that we say were taken, and whose provider says nothing of them."""
        there, after = {key for each in messages for key in each.keys}, 0
        while True:
            async with self._store.reading() as unit:
                page = await unit.balance.sent(self._channel, self._since, self._until, after, PAGE)
            if not page:
                return
            for _, sent in page:
                if sent.provider_id not in there and self._books.vouches(sent.provider_id, {}):
                    day = sent.at.astimezone(SHANGHAI).date()
                    yield Off(channel=self._channel, why=Why.NOT_AT_SOURCE, name=sent.id, kind="message", day=day)
            after = page[-1][0]

    def _is_asked(self, each: Sourced) -> bool:
        return each.at is None or self._since <= each.at < self._until

    def _off(self, each: Sourced, why: Why) -> Off:
        return Off(channel=self._channel, why=why, name=each.name, kind=each.kind, day=_day(each))

    def _off_item(self, item: Held, why: Why) -> Off:
        day = item.received_at.astimezone(SHANGHAI).date()
        return Off(channel=self._channel, why=why, name=str(item.id), day=day)


def _at(each: Sourced) -> datetime:
    assert each.at is not None, "only what bears a time is asked for its age"
    return each.at


def _day(each: Sourced) -> date | None:
    return each.at.astimezone(SHANGHAI).date() if each.at else None
