"""Two complaints in hand at once, locked in one order whoever names them first."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from gateway.casework.acts.by import By, knows_of, login_of
from gateway.casework.acts.refusals import NoSuchLink, NotLinkable
from gateway.casework.move import NoSuchComplaint
from gateway.house import House
from store.desk import Link
from store.unit import Unit
from store.values import Case, ComplaintId

SAME = "same"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """``one`` keeps what is linked to it; ``two`` is the other."""

    house: House
    unit: Unit
    one: Case
    two: Case
    by: By

    @property
    def now(self) -> datetime:
        return self.house.clock.now()

    @property
    def login(self) -> str:
        return login_of(self.by)

    async def link(self, kind: str, state: str, facts: Mapping[str, Any]) -> Link:
        """Note that they have to do with one another; what was noted of them in this kind before becomes this."""
        ids = {"complaint_id": self.one.id, "other_id": self.two.id}
        link = Link(**ids, kind=kind, state=state, at=self.now, by=self.login, facts=facts)
        before = [each for each in await self.unit.links.between(self.one.id, self.two.id) if each.kind == kind]
        if not before:
            return await self.unit.links.add(link)
        kept = replace(link, id=before[-1].id, facts={**before[-1].facts, **facts})
        await self.unit.links.set(kept)
        return kept

    async def write(self, action: str, what: str, reason: str) -> None:
        """In both histories, each with the number of the other; and in the audit trail."""
        for case, other in ((self.one, self.two), (self.two, self.one)):
            facts = {"what": what, "other": other.number, "into": self.one.number}
            await self.unit.timeline.add(
                case.id, at=self.now, kind="link", actor=self.login, text=reason.strip(), data=facts
            )
            await self.unit.audit.write(
                at=self.now, actor=self.login, action=action, subject=case.number, detail={**facts, "reason": reason}
            )


@asynccontextmanager
async def both(house: House, one: str, two: str, by: By) -> AsyncIterator[Pair]:
    """Two complaints by number. Raises NoSuchComplaint, or NotLinkable for one and the same."""
    if one == two:
        raise NotLinkable(SAME)
    async with house.store.unit() as unit:
        ids = [await _id_of(unit, number, by) for number in (one, two)]
        yield await _locked(house, unit, ids[0], ids[1], by)
        await unit.commit()


@asynccontextmanager
async def both_of(house: House, link_id: int, by: By) -> AsyncIterator[tuple[Pair, Link]]:
    """The complaints of a link. Raises NoSuchLink also where they may not know of one of them."""
    async with house.store.unit() as unit:
        link = await unit.links.get(link_id)
        if link is None:
            raise NoSuchLink
        try:
            pair = await _locked(house, unit, link.complaint_id, link.other_id, by)
        except NoSuchComplaint:
            raise NoSuchLink from None
        latest = await unit.links.get(link_id, lock=True)  # as it is now that both are locked
        assert latest is not None, "links are never deleted"
        yield pair, latest
        await unit.commit()


async def _id_of(unit: Unit, number: str, by: By) -> ComplaintId:
    case = await unit.complaints.by_number(number)
    if case is None or not knows_of(by, case):
        raise NoSuchComplaint(number)
    return case.id


async def _locked(house: House, unit: Unit, one: ComplaintId, two: ComplaintId, by: By) -> Pair:
    found = {id: await unit.complaints.get(id, lock=True) for id in sorted((one, two))}
    first, second = found[one], found[two]
    if first is None or second is None or not (knows_of(by, first) and knows_of(by, second)):
        raise NoSuchComplaint
    return Pair(house=house, unit=unit, one=first, two=second, by=by)
