"""What may be due to be erased, found a page at a time; whether it may go is looked at once more when it is locked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, FromClause, Select, and_, func, or_, select

from store.models import calls, complaints, conversations, emergencies, files, holds, ledger, outbox, tasks
from store.repository import Repository
from store.values import ComplaintId, ConversationId, LedgerId

SPAN = 1_000  # rows looked at in one statement, however few of them are due
LISTENED = "staff"  # how the words of a recording were found, by a person of ours


class Page(NamedTuple):
    """What may be due among some rows, and the last of these rows; ``last`` is None at the end."""

    ids: Sequence[int]
    last: int | None


class Family(NamedTuple):
    """A complaint, those merged into it, and the talks they came from."""

    ids: tuple[ComplaintId, ...]
    talks: tuple[ConversationId, ...]


class Expired(Repository):
    """Each page is of rows behind ``after``, in their order."""

    __slots__ = ()

    async def complaints(self, now: datetime, after: int, closed: Collection[str]) -> Page:
        """Those that are over, stand by themselves, and need not be kept any longer."""
        query = select(complaints.c.id).where(
            complaints.c.keep_until <= now,
            complaints.c.erased_at.is_(None),
            complaints.c.merged_into.is_(None),
            complaints.c.status.in_(closed),
        )
        return await self._page(query, complaints.c.id, after)

    async def undated(self, after: int, closed: Collection[str]) -> Page:
        """Closed by a version that set no date."""
        query = select(complaints.c.id).where(
            complaints.c.status.in_(closed), complaints.c.keep_until.is_(None), complaints.c.erased_at.is_(None)
        )
        return await self._page(query, complaints.c.id, after)

    async def talks(self, before: datetime, after: int) -> Page:
        """Of people who were last heard of before a moment, and of whom no complaint is kept."""
        query = select(conversations.c.id).where(
            conversations.c.who.is_not(None), *_silent_since(before), ~_has_complaint(), ~_has_work()
        )
        return await self._page(query, conversations.c.id, after)

    async def items(self, before: datetime, after: int) -> Page:
        """Handled items that belong to no complaint and no talk."""
        return await self._page(_items(before), ledger.c.id, after)

    async def lock_item(self, id: LedgerId, before: datetime) -> bool:
        """Is it still one of these? Nobody changes it then."""
        return bool(await self._line.rows(_items(before).where(ledger.c.id == id).with_for_update()))

    async def recordings(self, before: datetime, after: int, closed: Collection[str]) -> Page:
        """Of calls, in complaints that were closed before a moment and are on no hold; by ``files.seq``."""
        return await self._page(_recordings(before, closed), files.c.seq, after)

    async def lock_recording(self, seq: int, family: Family, before: datetime, closed: Collection[str]) -> bool:
        """Is it still one of these, in this family, which is locked, and did nobody listen to it? Nobody does then."""
        query = _recordings(before, closed).add_columns(files.c.words)
        mine = query.where(files.c.seq == seq, files.c.complaint_id.in_(family.ids))
        rows = await self._line.rows(mine.with_for_update(of=files))
        return bool(rows) and not self._is_listened(rows[0].words)

    async def matter_of(self, seq: int) -> ComplaintId | None:
        """The complaint that decides how long a file is kept: its own, or the one that this was merged into."""
        query = select(_root(complaints)).join(files, files.c.complaint_id == complaints.c.id)
        rows = await self._line.rows(query.where(files.c.seq == seq))
        return ComplaintId(rows[0][0]) if rows else None

    async def listened_to(self, seq: int) -> bool:
        """Did a person of ours write down what a recording says?"""
        rows = await self._line.rows(select(files.c.words).where(files.c.seq == seq))
        return bool(rows) and self._is_listened(rows[0].words)

    def _is_listened(self, words: bytes | None) -> bool:
        return bool(self._keys.open_json(words, "files.words").get("method") == LISTENED)

    async def _page(self, query: Select[tuple[int]], key: ColumnElement[int], after: int) -> Page:
        span = select(key.label("id")).where(key > after).order_by(key).limit(SPAN).subquery()
        [end] = await self._line.rows(select(func.max(span.c.id)))
        if end[0] is None:
            return Page(ids=(), last=None)
        rows = await self._line.rows(query.where(key > after, key <= end[0]).order_by(key))
        return Page(ids=[int(row[0]) for row in rows], last=int(end[0]))

    async def family(self, id: ComplaintId) -> Family:
        """The complaint with those merged into it, whatever their state."""
        query = select(complaints.c.id, complaints.c.conversation_id).where(
            or_(complaints.c.id == id, complaints.c.merged_into == id)
        )
        rows = await self._line.rows(query.order_by(complaints.c.id))
        talks = sorted({row[1] for row in rows if row[1] is not None})
        return Family(ids=tuple(ComplaintId(row[0]) for row in rows), talks=tuple(talks))

    async def alone(self, family: Family, before: datetime) -> Sequence[ConversationId]:
        """Those of its talks that are about nothing else that is kept, and were not gone on with since a moment."""
        query = select(conversations.c.id).where(
            conversations.c.id.in_(family.talks), *_silent_since(before), ~_has_complaint(family.ids), ~_has_work()
        )
        return [ConversationId(row[0]) for row in await self._line.rows(query.order_by(conversations.c.id))]

    async def busy(self, ids: Collection[ComplaintId]) -> bool:
        """Is something of them still at work: an item, a message under way, a task, an emergency?"""
        for query in (
            select(ledger.c.id).where(ledger.c.complaint_id.in_(ids), ledger.c.state != "handled"),
            select(outbox.c.seq).where(outbox.c.complaint_id.in_(ids), outbox.c.state == "claimed"),
            select(files.c.seq).where(files.c.complaint_id.in_(ids), files.c.state == "waiting"),
            select(tasks.c.seq).where(tasks.c.complaint_id.in_(ids), tasks.c.state == "open"),
            select(emergencies.c.id).where(emergencies.c.complaint_id.in_(ids), emergencies.c.state != "closed"),
        ):
            if await self._line.rows(query.limit(1)):
                return True
        return False


def _items(before: datetime) -> Select[tuple[int]]:
    return select(ledger.c.id).where(
        ledger.c.received_at < before,
        ledger.c.state == "handled",
        ledger.c.sha256 != "",
        ledger.c.complaint_id.is_(None),
        ledger.c.conversation_id.is_(None),
    )


def _recordings(before: datetime, closed: Collection[str]) -> Select[tuple[int]]:
    """Files do not move when complaints are merged: the one that work goes on in tells for all of them."""
    root, others = complaints.alias("root"), complaints.alias("others")
    held = select(_root(others)).join(holds, holds.c.complaint_id == others.c.id).where(holds.c.lifted_at.is_(None))
    return (
        select(files.c.seq)
        .join(complaints, files.c.complaint_id == complaints.c.id)
        .join(root, root.c.id == _root(complaints))
        .where(
            files.c.call != "",
            files.c.state == "stored",
            root.c.closed_at < before,
            root.c.status.in_(closed),
            root.c.id.not_in(held),
        )
    )


def _root(table: FromClause) -> ColumnElement[int]:
    return func.coalesce(table.c.merged_into, table.c.id)


def _silent_since(before: datetime) -> Sequence[ColumnElement[bool]]:
    """Whoever never wrote is as old as what reached us from them."""
    items = select(ledger.c.id).where(ledger.c.conversation_id == conversations.c.id, ledger.c.received_at >= before)
    rung = select(calls.c.id).where(
        calls.c.who == conversations.c.who, calls.c.channel == conversations.c.channel, calls.c.heard_at >= before
    )
    return (
        or_(conversations.c.last_heard_at.is_(None), conversations.c.last_heard_at < before),
        conversations.c.remind_at.is_(None),
        *(~query.correlate(conversations).exists() for query in (items, rung)),
    )


def _has_complaint(apart_from: Collection[int] = ()) -> ColumnElement[bool]:
    """Kept ones; one that was taken from the talk, as its present matter, counts too."""
    kept = and_(complaints.c.erased_at.is_(None), complaints.c.id.not_in(apart_from))
    of_talk = or_(complaints.c.conversation_id == conversations.c.id, complaints.c.id == conversations.c.complaint_id)
    return select(complaints.c.id).where(of_talk, kept).correlate(conversations).exists()


def _has_work() -> ColumnElement[bool]:
    open_tasks = select(tasks.c.seq).where(tasks.c.conversation_id == conversations.c.id, tasks.c.state == "open")
    items = select(ledger.c.id).where(ledger.c.conversation_id == conversations.c.id, ledger.c.state != "handled")
    return or_(*(query.correlate(conversations).exists() for query in (open_tasks, items)))
