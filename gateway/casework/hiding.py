"""Hiding: which complaints somebody must not learn of, for whatever counts complaints instead of showing them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gateway.casework.avoidance import whom
from gateway.staff.actor import Actor
from gateway.staff.scope import avoids, has_to_avoid
from normalizer.record import Complaint
from store.about import Maybe
from store.unit import Unit

KEPT = 100_000  # complaints that one process remembers: of most nothing, of the others whom they name
AT_ONCE = 500  # records opened by one statement

Seal = bytes
Known = Mapping[Seal, Complaint | None]


@dataclass(frozen=True, slots=True)
class Hiding:
    """The record decides each time, as a name may be corrected; each is opened once, and known again by its seal."""

    _kept: dict[Seal, Complaint | None] = field(default_factory=dict)

    async def of(self, unit: Unit, actor: Actor) -> frozenset[int]:
        """The ids of the complaints that this person would see, were they not about them."""
        if not has_to_avoid(actor):
            return frozenset()
        found = await unit.about.maybe([actor.name, *sorted(actor.own_branches)], actor.branches)
        if not found:
            return frozenset()
        known = await self._known(unit, found)
        return await asyncio.to_thread(_avoided, actor, found, known)

    async def _known(self, unit: Unit, found: Sequence[Maybe]) -> Known:
        """Whom each of them names, or None where that is nobody."""
        known = {each.seal: self._kept[each.seal] for each in found if each.seal in self._kept}
        new = [each.id for each in found if each.seal not in known]
        for place in range(0, len(new), AT_ONCE):
            records = await unit.about.records(new[place : place + AT_ONCE])
            opened = {seal: whom(record) if record is not None else None for seal, record in records.items()}
            known |= opened
            self._keep(opened)
        return known

    def _keep(self, opened: Known) -> None:
        self._kept.update(opened)
        while len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]


def _avoided(actor: Actor, found: Sequence[Maybe], known: Known) -> frozenset[int]:
    """Beside the loop: after an upgrade, everything may name anybody until its terms are written."""
    named = [(each.id, known[each.seal]) for each in found]
    return frozenset(id for id, record in named if record is not None and avoids(actor, record))
