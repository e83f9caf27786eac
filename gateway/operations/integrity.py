"""Looks through all that is stored, and names what is damaged."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from store.integrity import Damage, Window, tables
from store.sealed import SealedTable
from store.unit import Store, Unit

MOST_NAMED = 1000

Look = Callable[[Unit, Any], Awaitable[Window]]


@dataclass(kw_only=True)
class Report:
    """How much was looked at, by what it is, and what is damaged; the list has an end, the count has none."""

    looked: Counter[str] = field(default_factory=Counter)
    damaged: list[Damage] = field(default_factory=list)
    count: int = 0

    @property
    def whole(self) -> bool:
        return self.count == 0

    def note(self, damaged: Sequence[Damage]) -> None:
        self.count += len(damaged)
        self.damaged += damaged[: max(0, MOST_NAMED - len(self.damaged))]


async def look_through(store: Store) -> Report:
    """Open every sealed value, hash every item and blob, follow every reference, verify the audit chain."""
    report = Report()
    for of in tables():
        await _all(store, report, of.name, _sealed_of(of))
    await _all(store, report, "raw items", lambda unit, after: unit.integrity.items(after))
    for name in ("files", "post", "scans"):
        await _all(store, report, f"contents of {name}", _blobs_of(name))
    async with store.reading() as unit:
        report.note([each async for each in unit.integrity.orphans()])
        if (broken := await unit.audit.verify()) is not None:
            report.note([Damage(where="audit", row=str(broken), what="chain")])
    return report


def _sealed_of(table: SealedTable) -> Look:
    return lambda unit, after: unit.integrity.sealed(table, after)


def _blobs_of(name: str) -> Look:
    return lambda unit, after: unit.integrity.blobs(name, after or 0)


async def _all(store: Store, report: Report, what: str, look: Look) -> None:
    async for window in _windows(store, look):
        report.looked[what] += window.looked
        report.note(window.damaged)


async def _windows(store: Store, look: Look) -> AsyncIterator[Window]:
    after = None
    while True:
        async with store.reading() as unit:
            window = await look(unit, after)
        yield window
        if window.last is None:
            return
        after = window.last
