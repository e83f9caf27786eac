"""Steps that need a second person: asked for, and decided."""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType

from sqlalchemy import bindparam, insert, select, update

from store.desk import Approval
from store.line import AnyRow
from store.models import approvals as table
from store.models.kinds import one_of
from store.prepared import Prepared
from store.repository import Repository
from store.values import ComplaintId

_ASK = Prepared(insert(table).returning(table.c.id))
_by_id = select(table).where(table.c.id == bindparam("which"))
_GET = Prepared(_by_id)
_LOCK = Prepared(_by_id.with_for_update(key_share=True))
_OPEN = Prepared(
    select(table)
    .where(one_of(table.c.state, "open"), table.c.id > bindparam("after"))
    .order_by(table.c.id)
    .limit(bindparam("most"))
)
_OF = Prepared(select(table).where(table.c.complaint_id == bindparam("whose")).order_by(table.c.id))
_DECIDE = Prepared(update(table).where(table.c.id == bindparam("which"), table.c.state == "open"))


class Approvals(Repository):
    """What waits for a second person, and what became of it."""

    __slots__ = ()

    async def ask(self, approval: Approval) -> int:
        """Lay a step before a second person; its id."""
        values = {
            "complaint_id": approval.complaint_id,
            "kind": approval.kind,
            "state": approval.state,
            "asked_at": approval.asked_at,
            "asked_by": approval.asked_by,
            "body": self._keys.seal_json(dict(approval.facts), "approvals.body"),
        }
        rows = await self._line.rows(_ASK, values)
        return int(rows[0].id)

    async def get(self, id: int, *, lock: bool = False) -> Approval | None:
        rows = await self._line.rows(_LOCK if lock else _GET, {"which": id})
        return self._approval(rows[0]) if rows else None

    async def open(self, *, after: int = 0, limit: int = 50) -> list[Approval]:
        """What waits, the longest first; ``after`` is the last id of the page before."""
        rows = await self._line.rows(_OPEN, {"after": after, "most": limit})
        return [self._approval(row) for row in rows]

    async def of_complaint(self, complaint_id: ComplaintId) -> list[Approval]:
        rows = await self._line.rows(_OF, {"whose": complaint_id})
        return [self._approval(row) for row in rows]

    async def decide(self, id: int, state: str, *, at: datetime, by: str) -> bool:
        """Approved, refused or taken back; False when it was not open any more."""
        values = {"state": state, "decided_at": at, "decided_by": by}
        return await self._line.run(_DECIDE, {"which": id, **values}) > 0

    def _approval(self, row: AnyRow) -> Approval:
        return Approval(
            id=row.id,
            complaint_id=row.complaint_id,
            kind=row.kind,
            state=row.state,
            asked_at=row.asked_at,
            asked_by=row.asked_by,
            facts=MappingProxyType(self._keys.open_json(row.body, "approvals.body")),
            decided_at=row.decided_at,
            decided_by=row.decided_by,
        )
