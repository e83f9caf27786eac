"""Legal holds: what must not be erased, who said so, and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from store.line import AnyRow
from store.models import holds as table
from store.prepared import Prepared
from store.repository import Repository
from store.values import ComplaintId

REASON, LIFTED_REASON = "holds.reason", "holds.lifted_reason"

_ADD = Prepared(insert(table).returning(table.c.id))
_OF = Prepared(select(table).where(table.c.complaint_id == bindparam("whose")).order_by(table.c.id))
_LIFT = Prepared(update(table).where(table.c.id == bindparam("which"), table.c.lifted_at.is_(None)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Hold:
    """One hold of a complaint; in force while nobody has lifted it."""

    complaint_id: ComplaintId
    at: datetime
    by: str
    reason: str
    lifted_at: datetime | None = None
    lifted_by: str = ""
    lifted_reason: str = ""
    id: int = 0

    @property
    def in_force(self) -> bool:
        return self.lifted_at is None


class Holds(Repository):
    """Holds by complaint."""

    __slots__ = ()

    async def add(self, hold: Hold) -> int:
        """Put a complaint on hold; the id."""
        values = {
            "complaint_id": hold.complaint_id,
            "at": hold.at,
            "by": hold.by,
            "reason": self._keys.seal(hold.reason, REASON),
        }
        rows = await self._line.rows(_ADD, values)
        return int(rows[0].id)

    async def lift(self, id: int, *, at: datetime, by: str, reason: str) -> bool:
        """End it; False when it had ended."""
        values = {"lifted_at": at, "lifted_by": by, "lifted_reason": self._keys.seal(reason, LIFTED_REASON)}
        return await self._line.run(_LIFT, {"which": id, **values}) > 0

    async def of(self, complaint_id: ComplaintId) -> Sequence[Hold]:
        """All of a complaint, oldest first."""
        return [self._hold(row) for row in await self._line.rows(_OF, {"whose": complaint_id})]

    async def any_of(self, complaint_ids: Collection[ComplaintId]) -> bool:
        """Is one of these on hold?"""
        query = select(table.c.id).where(table.c.complaint_id.in_(complaint_ids), table.c.lifted_at.is_(None))
        return bool(await self._line.rows(query.limit(1)))

    def _hold(self, row: AnyRow) -> Hold:
        return Hold(
            id=row.id,
            complaint_id=row.complaint_id,
            at=row.at,
            by=row.by,
            reason=self._keys.open_text(row.reason, REASON),
            lifted_at=row.lifted_at,
            lifted_by=row.lifted_by,
            lifted_reason=self._keys.open_text(row.lifted_reason, LIFTED_REASON),
        )
