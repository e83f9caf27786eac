"""The register as somebody asked for it: which complaints, as what file, with names or without, for what reason."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gateway.house import House
from gateway.reports.periods import midnight
from gateway.reports.register import COLUMNS, NAMED, Cell, Line, cells
from gateway.staff.actor import Actor
from gateway.staff.masking import Masked, Plain
from gateway.staff.scope import seen
from store.dossier import Filter
from store.unit import Unit
from store.values import Case

PAGE = 200  # complaints in memory at a time

Batch = Sequence[Sequence[str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Export:
    """``first`` and ``last`` are days of receipt, both included. ``reason`` None: without names, and masked."""

    actor: Actor
    form: str  # csv, xlsx
    first: date | None = None
    last: date | None = None
    branch: str | None = None
    statuses: tuple[str, ...] = ()
    reason: str | None = None

    @property
    def columns(self) -> Mapping[str, Cell]:
        return COLUMNS if self.reason is None else NAMED

    @property
    def filter(self) -> Filter:
        return Filter(
            since=midnight(self.first) if self.first else None,
            until=midnight(self.last + timedelta(days=1)) if self.last else None,
            statuses=self.statuses,
            branches=_within(self.actor.branches, self.branch),
        )


def _within(own: frozenset[str] | None, branch: str | None) -> frozenset[str] | None:
    """The branches that they see, narrowed to the one asked for."""
    if branch is None:
        return own
    return frozenset({branch}) if own is None or branch in own else frozenset()


async def note(house: House, export: Export) -> None:
    """Write down who takes the register along: before anything of it leaves."""
    detail = {
        "form": export.form,
        "from": export.first.isoformat() if export.first else None,
        "to": export.last.isoformat() if export.last else None,
        "branch": export.branch,
        "statuses": list(export.statuses),
        "names": export.reason is not None,
        "reason": export.reason,
    }
    async with house.store.unit() as unit:
        await unit.audit.write(
            at=house.clock.now(), actor=export.actor.login, action="export_register", subject="register", detail=detail
        )
        await unit.commit()


async def batches(house: House, export: Export) -> AsyncIterator[Batch]:
    """All rows, oldest complaint first, a page at a time; each page is read anew, so nobody is held up."""
    after = 0
    while True:
        async with house.store.reading() as unit:
            ids = await unit.dossier.page(export.filter, after=after, limit=PAGE)
            lines = await _lines(house, unit, export, list((await unit.complaints.several(ids)).values()))
        if not ids:
            return
        yield await asyncio.to_thread(_rows, lines, export)
        after = ids[-1]


async def _lines(house: House, unit: Unit, export: Export, cases: Sequence[Case]) -> Sequence[Line]:
    shown = sorted(seen(export.actor, cases), key=lambda case: case.id)
    histories = await unit.dossier.histories(shown) if shown else {}
    keys = house.store.keyring
    plain = export.reason is not None
    return [
        Line(case=case, history=histories[case.id], mask=Plain() if plain else Masked.of(case), keys=keys)
        for case in shown
    ]


def _rows(lines: Sequence[Line], export: Export) -> Batch:
    """Beside the loop: hiding what stands in long letters takes a while."""
    return [cells(line, export.columns) for line in lines]
