"""Branches of the insurer, and how they lie under one another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, literal_column, select, union_all

from store.desk import Branch
from store.line import AnyRow
from store.models import branches as table
from store.prepared import Prepared, upsert
from store.repository import Repository


class Place(NamedTuple):
    """Where somebody works: their branch with all below it, and their branch with all above it."""

    below: frozenset[str]  # codes
    above: frozenset[str]  # names


def _lineage() -> Any:
    """Both directions in one statement; UNION, not UNION ALL, ends a circle that somebody might have made."""
    start = select(table.c.code, table.c.name, table.c.parent).where(table.c.code == bindparam("which"))
    below, above = start.cte("below", recursive=True), start.cte("above", recursive=True)
    inner, outer = table.alias("inner_one"), table.alias("outer_one")
    below = below.union(select(inner.c.code, inner.c.name, inner.c.parent).where(inner.c.parent == below.c.code))
    above = above.union(select(outer.c.code, outer.c.name, outer.c.parent).where(outer.c.code == above.c.parent))
    return union_all(
        select(literal_column("0").label("up"), below.c.code, below.c.name),
        select(literal_column("1").label("up"), above.c.code, above.c.name),
    )


_ALL = Prepared(select(table).order_by(table.c.code))
_GET = Prepared(select(table).where(table.c.code == bindparam("which")))
_PUT = upsert(
    table,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["code"], set_={"name": insert.excluded.name, "parent": insert.excluded.parent}
    ),
)
_AROUND = Prepared(_lineage())


class Branches(Repository):
    """The tree of branches; the head office is above all and has no row."""

    __slots__ = ()

    async def all(self) -> Sequence[Branch]:
        """Every branch, by code."""
        return _branches(await self._line.rows(_ALL))

    async def get(self, code: str) -> Branch | None:
        return next(iter(_branches(await self._line.rows(_GET, {"which": code}))), None)

    async def put(self, branch: Branch) -> None:
        """Write a branch down, new or changed."""
        await self._line.run(_PUT, {"code": branch.code, "name": branch.name, "parent": branch.parent})

    async def around(self, code: str) -> Place:
        """The place of whoever works in this branch; one that is not there has itself alone."""
        rows = await self._line.rows(_AROUND, {"which": code})
        below = {row.code for row in rows if not int(row.up)}
        return Place(below=frozenset(below | {code}), above=frozenset(row.name for row in rows if int(row.up)))


def _branches(rows: Iterable[AnyRow]) -> list[Branch]:
    return [Branch(code=row.code, name=row.name, parent=row.parent) for row in rows]
