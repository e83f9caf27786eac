"""Memory: what channels keep between restarts and share between processes (tokens, quotas, positions), sealed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select, update

from store.models import memory as table
from store.prepared import Prepared, upsert
from store.repository import Repository

_GET = Prepared(select(table.c.value).where(table.c.key == bindparam("which")))
_PUT = upsert(
    table,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["key"], set_={"value": insert.excluded.value, "stamp": insert.excluded.stamp}
    ),
)
_FIRST = upsert(table, lambda insert: insert.on_conflict_do_nothing().returning(table.c.key))
_SWAP = Prepared(
    update(table).where(table.c.key == bindparam("which"), table.c.stamp == bindparam("was")).returning(table.c.key)
)


class Memory(Repository):
    """Values by key. Keys are blind, since a quota's key holds a person's openid."""

    __slots__ = ()

    async def get(self, key: str) -> str | None:
        blind = self._blind(key)
        rows = await self._line.rows(_GET, {"which": blind})
        return self._keys.open_text(rows[0].value, f"memory.value/{blind}") if rows else None

    async def put(self, key: str, value: str) -> None:
        await self._line.run(_PUT, {"key": self._blind(key), **self._sealed(key, value)})

    async def swap(self, key: str, old: str | None, new: str) -> bool:
        """Write ``new`` only if the value is still ``old`` (None: not there yet); False when another was faster."""
        blind, sealed = self._blind(key), self._sealed(key, new)
        if old is None:
            return bool(await self._line.rows(_FIRST, {"key": blind, **sealed}))
        return bool(await self._line.rows(_SWAP, {"which": blind, "was": self._stamp(key, old), **sealed}))

    def _blind(self, key: str) -> str:
        return self._keys.index("memory", key)

    def _stamp(self, key: str, value: str) -> str:
        return self._keys.index("memory-value", f"{key}\0{value}")

    def _sealed(self, key: str, value: str) -> dict[str, Any]:
        # The key is part of the place, so that the value of one cannot be passed off as that of another.
        place = f"memory.value/{self._blind(key)}"
        return {"value": self._keys.seal(value, place), "stamp": self._stamp(key, value)}
