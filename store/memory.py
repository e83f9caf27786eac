"""Memory: what channels keep between restarts and share between processes (tokens, quotas, positions), sealed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Executable, bindparam, delete, select, true, update
from sqlalchemy.sql.elements import ColumnElement

from store.models import memory as table
from store.prepared import Prepared, upsert
from store.repository import Repository

_EXPIRED = table.c.expires_at <= bindparam("now")
_THERE = _EXPIRED.is_not(true())  # NULL on either side: kept for ever, or nobody asks for the time


def _write(insert: Any, where: ColumnElement[bool] | None = None) -> Any:
    told = {name: insert.excluded[name] for name in ("value", "stamp", "expires_at")}
    return insert.on_conflict_do_update(index_elements=["key"], set_=told, where=where)


def _forget() -> Executable:
    due = (
        select(table.c.key)
        .where(_EXPIRED)
        .order_by(table.c.expires_at)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    return delete(table).where(table.c.key.in_(select(due.c.key))).returning(table.c.key)


_GET = Prepared(select(table.c.value).where(table.c.key == bindparam("which"), _THERE))
_PUT = upsert(table, _write)
_FIRST = upsert(table, lambda insert: _write(insert, where=_EXPIRED).returning(table.c.key))
_SWAP = Prepared(
    update(table)
    .where(table.c.key == bindparam("which"), table.c.stamp == bindparam("was"), _THERE)
    .returning(table.c.key)
)
_FORGET = Prepared(_forget())


class Memory(Repository):
    """Values by key. Keys are blind, since a quota's key holds a person's openid.

    What was written ``until`` a moment is not there from then on, for whoever tells the time by ``now``.
    """

    __slots__ = ()

    async def get(self, key: str, *, now: datetime | None = None) -> str | None:
        blind = self._blind(key)
        rows = await self._line.rows(_GET, {"which": blind, "now": now})
        return self._keys.open_text(rows[0].value, f"memory.value/{blind}") if rows else None

    async def put(self, key: str, value: str, *, until: datetime | None = None) -> None:
        await self._line.run(_PUT, {"key": self._blind(key), **self._sealed(key, value), "expires_at": until})

    async def swap(
        self, key: str, old: str | None, new: str, *, now: datetime | None = None, until: datetime | None = None
    ) -> bool:
        """Write ``new`` only if the value is still ``old`` (None: not there yet); False when another was faster."""
        blind, row = self._blind(key), {**self._sealed(key, new), "expires_at": until, "now": now}
        if old is None:
            return bool(await self._line.rows(_FIRST, {"key": blind, **row}))
        return bool(await self._line.rows(_SWAP, {"which": blind, "was": self._stamp(key, old), **row}))

    async def forget(self, now: datetime, most: int) -> int:
        """Drop what has expired, at most so many at once; how many."""
        # Counted by what comes back: SQLite's driver counts no rows of a statement that begins with WITH.
        return len(await self._line.rows(_FORGET, {"now": now, "most": most}))

    def _blind(self, key: str) -> str:
        return self._keys.index("memory", key)

    def _stamp(self, key: str, value: str) -> str:
        return self._keys.index("memory-value", f"{key}\0{value}")

    def _sealed(self, key: str, value: str) -> dict[str, Any]:
        # The key is part of the place, so that the value of one cannot be passed off as that of another.
        place = f"memory.value/{self._blind(key)}"
        return {"value": self._keys.seal(value, place), "stamp": self._stamp(key, value)}
