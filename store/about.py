"""About: the complaints that name a person of ours or a branch, found without opening all the others."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select, union_all

from normalizer.record import Complaint
from store.codec import complaint_from_json
from store.crypto import HEAD_BYTES
from store.line import AnyRow
from store.models import complaints as table
from store.models.kinds import Sealed, is_set
from store.repository import Repository, sift
from store.terms import rarest_first, terms_of_name, with_all
from store.values import ComplaintId

_SEAL = func.substr(table.c.record, 1, HEAD_BYTES, type_=Sealed).label("seal")


class Maybe(NamedTuple):
    """A complaint that may name somebody, and the seal of its record, which is another one after each change."""

    id: ComplaintId
    seal: bytes


class About(Repository):
    """Pairs of characters narrow, and the record decides, which is for the caller."""

    __slots__ = ()

    async def maybe(self, names: Sequence[str], branches: Collection[str] | None) -> list[Maybe]:
        """Complaints of these branches (None: of all) that may name any of these, in two statements.

        Whichever has no terms yet, or other words since, may name anybody.
        """
        groups = [terms for name in names if (terms := terms_of_name(self._keys, name))]
        ways = [_of(branches).where(is_set(table.c.unfound))]
        if groups:
            found = union_all(*[with_all(group) for group in await rarest_first(self._line, groups)])
            ways.append(_of(branches).where(table.c.id.in_(found)))
        rows = await self._line.rows(union_all(*ways))
        return list(dict.fromkeys(Maybe(id=ComplaintId(row.id), seal=row.seal) for row in rows))

    async def records(self, ids: Collection[int]) -> Mapping[bytes, Complaint | None]:
        """The records of these by their seals, opened beside the loop; None for one that does not open."""
        rows = await self._line.rows(select(table.c.record, _SEAL).where(table.c.id.in_(sorted(ids))))
        good, bad = await asyncio.to_thread(sift, rows, self._open, lambda row: row.seal)
        return {**dict(good), **dict.fromkeys(bad)}

    def _open(self, row: AnyRow) -> tuple[bytes, Complaint]:
        return row.seal, complaint_from_json(self._keys.open_json(row.record, "complaints.record"))


def _of(branches: Collection[str] | None) -> Select[Any]:
    query = select(table.c.id, _SEAL)
    return query if branches is None else query.where(table.c.branch.in_(sorted(branches)))
