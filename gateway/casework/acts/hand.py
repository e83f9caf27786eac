"""One complaint in hand: locked, known to whoever acts, and everything that is done to it written down."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.casework.acts.by import By, knows_of, login_of
from gateway.casework.acts.refusals import Closed, MergedAway
from gateway.casework.lifecycle import CLOSED
from gateway.casework.move import NoSuchComplaint
from gateway.house import House
from normalizer.record import nothing
from store.unit import Unit
from store.values import Case, Conversation


@dataclass(frozen=True, kw_only=True, slots=True)
class Hand:
    """A unit with one complaint locked in it, and who has it in hand."""

    house: House
    unit: Unit
    case: Case
    by: By
    talk: Conversation | None = None  # locked too, for an act that goes on with it

    @property
    def now(self) -> datetime:
        return self.house.clock.now()

    @property
    def login(self) -> str:
        return login_of(self.by)

    async def write(self, action: str, kind: str, text: str = "", facts: Mapping[str, Any] = nothing()) -> None:
        """An entry of the timeline, and one of the audit trail, which holds no words."""
        case, now = self.case, self.now
        await self.unit.timeline.add(case.id, at=now, kind=kind, actor=self.login, text=text, data=facts)
        await self.unit.audit.write(at=now, actor=self.login, action=action, subject=case.number, detail=facts)

    async def work(self, **values: Any) -> None:
        """Columns of staff's work with it."""
        await self.unit.complaints.set_work(self.case.id, values, now=self.now)


@asynccontextmanager
async def in_hand(house: House, number: str, by: By) -> AsyncIterator[Hand]:
    """The complaint, locked; what is done to it is durable once the block has ended. Raises NoSuchComplaint."""
    async with house.store.unit() as unit:
        yield Hand(house=house, unit=unit, case=await known(unit, number, by), by=by)
        await unit.commit()


@asynccontextmanager
async def in_talk(house: House, number: str, by: By) -> AsyncIterator[Hand]:
    """The complaint and the talk it came from, locked in the order in which all lock. Raises NoSuchComplaint."""
    async with house.store.unit() as unit:
        before = await unit.complaints.by_number(number)
        id = before.conversation_id if before is not None else None
        talk = await unit.conversations.get(id, lock=True) if id is not None else None
        yield Hand(house=house, unit=unit, case=await known(unit, number, by), by=by, talk=talk)
        await unit.commit()


async def known(unit: Unit, number: str, by: By) -> Case:
    """The complaint, locked. Raises NoSuchComplaint also for one that they may not know of."""
    case = await unit.complaints.by_number(number, lock=True)
    if case is None or not knows_of(by, case):
        raise NoSuchComplaint(number)
    return case


def require_open(case: Case) -> None:
    """Raises Closed, or MergedAway."""
    if case.status in CLOSED:
        raise Closed
    require_apart(case)


def require_apart(case: Case) -> None:
    """Raises MergedAway."""
    if case.merged_into is not None:
        raise MergedAway
