"""How many values and files lie under which key."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from store.resealing import Window
from store.sealed import SealedTable, sealed_tables
from store.unit import Store

ROWS = 500  # looked at in one read


@dataclass(frozen=True, kw_only=True, slots=True)
class Holdings:
    """Key id in hex → how many. "" stands for what is under no key: damaged."""

    values: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)

    def under(self, key_id: str) -> int:
        return self.values[key_id] + self.files[key_id]


async def holdings(store: Store) -> Holdings:
    """Look at everything there is, a bounded part at a time."""
    found = Holdings()
    for of in sealed_tables():
        async for window in windows(store, of):
            found.values.update(window.counts)
    for sha256 in await store.blobs.listed():
        found.files[await store.blobs.key_of(sha256)] += 1
    return found


async def windows(store: Store, of: SealedTable) -> AsyncIterator[Window]:
    """All rows of a table, in the order of their keys."""
    after = None
    while True:
        async with store.reading() as unit:
            window = await unit.resealing.window(of, after, ROWS)
        if window.last is None:
            return
        yield window
        after = window.last
