"""The timeline: what was said, done and changed, in order. Entries are written together, before the unit commits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from store.crypto import Keyring
from store.line import AnyRow, Line
from store.models import timeline as table
from store.prepared import Prepared
from store.repository import Repository
from store.values import ComplaintId, ConversationId, Moment

NO_DATA: Mapping[str, Any] = MappingProxyType({})

_ADD = Prepared(insert(table))
_OF = Prepared(
    select(table)
    .where(table.c.complaint_id == bindparam("which"), table.c.id > bindparam("after"))
    .order_by(table.c.id)
    .limit(bindparam("most"))
)
_OF_CONVERSATION = Prepared(
    select(table)
    .where(table.c.conversation_id == bindparam("which"))
    .order_by(table.c.id.desc())
    .limit(bindparam("most"))
)
_ADOPT = Prepared(update(table).where(table.c.conversation_id == bindparam("talk"), table.c.complaint_id.is_(None)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Noted:
    """A moment of a complaint, in the unit that notes it."""

    complaint_id: ComplaintId
    moment: Moment


class Timeline(Repository):
    """Moments of complaints, and of conversations that are not yet a complaint."""

    __slots__ = ("_pending", "noted")

    def __init__(self, line: Line, keys: Keyring) -> None:
        super().__init__(line, keys)
        self._pending: list[dict[str, Any]] = []
        self.noted: list[Noted] = []  # all that this unit notes of complaints, for whoever tells others of it

    async def add(
        self,
        complaint_id: ComplaintId | None,
        *,
        at: datetime,
        kind: str,
        actor: str,
        text: str = "",
        data: Mapping[str, Any] = NO_DATA,
        conversation_id: ConversationId | None = None,
    ) -> None:
        """Note a moment; without a complaint it waits with its conversation to be adopted."""
        if complaint_id is not None:
            moment = Moment(at=at, kind=kind, actor=actor, text=text, data=data)
            self.noted.append(Noted(complaint_id=complaint_id, moment=moment))
        self._pending.append(
            {
                "complaint_id": complaint_id,
                "conversation_id": conversation_id,
                "at": at,
                "kind": kind,
                "actor": actor,
                "body": self._keys.seal_json({"text": text, "data": dict(data)}, "timeline.body"),
            }
        )

    async def flush(self) -> None:
        """Write what was noted, in one statement: a message makes several entries, and a trip for each would cost."""
        if self._pending:
            pending, self._pending = self._pending, []
            await self._line.run_many(_ADD, pending)

    async def of(self, complaint_id: ComplaintId, *, after: int = 0, limit: int = 200) -> list[Moment]:
        """The moments of a complaint, oldest first; ``after`` is the last id of the page before."""
        await self.flush()
        rows = await self._line.rows(_OF, {"which": complaint_id, "after": after, "most": limit})
        return [self._moment(row) for row in rows]

    async def of_conversation(self, conversation_id: ConversationId, limit: int = 200) -> list[Moment]:
        """The last moments of a conversation, oldest first."""
        await self.flush()
        rows = await self._line.rows(_OF_CONVERSATION, {"which": conversation_id, "most": limit})
        return [self._moment(row) for row in reversed(rows)]

    async def of_kind(self, kind: str, complaint_ids: Iterable[ComplaintId]) -> list[Moment]:
        """Moments of one kind in several complaints, oldest first."""
        wanted = sorted(set(complaint_ids))
        if not wanted:
            return []
        await self.flush()
        query = select(table).where(table.c.complaint_id.in_(wanted), table.c.kind == kind).order_by(table.c.id)
        return [self._moment(row) for row in await self._line.rows(query)]

    async def adopt(self, conversation_id: ConversationId, complaint_id: ComplaintId) -> int:
        """Give a conversation's moments that belong to no complaint to one; how many."""
        await self.flush()
        return await self._line.run(_ADOPT, {"talk": conversation_id, "complaint_id": complaint_id})

    def _moment(self, row: AnyRow) -> Moment:
        body = self._keys.open_json(row.body, "timeline.body")
        return Moment(
            id=row.id,
            at=row.at,
            kind=row.kind,
            actor=row.actor,
            text=body["text"],
            data=MappingProxyType(body["data"]),
        )
