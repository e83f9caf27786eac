"""Resealing: values under older keys, window by window, each replaced only while it is still what was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, func, select, update

from store.crypto import HEAD_BYTES, key_id_of
from store.errors import StoreError
from store.line import AnyRow
from store.models import meta
from store.models.kinds import Sealed
from store.prepared import Prepared, upsert
from store.repository import Repository
from store.sealed import SealedTable

RESEALED = "resealed"  # key in meta: of which key it is known that nothing is left under any other
PLACE = "meta.value"

_READ = Prepared(select(meta.c.value).where(meta.c.key == bindparam("which")))
_WRITE = upsert(
    meta, lambda insert: insert.on_conflict_do_update(index_elements=["key"], set_={"value": insert.excluded["value"]})
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """Some rows of a table: which hold a value under an older key, and how many values are under which key."""

    last: Any  # the key of the last row looked at; None: the table is through
    stale: Sequence[Any]  # keys of rows
    counts: Counter[str] = field(default_factory=Counter)  # key id → values


class Resealing(Repository):
    """Bounded reads, short writes, nobody waited for."""

    __slots__ = ()

    async def window(self, of: SealedTable, after: Any, most: int) -> Window:
        """The next rows behind ``after`` (None: from the first)."""
        heads = [func.substr(column, 1, HEAD_BYTES, type_=Sealed).label(column.name) for column in of.columns]
        query = select(of.key, *heads).order_by(of.key).limit(most)
        rows = await self._line.rows(query if after is None else query.where(of.key > after))
        counts = Counter(key_id_of(bytes(head)) for row in rows for head in row[1:] if head)
        stale = [row[0] for row in rows if any(head and not self._keys.is_current(bytes(head)) for head in row[1:])]
        return Window(last=rows[-1][0] if rows else None, stale=stale, counts=counts)

    async def reseal(self, of: SealedTable, rows: Sequence[Any]) -> int:
        """Seal what these rows hold anew; how many rows were. One that somebody else has locked is left as it is."""
        query = select(of.key, *of.columns).where(of.key.in_(rows)).order_by(of.key)
        found = await self._line.rows(query.with_for_update(skip_locked=True, key_share=True))
        return sum([await self._replace(of, row) for row in found])

    async def _replace(self, of: SealedTable, row: AnyRow) -> int:
        old = dict(self._stale(of, row))
        new = {name: sealed for name, value in old.items() if (sealed := self._again(of, name, row[0], value))}
        if not new:
            return 0
        unchanged = [of.table.c[name] == old[name] for name in new]
        return await self._line.run(update(of.table).where(of.key == row[0], *unchanged).values(new))

    def _stale(self, of: SealedTable, row: AnyRow) -> Iterator[tuple[str, bytes]]:
        for column, value in zip(of.columns, row[1:], strict=True):
            if value and not self._keys.is_current(bytes(value)):
                yield column.name, bytes(value)

    def _again(self, of: SealedTable, name: str, key: object, value: bytes) -> bytes | None:
        """None for one that does not open: it stays as it is, and is counted under its old key."""
        place = of.place(name, key)
        try:
            return self._keys.seal(self._keys.open(value, place), place)
        except StoreError:
            return None

    async def resealed(self) -> str:
        """The key that everything was last known to be under, "" for none."""
        rows = await self._line.rows(_READ, {"which": RESEALED})
        return self._keys.open_text(rows[0].value, PLACE) if rows else ""

    async def note(self, key_id: str) -> None:
        """Everything is under this key now; "" when that is not known any more."""
        await self._line.run(_WRITE, {"key": RESEALED, "value": self._keys.seal(key_id, PLACE)})
