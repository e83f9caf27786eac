"""How the clock of one complaint stands, from what we remember."""

from __future__ import annotations

from datetime import datetime

from gateway.casework.clocks.calendar import calendar
from gateway.casework.clocks.engine import Rules, reckon
from gateway.casework.clocks.limits import Limits, limits
from gateway.casework.clocks.proof import proven
from gateway.casework.clocks.reckoning import Reckoning
from normalizer.record import Complaint
from store.desk import ClockEvent
from store.unit import Unit
from store.values import Case

ORGANISATION = "organisation"


async def reckoned(unit: Unit, case: Case, now: datetime) -> Reckoning:
    """By when it must be answered, and why then."""
    return standing(case, await shown_events(unit, case), now)


async def shown_events(unit: Unit, case: Case) -> list[ClockEvent]:
    """What changed the date, each with the proof that the customer was told."""
    return await proven(unit, case, await unit.clock_events.of(case.id))


def standing(case: Case, events: list[ClockEvent], now: datetime) -> Reckoning:
    """The same from events at hand."""
    return reckon(case.received_at, events, now=now, rules=rules_of(case.record, case.received_at))


def rules_of(record: Complaint, received_at: datetime) -> Rules:
    """By what a complaint is reckoned."""
    found = limits(received_at)
    return Rules(
        limits=found,
        calendar=calendar(),
        priority=record.value("priority"),
        personal=_is_personal(record, found),
    )


def _is_personal(record: Complaint, found: Limits) -> bool:
    """A personal line of an individual (保监会令2010年第4号 Art 32)."""
    of_person = record.value("party_role") != ORGANISATION
    return of_person and record.value("product").startswith(found.personal_products)
