"""Complaints that may be one and the same, told on two channels: looked for in rounds, decided by people."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from gateway.casework.acts.likeness import likeness
from gateway.casework.lifecycle import CLOSED
from gateway.house import House
from store.desk import Link
from store.links import Change
from store.unit import Unit
from store.values import Case, ComplaintId

BATCH, MOST = 20, 20  # complaints in one round; candidates by one identifier
DAYS = 60  # further apart, the same person has another matter
ALIKE, RATHER_ALIKE = 0.5, 0.25  # of the words of the matter
SETTLING = timedelta(minutes=1)  # a unit that began before us may still commit an earlier change
BEGINNING = Change(at=datetime(2020, 1, 1, tzinfo=UTC), id=0)
PLACE = "duplicates:place"
BY = "gateway"

# Field of the record → why two are suggested. What names one claim or one person weighs more than a name.
WHY: Mapping[str, str] = {
    "claim_number": "same_claim",
    "policy_number": "same_policy",
    "id_number": "same_id",
    "phone": "same_phone",
    "email": "same_email",
    "complainant_name": "same_name",
}
SEARCHED_AS = {"complainant_name": "name"}
WEAK = frozenset({"same_name"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Likely:
    """A complaint that may be the same, and why."""

    case: Case
    why: tuple[str, ...]
    likeness: float
    days: int

    @property
    def facts(self) -> Mapping[str, Any]:
        return {"why": list(self.why), "likeness": round(self.likeness, 2), "days": self.days}


@dataclass(kw_only=True, slots=True)
class DuplicatesRound:
    """Looks at complaints that came or changed since the last time, some at once."""

    house: House
    found: int = field(default=0, init=False)  # suggestions so far, for whoever watches

    async def go(self) -> None:
        place = await self._place()
        async with self.house.store.reading() as unit:
            changed = await unit.links.changed(place, BATCH)
        for change in changed:
            await self._look_at(ComplaintId(change.id))
        await self._go_on_from(place, changed)

    async def _look_at(self, id: ComplaintId) -> None:
        async with self.house.store.reading() as unit:
            case = await unit.complaints.get(id)
            likely = await look(unit, case) if case is not None else ()
        for each in likely:
            self.found += await suggest(self.house, id, each)

    async def _place(self) -> Change:
        async with self.house.store.reading() as unit:
            kept = await unit.memory.get(PLACE)
        if kept is None:
            return BEGINNING
        at, id = json.loads(kept)
        return Change(at=datetime.fromisoformat(at), id=id)

    async def _go_on_from(self, place: Change, changed: Sequence[Change]) -> None:
        """Not beyond what may still be committed; what is looked at twice is not suggested twice."""
        settled = Change(at=self.house.clock.now() - SETTLING, id=0)
        last = changed[-1] if changed else place
        then = max(place, last if len(changed) == BATCH else min(last, settled))
        async with self.house.store.unit() as unit:
            await unit.memory.put(PLACE, json.dumps([then.at.isoformat(), then.id]))
            await unit.commit()


async def look(unit: Unit, case: Case) -> tuple[Likely, ...]:
    """What may be the same as this complaint and was neither suggested nor decided before; the likeliest first."""
    if case.status in CLOSED or case.merged_into is not None:
        return ()
    known = {each for link in await unit.links.of(case.id) for each in (link.complaint_id, link.other_id)}
    shared = await _shared(unit, case)
    likely = [_likely(case, other, why) for other, why in shared if other.id not in known]
    return tuple(sorted((each for each in likely if _is_worth_a_look(case, each)), key=_order))


async def suggest(house: House, id: ComplaintId, likely: Likely) -> bool:
    """Ask a person; False where somebody was faster. The earlier complaint is the one that would stay."""
    async with house.store.unit() as unit:
        for each in sorted((id, likely.case.id)):
            await unit.complaints.get(each, lock=True)
        if await unit.links.between(id, likely.case.id):
            return False
        now, earlier, later = house.clock.now(), min(id, likely.case.id), max(id, likely.case.id)
        await unit.links.add(_suggestion(earlier, later, likely, now))
        for each in (earlier, later):
            await unit.timeline.add(each, at=now, kind="link", actor=BY, data={"what": "suggested", **likely.facts})
        await unit.audit.write(at=now, actor=BY, action="suggest_duplicate", subject=likely.case.number)
        await unit.commit()
    return True


def _suggestion(earlier: ComplaintId, later: ComplaintId, likely: Likely, now: datetime) -> Link:
    return Link(
        complaint_id=earlier,
        other_id=later,
        kind="duplicate",
        state="suggested",
        at=now,
        by=BY,
        facts=likely.facts,
    )


async def _shared(unit: Unit, case: Case) -> list[tuple[Case, tuple[str, ...]]]:
    """Whatever has an identifier in common, with all reasons at once."""
    found: dict[ComplaintId, tuple[Case, list[str]]] = {}
    for name, why in WHY.items():
        value = case.record.value(name)
        terms: dict[str, Any] = {SEARCHED_AS.get(name, name): value}
        for other in await unit.complaints.search(**terms, limit=MOST) if value else ():
            found.setdefault(other.id, (other, []))[1].append(why)
    found.pop(case.id, None)
    return [(other, tuple(why)) for other, why in found.values()]


def _likely(case: Case, other: Case, why: tuple[str, ...]) -> Likely:
    return Likely(
        case=other,
        why=why,
        likeness=likeness(case.record.value("matter"), other.record.value("matter")),
        days=abs((case.received_at - other.received_at).days),
    )


def _is_worth_a_look(case: Case, likely: Likely) -> bool:
    other = likely.case
    if likely.days > DAYS or other.merged_into is not None or other.status in CLOSED:
        return False
    if WEAK.issuperset(likely.why):
        return likely.likeness >= ALIKE
    same_kind = bool(_kind(case)) and _kind(case) == _kind(other)
    return "same_claim" in likely.why or likely.likeness >= RATHER_ALIKE or same_kind


def _kind(case: Case) -> str:
    return case.record.value("category_detail") or case.record.value("category")


def _order(likely: Likely) -> tuple[float, int]:
    return (-len(likely.why) - likely.likeness, likely.case.id)
