"""What may be due to be erased, found a page at a time; whether it may go is looked at once more when it is locked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from store.models import calls, complaints, conversations, emergencies, files, holds, ledger, outbox, tasks
from store.repository import Repository
from store.values import ComplaintId, ConversationId

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
        query = select(ledger.c.id).where(
            ledger.c.received_at < before,
            ledger.c.state == "handled",
            ledger.c.sha256 != "",
            ledger.c.complaint_id.is_(None),
            ledger.c.conversation_id.is_(None),
        )
        return await self._page(query, ledger.c.id, after)

    async def recordings(self, before: datetime, after: int, closed: Collection[str]) -> Page:
        """Of calls, in complaints that were closed before a moment and are on no hold; by ``files.seq``."""
        held = select(holds.c.complaint_id).where(holds.c.lifted_at.is_(None))
        query = (
            select(files.c.seq)
            .join(complaints, files.c.complaint_id == complaints.c.id)
            .where(
                files.c.call != "",
                files.c.state == "stored",
                complaints.c.closed_at < before,
                complaints.c.status.in_(closed),
                complaints.c.merged_into.is_(None),
                complaints.c.id.not_in(held),
            )
        )
        return await self._page(query, files.c.seq, after)

    async def listened_to(self, seq: int) -> bool:
        """Did a person of ours write down what a recording says?"""
        [row] = await self._line.rows(select(files.c.words).where(files.c.seq == seq))
        return bool(self._keys.open_json(row.words, "files.words").get("method") == LISTENED)

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
