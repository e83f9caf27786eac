"""Calls: how each one stands by what was heard of it, in whatever order that came."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select, update

from normalizer.record import Contact
from store.codec import contact_from_json, contact_to_json
from store.line import AnyRow
from store.models import calls as table
from store.models import complaints, conversations, in_progress
from store.prepared import Prepared, upsert
from store.repository import Repository, sift
from store.values import CallRecord

RINGING = "ringing"
ORDER = (RINGING, "in-progress")  # whatever else a state is called, the call is over


def _joined() -> Select[Any]:
    """Calls with the conversation that bears their id, and the complaint they were about: now, or at the latest."""
    opened = (
        select(func.max(complaints.c.id))
        .where(complaints.c.conversation_id == conversations.c.id)
        .correlate(conversations)
        .scalar_subquery()
    )
    talk = (conversations.c.channel == table.c.channel) & (conversations.c.who == table.c.who)
    about = complaints.alias("about")
    return (
        select(
            *table.c,
            conversations.c.id.label("conversation_id"),
            about.c.id.label("complaint_id"),
            about.c.number.label("number"),
        )
        .outerjoin(conversations, talk)
        .outerjoin(about, about.c.id == func.coalesce(conversations.c.complaint_id, opened))
    )


_this = (table.c.channel == bindparam("in_channel"), table.c.call == bindparam("which"))
_LOCK = Prepared(select(table).where(*_this).with_for_update(key_share=True))
# DO UPDATE rather than DO NOTHING: it locks and returns the row that another unit created since we looked.
_CREATE = upsert(
    table,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["channel", "call"], set_={"channel": insert.excluded.channel}
    ).returning(*table.c),
)
_SAVE = Prepared(update(table).where(table.c.id == bindparam("row")))
_TOUCH = Prepared(update(table).where(*_this, table.c.heard_at < bindparam("now")).values(heard_at=bindparam("now")))
_GET = Prepared(_joined().where(*_this))
_OPEN_SINCE = Prepared(
    _joined()
    .where(in_progress(table.c.state), table.c.heard_at < bindparam("before"))
    .order_by(table.c.heard_at)
    .limit(bindparam("most"))
)
_newest = _joined().order_by(table.c.id.desc()).limit(bindparam("most"))
_OF_CONTACT = Prepared(_newest.where(table.c.channel == bindparam("in_channel"), table.c.sender == bindparam("by")))


class Calls(Repository):
    """Calls by channel and the carrier's id."""

    __slots__ = ()

    async def note(
        self,
        *,
        channel: str,
        call: str,
        state: str,
        at: datetime,
        contact: Contact,
        outgoing: bool = False,
        seconds: int | None = None,
    ) -> bool:
        """Write down what a report says; True when the call ended by this very one.

        Reports come twice, late and in any order: the state only goes forward, the start is the earliest moment, the
        end the first one told, and who is at the other end what the first report says that knows.
        """
        held = await self._held(_new(channel, call, at, contact, outgoing))
        told = _told(held, state, at, seconds)
        told = replace(told, outgoing=held.outgoing or outgoing, contact=held.contact or contact)
        if told != held:
            await self._line.run(_SAVE, {"row": held.id, **self._changing(told)})
        return told.over and not held.over

    async def _held(self, new: CallRecord) -> CallRecord:
        """What we know of the call, locked; ``new`` when it is nothing."""
        rows = await self._line.rows(_LOCK, {"in_channel": new.channel, "which": new.call})
        return self._record((rows or await self._line.rows(_CREATE, self._row(new)))[0])

    async def touch(self, channel: str, call: str, now: datetime) -> None:
        """Something was heard of it at this moment."""
        await self._line.run(_TOUCH, {"in_channel": channel, "which": call, "now": now})

    async def get(self, channel: str, call: str) -> CallRecord | None:
        rows = await self._line.rows(_GET, {"in_channel": channel, "which": call})
        return self._joined(rows[0]) if rows else None

    async def of_contact(self, channel: str, contact: Contact, limit: int = 20) -> list[CallRecord]:
        """Calls from or to an address, newest first."""
        who = self._who(contact)
        if who is None:
            return []
        rows = await self._line.rows(_OF_CONTACT, {"in_channel": channel, "by": who, "most": limit})
        return [self._joined(row) for row in rows]

    async def open_since(self, before: datetime, limit: int) -> list[CallRecord]:
        """Calls not over of which nothing was heard since then, the quietest first; not locked."""
        rows = await self._line.rows(_OPEN_SINCE, {"before": before, "most": limit})
        return sift(rows, self._joined, lambda row: row.id)[0]

    async def list(
        self, after: int | None = None, limit: int = 50, state: str | None = None, contact: Contact | None = None
    ) -> list[CallRecord]:
        """Calls that match all that is given, newest first; ``after`` is the last id of the page before."""
        query = _newest
        if after is not None:
            query = query.where(table.c.id < after)
        if state is not None:
            query = query.where(table.c.state == state)
        if contact is not None:
            query = query.where(table.c.sender == self._who(contact))
        return [self._joined(row) for row in await self._line.rows(query, {"most": limit})]

    def _row(self, record: CallRecord) -> dict[str, Any]:
        return {
            "channel": record.channel,
            "call": record.call,
            "who": self._of_talk(record.call),
            **self._changing(record),
        }

    def _changing(self, record: CallRecord) -> dict[str, Any]:
        return {
            "sender": self._who(record.contact),
            "contact": self._keys.seal_json(contact_to_json(record.contact), "calls.contact"),
            "outgoing": record.outgoing,
            "state": record.state,
            "started_at": record.started_at,
            "heard_at": record.heard_at,
            "ended_at": record.ended_at,
            "seconds": record.seconds,
        }

    def _joined(self, row: AnyRow) -> CallRecord:
        return replace(
            self._record(row),
            conversation_id=row.conversation_id,
            complaint_id=row.complaint_id,
            number=row.number or "",
        )

    def _record(self, row: AnyRow) -> CallRecord:
        return CallRecord(
            id=row.id,
            channel=row.channel,
            call=row.call,
            contact=contact_from_json(self._keys.open_json(row.contact, "calls.contact")),
            outgoing=row.outgoing,
            state=row.state,
            started_at=row.started_at,
            heard_at=row.heard_at,
            ended_at=row.ended_at,
            seconds=row.seconds,
        )


def _new(channel: str, call: str, at: datetime, contact: Contact, outgoing: bool) -> CallRecord:
    """A call of which nothing is known but that it has begun by now."""
    return CallRecord(
        id=0,
        channel=channel,
        call=call,
        contact=contact,
        outgoing=outgoing,
        state=RINGING,
        started_at=at,
        heard_at=at,
    )


def _told(held: CallRecord, state: str, at: datetime, seconds: int | None) -> CallRecord:
    """The call after a report: never earlier in its life than before."""
    told = replace(held, started_at=min(held.started_at, at), heard_at=max(held.heard_at, at))
    if not held.over and _place(state) > _place(held.state):
        told = replace(told, state=state, ended_at=at if _place(state) == len(ORDER) else None)
    if told.over and held.seconds is None:
        told = replace(told, seconds=seconds)
    return told


def _place(state: str) -> int:
    return ORDER.index(state) if state in ORDER else len(ORDER)
