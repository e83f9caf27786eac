"""One complaint, one talk, one item, one recording goes, if it may: looked at again while it is locked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gateway.casework.lifecycle import CLOSED
from gateway.casework.retention.keeping import DirectoryAway, kept_by_contract
from gateway.casework.retention.periods import periods, years_before
from gateway.house import House
from store.erasing import Scope
from store.expired import Family
from store.unit import Unit
from store.values import Case, ComplaintId, ConversationId, LedgerId

BY = "retention"
ERASED = "erased"  # kind of the one entry that its timeline keeps


@dataclass(frozen=True, kw_only=True, slots=True)
class Eraser:
    """Each verb returns "" when it is done, or why it must not be: held, open, busy, not_due, contract, directory."""

    house: House

    async def complaint(self, id: int) -> str:
        """A complaint with those merged into it, once nothing keeps it any more."""
        try:
            if await self._kept_longer(ComplaintId(id)):
                return "contract"
        except DirectoryAway:
            return "directory"
        async with self.house.store.unit() as unit:
            family = await locked_family(unit, ComplaintId(id))
            if why := await self._against(unit, family):
                return why
            await erase_family(self.house, unit, family, by=BY)
            await unit.commit()
        return ""

    async def _kept_longer(self, id: ComplaintId) -> bool:
        """Asked outside of any transaction; what is learnt is written down, so that it is not asked every day."""
        async with self.house.store.reading() as unit:
            case = await unit.complaints.get(id)
        until = await kept_by_contract(self.house.directory, case) if case is not None else None
        if until is None or until <= self.house.clock.now():
            return False
        async with self.house.store.unit() as unit:
            await unit.complaints.set_work(id, {"keep_until": until}, now=self.house.clock.now())
            await unit.commit()
        return True

    async def _against(self, unit: Unit, family: Family) -> str:
        root = next((case for case in await _cases(unit, family) if case.merged_into is None), None)
        if root is None or root.erased_at is not None:
            return "not_due"
        if root.keep_until is None or root.keep_until > self.house.clock.now():
            return "not_due"
        return await against(unit, family, root)

    async def talk(self, id: int) -> str:
        """What somebody said that became no complaint."""
        now = self.house.clock.now()
        async with self.house.store.unit() as unit:
            talk = ConversationId(id)
            await unit.conversations.get(talk, lock=True)
            alone = await unit.expired.alone(Family(ids=(), talks=(talk,)), drafts_before(now))
            if not alone:
                return "open"
            await unit.erasing.erase(Scope(talks=alone), now)
            await self._write(unit, now, "erase_talk", f"talk {id}", {})
            await unit.commit()
        return ""

    async def item(self, id: int) -> str:
        """What came, and is of no complaint and no talk."""
        now = self.house.clock.now()
        async with self.house.store.unit() as unit:
            if not await unit.expired.lock_item(LedgerId(id), items_before(now)):
                return "not_due"
            await unit.erasing.erase(Scope(items=(LedgerId(id),)), now)
            await self._write(unit, now, "erase_item", f"item {id}", {})
            await unit.commit()
        return ""

    async def recording(self, seq: int) -> str:
        """The sound of a call; one that a person of ours wrote down is evidence, and stays with its complaint."""
        now = self.house.clock.now()
        async with self.house.store.unit() as unit:
            if why := await self._against_recording(unit, seq, now):
                return why
            await unit.erasing.erase_recording(seq)
            await self._write(unit, now, "erase_recording", f"file {seq}", {})
            await unit.commit()
        return ""

    async def _against_recording(self, unit: Unit, seq: int, now: datetime) -> str:
        matter = await unit.expired.matter_of(seq)
        if matter is None:  # another round was faster
            return "not_due"
        family = await locked_family(unit, matter)
        if await unit.holds.any_of(family.ids):
            return "held"
        due = await unit.expired.lock_recording(seq, family, recordings_before(now), sorted(CLOSED))
        return "" if due else "not_due"

    async def _write(self, unit: Unit, now: datetime, action: str, subject: str, facts: Mapping[str, Any]) -> None:
        await unit.audit.write(at=now, actor=BY, action=action, subject=subject, detail=facts)


def drafts_before(now: datetime) -> datetime:
    return now - timedelta(days=periods().draft_days)


def items_before(now: datetime) -> datetime:
    return now - timedelta(days=periods().item_days)


def recordings_before(now: datetime) -> datetime:
    return years_before(now, periods().recording_years)


async def locked_family(unit: Unit, id: ComplaintId) -> Family:
    """Talks first, then complaints, as everybody locks."""
    family = await unit.expired.family(id)
    for talk in family.talks:
        await unit.conversations.get(talk, lock=True)
    for each in family.ids:
        await unit.complaints.get(each, lock=True)
    return await unit.expired.family(id)


async def _cases(unit: Unit, family: Family) -> list[Case]:
    return list((await unit.complaints.several(family.ids)).values())


async def against(unit: Unit, family: Family, root: Case) -> str:
    """Why it must not be erased now, whatever its date: held, open, busy; "" for nothing."""
    if root.status not in CLOSED:
        return "open"
    if await unit.holds.any_of(family.ids):
        return "held"
    return "busy" if await unit.expired.busy(family.ids) else ""


async def erase_family(house: House, unit: Unit, family: Family, *, by: str) -> None:
    """In this transaction, which has them locked; the audit trail learns numbers of rows, and nothing of a person."""
    now = house.clock.now()
    numbers = {case.id: case.number for case in await _cases(unit, family)}
    talks = await unit.expired.alone(family, drafts_before(now))
    done = await unit.erasing.erase(Scope(complaints=family.ids, talks=talks), now)
    for id in family.ids:
        await unit.timeline.add(id, at=now, kind=ERASED, actor=by)
        await unit.audit.write(at=now, actor=by, action="erase", subject=numbers[id], detail={"rows": dict(done)})
