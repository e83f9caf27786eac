"""What is there when all is over: nothing lost, nothing double, every answer known to have gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from gateway.app import Gateway, open_gateway
from gateway.operations.balance.values import Answered
from store.unit import Unit
from store.values import Case, LedgerState
from tests.chaos.books import compare
from tests.chaos.people.around import policy_of
from tests.chaos.people.calling import number_of
from tests.chaos.people.staff import TAKEN_ON
from tests.chaos.town import Town
from tests.clock import SetClock

SETTLED_AFTER = timedelta(minutes=15)  # the check of the balance lets what is younger be on its way
EVERYTHING = 100_000


@dataclass(kw_only=True)
class Verdict:
    """Everything in ``wrong`` is a fault of ours; ``items`` are those that a provider had acknowledged."""

    items: int = 0
    complaints: int = 0
    quarantined: int = 0
    twice: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)  # items without an end, messages in limbo, what does not balance

    @property
    def wrong(self) -> list[str]:
        return [*self.lost, *self.doubled, *self.unsettled]


async def verdict(town: Town, come: Mapping[str, Sequence[int]]) -> Verdict:
    """``come``: who has come by which way, and was acknowledged."""
    later = SetClock(datetime.now(UTC) + SETTLED_AFTER)
    found = Verdict()
    async with open_gateway(town.for_reading(), later) as gateway:
        async with gateway.house.store.reading() as unit:
            await _items(unit, town, found)
            cases = [case async for case in all_cases(unit)]
            await _moves(unit, town, cases, found)
            parcels = await unit.outbox.recent(EVERYTHING)
            if (broken := await unit.audit.verify()) is not None:
                found.unsettled.append(f"the audit chain is broken at {broken}")
        _complaints(cases, town, come, found)
        compared = compare(town.around, parcels)
        found.twice = compared.twice
        found.lost += [f"never left: {each}" for each in compared.not_there]
        found.unsettled += [f"in limbo: {each}" for each in compared.limbo]
        found.unsettled += [f"not known to have left: {each}" for each in compared.unknown]
        found.unsettled += await _balance(gateway, unreached(town))
    return found


async def all_cases(unit: Unit) -> AsyncIterator[Case]:
    before = None
    while page := await unit.complaints.search(before_id=before, limit=100):
        for case in page:
            yield case
        before = page[-1].id


async def _items(unit: Unit, town: Town, found: Verdict) -> None:
    """Every acknowledged item that has a key is there; all that are there have come to an end."""
    for people in town.people:
        for keys in people.acknowledged():
            entries = [await unit.ledger.find(people.channel, key) for key in keys.split("|")]
            if not any(entries):
                found.lost.append(f"{people.channel} item {keys}")
    tasks = {task.ledger_id for task in await unit.tasks.list(limit=EVERYTHING)}
    for channel, state, count in await unit.ledger.counts():
        found.items += count
        if state == LedgerState.STORED:
            found.unsettled.append(f"{count} items of {channel} were never handled")
    for entry in await unit.ledger.quarantined(limit=EVERYTHING):
        found.quarantined += 1
        if entry.id not in tasks:
            found.unsettled.append(f"nobody is told of quarantine {entry.id} ({entry.channel}): {entry.cause}")


def _complaints(cases: list[Case], town: Town, come: Mapping[str, Sequence[int]], found: Verdict) -> None:
    """One for each who came, and of calls at most one for each."""
    found.complaints = len(cases)
    found.doubled += _more_than_one("number", (case.number for case in cases))
    found.doubled += _more_than_one("call", (str(case.conversation_id) for case in cases if case.channel == "phone"))
    told = Counter(_told_by(case) for case in cases)
    for people in town.people:
        for n in come[people.channel]:
            who = number_of(n) if people.channel == "phone" else policy_of(people.channel, n)
            count = told[people.channel, who]
            if count == 0:
                found.lost.append(f"{people.channel} complaint {n}")
            elif count > 1 and people.channel != "phone":
                found.doubled.append(f"{people.channel} complaint {n}, {count} times")


def _told_by(case: Case) -> tuple[str, str]:
    """Who was cut off calls again, and tells it again: that is another complaint, known by the same caller."""
    return case.channel, case.contact.value if case.channel == "phone" else case.record.value("policy_number")


def _more_than_one(what: str, names: Iterable[str]) -> list[str]:
    return [f"{what} {name}, {count} times" for name, count in Counter(names).items() if count > 1]


async def _moves(unit: Unit, town: Town, cases: list[Case], found: Verdict) -> None:
    """What staff were told is done was done, once."""
    for case in (case for case in cases if case.number in town.staff.moved):
        steps = [moment.text for moment in await unit.timeline.of(case.id) if moment.kind == "status"]
        times = steps.count(TAKEN_ON)
        if times != 1:
            (found.lost if not times else found.doubled).append(f"step of {case.number}, {times} times")


def unreached(town: Town) -> set[str]:
    """Calls at which no gateway was there to answer anything: only the carrier can have them in its books."""
    reached = {each.params.get("CallSid") for each in town.around.carrier.lines if each.status == 200}
    return {call.sid for call in town.around.carrier.calls} - reached


async def _balance(gateway: Gateway, nobodys: set[str]) -> list[str]:
    balance = await gateway.balance.check.last_days()
    ours = [off for off in balance.faults if off.name not in nobodys]
    faults = [f"does not balance: {off.channel} {off.kind} {off.name}: {off.why}" for off in ours]
    away = [f"{source.channel} could not be asked" for source in balance.sources if source.answered is Answered.AWAY]
    return faults + away
