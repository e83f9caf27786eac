"""Saved views of the queue: one's own, and those that everybody has."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, insert, or_, select

from store.desk import View
from store.line import AnyRow
from store.models import views as table
from store.prepared import Prepared
from store.repository import Repository

MOST = 40  # of one person, with everybody's

_ADD = Prepared(insert(table).returning(table.c.id))
_OF = Prepared(
    select(table)
    .where(or_(table.c.person_id == bindparam("which"), table.c.person_id.is_(None)))
    .order_by(table.c.position, table.c.id)
    .limit(MOST)
)
_REMOVE = Prepared(delete(table).where(table.c.id == bindparam("which")))


class Views(Repository):
    __slots__ = ()

    async def add(self, view: View) -> int:
        """Keep a view; its id."""
        values = {
            "person_id": view.person_id,
            "position": view.position,
            "body": self._keys.seal_json({"name": view.name, "query": view.query}, "views.body"),
        }
        rows = await self._line.rows(_ADD, values)
        return int(rows[0].id)

    async def of(self, person_id: int | None) -> Sequence[View]:
        """What this person sees beside the queue, in order."""
        rows = await self._line.rows(_OF, {"which": person_id})
        return [self._view(row) for row in rows]

    async def remove(self, id: int) -> bool:
        return await self._line.run(_REMOVE, {"which": id}) > 0

    def _view(self, row: AnyRow) -> View:
        body = self._keys.open_json(row.body, "views.body")
        return View(id=row.id, name=body["name"], query=body["query"], person_id=row.person_id, position=row.position)
