"""Links: which complaints have to do with one another, and what staff made of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, insert, or_, select, tuple_, update

from store.desk import Link
from store.line import AnyRow
from store.models import complaints
from store.models import links as table
from store.models.kinds import one_of, still_open
from store.prepared import Prepared
from store.repository import NEWEST, Repository
from store.values import ComplaintId

SUGGESTED = "suggested"
PLACE = "links.body"


class Change(NamedTuple):
    """A complaint, and when it last changed: a place in the order in which duplicates are looked for."""

    at: datetime
    id: int


_ADD = Prepared(insert(table).returning(table.c.id))
_by_id = select(table).where(table.c.id == bindparam("which"))
_GET = Prepared(_by_id)
_LOCK = Prepared(_by_id.with_for_update(key_share=True))
_SET = Prepared(update(table).where(table.c.id == bindparam("which")))
_either = or_(table.c.complaint_id == bindparam("whose"), table.c.other_id == bindparam("whose"))
_OF = Prepared(select(table).where(_either).order_by(table.c.id))
_BETWEEN = Prepared(
    select(table)
    .where(
        or_(
            and_(table.c.complaint_id == bindparam("one"), table.c.other_id == bindparam("two")),
            and_(table.c.complaint_id == bindparam("two"), table.c.other_id == bindparam("one")),
        )
    )
    .order_by(table.c.id)
)
_SUGGESTED = Prepared(
    select(table)
    .where(one_of(table.c.state, SUGGESTED), table.c.id < bindparam("before"))
    .order_by(table.c.id.desc())
    .limit(bindparam("most"))
)
_CHANGED = Prepared(
    select(complaints.c.updated_at, complaints.c.id)
    .where(
        tuple_(complaints.c.updated_at, complaints.c.id) > tuple_(bindparam("at"), bindparam("id")),
        still_open(complaints.c.status),
        complaints.c.merged_into.is_(None),
    )
    .order_by(complaints.c.updated_at, complaints.c.id)
    .limit(bindparam("most"))
)


class Links(Repository):
    """Links, from either side."""

    __slots__ = ()

    async def add(self, link: Link) -> Link:
        """Note one, with the id that it gets."""
        rows = await self._line.rows(_ADD, self._row(link))
        return replace(link, id=int(rows[0].id))

    async def set(self, link: Link) -> None:
        """Write it as it is now."""
        await self._line.run(_SET, {"which": link.id, **self._row(link)})

    async def get(self, id: int, *, lock: bool = False) -> Link | None:
        return next(iter(self._links(await self._line.rows(_LOCK if lock else _GET, {"which": id}))), None)

    async def of(self, complaint_id: ComplaintId) -> Sequence[Link]:
        """All of a complaint, whichever side it is on, oldest first."""
        return self._links(await self._line.rows(_OF, {"whose": complaint_id}))

    async def between(self, one: ComplaintId, two: ComplaintId) -> Sequence[Link]:
        """All between two complaints, whichever stands first, oldest first."""
        return self._links(await self._line.rows(_BETWEEN, {"one": one, "two": two}))

    async def suggested(self, before: int | None = None, limit: int = 50) -> Sequence[Link]:
        """What nobody has decided yet, newest first; ``before`` is the last id of the page before."""
        return self._links(await self._line.rows(_SUGGESTED, {"before": before or NEWEST, "most": limit}))

    async def changed(self, after: Change, limit: int) -> Sequence[Change]:
        """Open complaints that changed after a place, in that order."""
        rows = await self._line.rows(_CHANGED, {"at": after.at, "id": after.id, "most": limit})
        return [Change(at=row.updated_at, id=row.id) for row in rows]

    def _row(self, link: Link) -> dict[str, Any]:
        return {
            "complaint_id": link.complaint_id,
            "other_id": link.other_id,
            "kind": link.kind,
            "state": link.state,
            "at": link.at,
            "by": link.by,
            "body": self._keys.seal_json(dict(link.facts), PLACE),
        }

    def _links(self, rows: Iterable[AnyRow]) -> list[Link]:
        return [self._link(row) for row in rows]

    def _link(self, row: AnyRow) -> Link:
        return Link(
            id=row.id,
            complaint_id=row.complaint_id,
            other_id=row.other_id,
            kind=row.kind,
            state=row.state,
            at=row.at,
            by=row.by,
            facts=MappingProxyType(self._keys.open_json(row.body, PLACE)),
        )
