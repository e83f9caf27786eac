"""Conversations: where the talk with one person on one channel stands, handled by one unit at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from normalizer.record import Contact
from store.codec import contact_from_json, contact_to_json
from store.line import AnyRow
from store.models import conversations as table
from store.prepared import Prepared, upsert
from store.repository import Repository
from store.values import ComplaintId, Conversation, ConversationId

_FIND = Prepared(
    select(table)
    .where(table.c.channel == bindparam("in_channel"), table.c.who == bindparam("by"))
    .with_for_update(key_share=True)
)
# DO UPDATE rather than DO NOTHING: it locks and returns the row that another unit created since we looked.
_CREATE = upsert(
    table,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["channel", "who"], set_={"channel": insert.excluded.channel}
    ).returning(*table.c),
)
_CREATE_NOBODY = Prepared(insert(table).returning(table.c.id))
_by_id = select(table).where(table.c.id == bindparam("which"))
_GET = Prepared(_by_id)
_LOCK = Prepared(_by_id.with_for_update(key_share=True))
_SAVE = Prepared(update(table).where(table.c.id == bindparam("which")))
_DUE = Prepared(
    select(table)
    .where(table.c.remind_at <= bindparam("now"))
    .order_by(table.c.remind_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, key_share=True)
)
_DUE_IDS = Prepared(
    select(table.c.id).where(table.c.remind_at <= bindparam("now")).order_by(table.c.remind_at).limit(bindparam("most"))
)
_LOCK_DUE = Prepared(
    _by_id.where(table.c.remind_at <= bindparam("now")).with_for_update(skip_locked=True, key_share=True)
)


class Conversations(Repository):
    """Conversations by channel and the person's address there, or by the talk itself (a call's id)."""

    __slots__ = ()

    async def lock(self, channel: str, contact: Contact, now: datetime, talk: str = "") -> Conversation:
        """The person's conversation, created when new; nobody else handles it until the unit ends.

        With ``talk`` it is the conversation of that talk, whoever they are: a call is bound by its id, as two people
        may call from one number, and one from a withheld one. Without, nobody (an item without an address) gets a
        conversation of their own each time.
        """
        who = self._of_talk(talk) if talk else self._who(contact)
        if who is None:
            return await self._create_nobody(channel, contact)
        rows = await self._line.rows(_FIND, {"in_channel": channel, "by": who})
        if not rows:
            row = {**self._new(channel, contact), "who": who}
            rows = await self._line.rows(_CREATE, row)
        return self._conversation(rows[0])

    async def _create_nobody(self, channel: str, contact: Contact) -> Conversation:
        rows = await self._line.rows(_CREATE_NOBODY, self._new(channel, contact))
        return Conversation(
            id=ConversationId(rows[0].id),
            channel=channel,
            contact=contact,
            state=MappingProxyType({}),
        )

    def _new(self, channel: str, contact: Contact) -> dict[str, Any]:
        return {
            "channel": channel,
            "contact": self._keys.seal_json(contact_to_json(contact), "conversations.contact"),
            "state": self._keys.seal_json({}, "conversations.state"),
            "parked": False,
        }

    async def get(self, id: ConversationId, *, lock: bool = False) -> Conversation | None:
        rows = await self._line.rows(_LOCK if lock else _GET, {"which": id})
        return self._conversation(rows[0]) if rows else None

    async def save(
        self,
        id: ConversationId,
        *,
        state: Mapping[str, Any],
        complaint_id: ComplaintId | None,
        remind_at: datetime | None,
        last_heard_at: datetime | None,
    ) -> None:
        """Write down where the talk stands now; ``parked`` is not the dialogue's, and stays as it is."""
        values = {
            "state": self._keys.seal_json(dict(state), "conversations.state"),
            "complaint_id": complaint_id,
            "remind_at": remind_at,
            "last_heard_at": last_heard_at,
        }
        await self._line.run(_SAVE, {"which": id, **values})

    async def due(self, now: datetime, limit: int) -> list[Conversation]:
        """Conversations to be reminded, locked; those that another unit holds are left to it."""
        return [self._conversation(row) for row in await self._line.rows(_DUE, {"now": now, "most": limit})]

    async def due_ids(self, now: datetime, limit: int) -> list[ConversationId]:
        """Whose time has come, not locked: each is then handled in a unit of its own, by ``lock_due``."""
        return [ConversationId(row.id) for row in await self._line.rows(_DUE_IDS, {"now": now, "most": limit})]

    async def lock_due(self, id: ConversationId, now: datetime) -> Conversation | None:
        """The conversation, locked, if it is still due and no other unit holds it. Raises Damaged."""
        rows = await self._line.rows(_LOCK_DUE, {"which": id, "now": now})
        return self._conversation(rows[0]) if rows else None

    async def postpone(self, id: ConversationId, remind_at: datetime | None) -> None:
        """Change the time of the reminder and nothing else; also for a row that cannot be read."""
        await self._line.run(_SAVE, {"which": id, "remind_at": remind_at})

    async def set_parked(self, id: ConversationId, parked: bool) -> None:
        """Note whether messages wait for the person to write; a turn under way at the same time is not undone."""
        await self._line.run(_SAVE, {"which": id, "parked": parked})

    def _conversation(self, row: AnyRow) -> Conversation:
        return Conversation(
            id=ConversationId(row.id),
            channel=row.channel,
            contact=contact_from_json(self._keys.open_json(row.contact, "conversations.contact")),
            state=MappingProxyType(self._keys.open_json(row.state, "conversations.state")),
            complaint_id=row.complaint_id,
            remind_at=row.remind_at,
            last_heard_at=row.last_heard_at,
            parked=row.parked,
        )
