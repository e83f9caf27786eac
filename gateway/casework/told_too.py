"""A decision told to those, too, whose complaints were merged into this one (令2020年第3号 Art 18).

One person hears the same at each of their addresses; whoever is, or may be, another hears of their own complaint, from
a person.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from gateway.casework.acts.likeness import is_one_person
from gateway.casework.address import reached_at
from gateway.casework.lifecycle import CLOSED
from gateway.casework.tasks import new_task
from gateway.casework.telling import UNTOLD, Message, tell
from gateway.house import House
from store.desk import Link
from store.unit import Unit
from store.values import Case, ComplaintId

TELL_THE_OTHER = "tell_the_other"
MERGED = "merged"
PERSON, KNOWN, FOUND = "person", "known", "found"  # of a merge: by both records, or by somebody's own judgement

# What the customer of a merged complaint is told; None where the words of the decision cannot be reused there.
News = Callable[[Case], Message | None]


async def lock_with_merged(unit: Unit, number: str) -> None:
    """A complaint and what was merged into it, in the order in which all lock."""
    case = await unit.complaints.by_number(number)
    ids = [link.other_id for link in await _merged(unit, case.id)] if case is not None else []
    for id in sorted([case.id, *ids]) if case is not None else ():
        await unit.complaints.get(id, lock=True)


async def tell_merged(house: House, unit: Unit, case: Case, news: News, *, told: bool) -> None:
    """Tell them, or ask a person to; ``told``: the customer of this complaint is told by us, in this transaction."""
    heard = {_address(case)}
    async for link, other in _waiting(unit, case):
        message = news(other) if is_theirs_too(link, case, other) else None
        if message is None:
            await _ask_a_person(house, unit, other)
        elif told and _address(other) not in heard:
            heard.add(_address(other))
            await tell(house, unit, other, message)


def is_theirs_too(link: Link, case: Case, other: Case) -> bool:
    """Is the other one of the same person, by what was known when they were merged, and still by both records?"""
    return link.facts.get(PERSON) == KNOWN and is_one_person(case, other)


async def as_handled(unit: Unit, case: Case) -> Case:
    """How a complaint stands for its customer: where it was merged into another of theirs, as that one does."""
    into = await unit.complaints.get(case.merged_into) if case.merged_into is not None else None
    if into is None or case.status in CLOSED:
        return case
    theirs = [link for link in await _merged(unit, into.id) if link.other_id == case.id]
    if not theirs or not is_theirs_too(theirs[-1], into, case):
        return case
    return replace(case, status=into.status, due_at=into.due_at, accepted_at=into.accepted_at)


async def _waiting(unit: Unit, case: Case) -> AsyncIterator[tuple[Link, Case]]:
    """Whoever took theirs back waits for nothing, and a refuted sender is never told anything."""
    for link in await _merged(unit, case.id):
        other = await unit.complaints.get(link.other_id, lock=True)
        if other is None or other.merged_into != case.id or other.status in CLOSED or UNTOLD in other.reply_context:
            continue
        yield link, other


async def _merged(unit: Unit, id: ComplaintId) -> list[Link]:
    return [link for link in await unit.links.of(id) if link.state == MERGED and link.complaint_id == id]


async def _ask_a_person(house: House, unit: Unit, other: Case) -> None:
    """Without the number and the words of the complaint that was decided: they may be somebody else's."""
    await unit.tasks.add(new_task("delivery", TELL_THE_OTHER, house.clock.now(), case=other))


def _address(case: Case) -> tuple[str, object]:
    return case.channel, reached_at(case.channel, case.contact, case.record)
