"""Emergencies: plans at work for a complaint, until somebody closes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, insert, or_, select, update

from store.desk import Emergency
from store.line import AnyRow
from store.models import complaints, still_open
from store.models import emergencies as table
from store.prepared import Prepared
from store.repository import NEWEST, Repository
from store.values import ComplaintId

BODY = "emergencies.body"
STATES = ("open", "taken", "closed")

_by_id = select(table).where(table.c.id == bindparam("which"))
_GET = Prepared(_by_id)
_LOCK = Prepared(_by_id.with_for_update(key_share=True))
_ADD = Prepared(insert(table).returning(table.c.id))
_SAVE = Prepared(update(table).where(table.c.id == bindparam("which")))
_OF = Prepared(select(table).where(table.c.complaint_id == bindparam("which")).order_by(table.c.id))
_DUE = Prepared(
    select(table.c.id)
    .where(table.c.escalate_at <= bindparam("now"))
    .order_by(table.c.escalate_at, table.c.id)
    .limit(bindparam("most"))
)
_LIST = Prepared(
    select(table)
    .where(table.c.state == bindparam("in_state"), table.c.id < bindparam("before"))
    .order_by(table.c.id.desc())
    .limit(bindparam("most"))
)


class Emergencies(Repository):
    """Rows of emergencies. Lock the complaint before its emergency."""

    __slots__ = ()

    async def add(self, emergency: Emergency) -> int:
        """One that begins, whose id this gives."""
        rows = await self._line.rows(_ADD, {"complaint_id": emergency.complaint_id, **self._values(emergency)})
        return int(rows[0].id)

    async def save(self, emergency: Emergency) -> None:
        """As it is now; whoever changes one locks it by ``get`` before."""
        await self._line.run(_SAVE, {"which": emergency.id, **self._values(emergency)})

    async def get(self, id: int, *, lock: bool = False) -> Emergency | None:
        rows = await self._line.rows(_LOCK if lock else _GET, {"which": id})
        return self._emergency(rows[0]) if rows else None

    async def of_complaint(self, complaint_id: ComplaintId) -> Sequence[Emergency]:
        """All of a complaint, oldest first."""
        return self._emergencies(await self._line.rows(_OF, {"which": complaint_id}))

    async def due(self, now: datetime, limit: int = 50) -> list[int]:
        """Ids of those that want attention by now; whoever gives it locks one and looks again."""
        return [row.id for row in await self._line.rows(_DUE, {"now": now, "most": limit})]

    async def lacking(self, level: str, plans: Sequence[str], since: datetime, limit: int) -> Sequence[int]:
        """Open complaints of a priority changed since a moment that had none of these plans; told in full, or P0."""
        has_one = exists().where(table.c.complaint_id == complaints.c.id, table.c.plan.in_(plans))
        query = select(complaints.c.id).where(
            complaints.c.updated_at >= since,
            complaints.c.priority == level,
            or_(complaints.c.accepted_at.is_not(None), complaints.c.priority == "P0"),
            complaints.c.merged_into.is_(None),
            still_open(complaints.c.status),
            ~has_one,
        )
        return [row.id for row in await self._line.rows(query.order_by(complaints.c.id).limit(limit))]

    async def list(self, state: str = "open", *, before: int | None = None, limit: int = 50) -> Sequence[Emergency]:
        """Those in a state, newest first; ``before`` is the last id of the page before."""
        terms = {"in_state": state, "before": NEWEST if before is None else before, "most": limit}
        return self._emergencies(await self._line.rows(_LIST, terms))

    def _values(self, emergency: Emergency) -> dict[str, Any]:
        return {
            "plan": emergency.plan,
            "state": emergency.state,
            "level": emergency.level,
            "opened_at": emergency.opened_at,
            "taken_at": emergency.taken_at,
            "taken_by": emergency.taken_by,
            "escalate_at": emergency.escalate_at,
            "closed_at": emergency.closed_at,
            "body": self._keys.seal_json(dict(emergency.facts), BODY),
        }

    def _emergencies(self, rows: Iterable[AnyRow]) -> Sequence[Emergency]:
        return [self._emergency(row) for row in rows]

    def _emergency(self, row: AnyRow) -> Emergency:
        return Emergency(
            id=row.id,
            complaint_id=ComplaintId(row.complaint_id),
            plan=row.plan,
            state=row.state,
            level=row.level,
            opened_at=row.opened_at,
            taken_at=row.taken_at,
            taken_by=row.taken_by,
            escalate_at=row.escalate_at,
            closed_at=row.closed_at,
            facts=self._keys.open_json(row.body, BODY),
        )
