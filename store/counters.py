"""Counters: how often something happened within a window of time, for limits on tries and acknowledgements."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from store.models import counters as table
from store.prepared import Prepared, upsert
from store.repository import Repository

_HIT = upsert(
    table,
    lambda insert: (
        insert.values(hits=1)
        .on_conflict_do_update(
            index_elements=["key", "window_start"],
            set_={"hits": table.c.hits + 1, "last_at": insert.excluded.last_at},
        )
        .returning(table.c.hits)
    ),
)
_COUNT = Prepared(
    select(table.c.hits).where(table.c.key == bindparam("which"), table.c.window_start == bindparam("since"))
)
_TAKE_BACK = Prepared(
    update(table)
    .where(table.c.key == bindparam("which"), table.c.window_start == bindparam("since"), table.c.hits > 0)
    .values(hits=table.c.hits - 1)
)
_FORGET = Prepared(delete(table).where(table.c.last_at < bindparam("before")))


class Counters(Repository):
    """Counts by key and window; keys are blind, since they hold addresses."""

    __slots__ = ()

    async def hit(self, key: str, *, window_start: datetime, now: datetime) -> int:
        """Count one more; how many by now in this window."""
        row = {"key": self._keys.index("counter", key), "window_start": window_start, "last_at": now}
        rows = await self._line.rows(_HIT, row)
        return int(rows[0].hits)

    async def count(self, key: str, *, window_start: datetime) -> int:
        """How many so far in this window, without counting one more."""
        rows = await self._line.rows(_COUNT, {"which": self._keys.index("counter", key), "since": window_start})
        return int(rows[0].hits) if rows else 0

    async def take_back(self, key: str, *, window_start: datetime) -> None:
        """Uncount one."""
        await self._line.run(_TAKE_BACK, {"which": self._keys.index("counter", key), "since": window_start})

    async def forget(self, before: datetime) -> int:
        """Drop what was last counted before a moment; how many."""
        return await self._line.run(_FORGET, {"before": before})
