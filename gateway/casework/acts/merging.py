"""The same matter, told twice, becomes one complaint (令2020年第3号 Art 18); it can be undone."""

from __future__ import annotations

from dataclasses import replace

from gateway.casework import approvals
from gateway.casework.acts.by import By, knows_of, require
from gateway.casework.acts.likeness import is_one_person
from gateway.casework.acts.pairs import Pair, both
from gateway.casework.acts.refusals import NotLinkable
from gateway.casework.clocks.setting import NEVER, end_alerts, next_note, set_clock
from gateway.casework.lifecycle import CLOSED
from gateway.casework.move import NoSuchComplaint
from gateway.casework.telling import Message
from gateway.casework.telling import tell as tell_customer
from gateway.casework.told_too import FOUND, KNOWN, PERSON
from gateway.house import House
from gateway.intake.phrases import phrases
from gateway.medium import medium_of
from gateway.staff.actor import Right
from store.desk import Link
from store.values import Case

DUPLICATE, MERGED, UNDONE = "duplicate", "merged", "undone"


async def merge(house: House, number: str, into: str, *, reason: str, tell: bool, actor: By) -> Link:
    """Put a complaint into another: its clock stops, its sender's further words are kept with it, work goes on there.

    ``tell`` lets its customer know, once. Raises NoSuchComplaint, NotYours or NotLinkable.
    """
    require(actor, Right.WORK)
    async with both(house, into, number, actor) as pair:
        return await merge_in(pair, reason, tell=tell)


async def merge_theirs(house: House, number: str, into: str, *, reason: str, actor: By) -> Link:
    """The same for an item from an unknown address that a person found to be the customer's own; nobody is told.

    Raises NoSuchComplaint, NotYours or NotLinkable.
    """
    require(actor, Right.WORK)
    async with both(house, into, number, actor) as pair:
        return await _join(pair, reason, FOUND)


async def unmerge(house: House, number: str, *, reason: str, actor: By) -> Link:
    """They are two complaints again, each with its own clock. Raises NoSuchComplaint, NotYours or NotLinkable."""
    require(actor, Right.WORK)
    async with both(house, await _into_of(house, number, actor), number, actor) as pair:
        merged = [link for link in await pair.unit.links.between(pair.one.id, pair.two.id) if link.state == MERGED]
        if not merged or pair.two.merged_into != pair.one.id:
            raise NotLinkable("not_merged")
        undone = replace(merged[-1], state=UNDONE, at=pair.now, by=pair.login)
        await pair.unit.links.set(undone)
        await _run_again(pair)
        await pair.write("unmerge", UNDONE, reason)
    return undone


async def merge_in(pair: Pair, reason: str, *, tell: bool) -> Link:
    """Put the second of two complaints that are in hand into the first. Raises NotLinkable."""
    _check_alike(pair)
    link = await _join(pair, reason, KNOWN)
    if tell:
        await tell_customer(pair.house, pair.unit, pair.two, message_of(pair.two, pair.one))
    return link


def message_of(case: Case, into: Case) -> Message:
    """What the customer of a merged complaint is told."""
    words = phrases(case.record.language, medium_of(case.channel))
    return Message(
        text=words.get("desk", "merged", number=case.number, into=into.number),
        label=words.get("status", "REGISTERED"),
    )


async def _join(pair: Pair, reason: str, person: str) -> Link:
    await _check(pair)
    link = await pair.link(DUPLICATE, MERGED, {"reason": reason.strip(), PERSON: person})
    await _stand_still(pair)
    await pair.write("merge", MERGED, reason)
    return link


async def _stand_still(pair: Pair) -> None:
    """Its own clock says nothing any more, and what it asked for is over."""
    await approvals.take_back_all(pair.house, pair.unit, pair.two, actor=pair.login)
    work = {"merged_into": pair.one.id, "alert_at": NEVER, "note_at": None}
    await pair.unit.complaints.set_work(pair.two.id, work, now=pair.now)
    await end_alerts(pair.unit, pair.two, pair.now, pair.login)


async def _run_again(pair: Pair) -> None:
    """Counted from its own first receipt, as if it had never stood still."""
    work = {"merged_into": None, "note_at": next_note(pair.now)}
    await pair.unit.complaints.set_work(pair.two.id, work, now=pair.now)
    await set_clock(pair.unit, replace(pair.two, merged_into=None), pair.now)


def _check_alike(pair: Pair) -> None:
    """Two people are answered each (Art 15), and nobody waits longer because they told it twice."""
    if not is_one_person(pair.one, pair.two):
        raise NotLinkable("another_person")
    if pair.two.received_at < pair.one.received_at:
        raise NotLinkable("into_later")


async def _check(pair: Pair) -> None:
    """No chains: what has others in it goes nowhere, and nothing goes into what went elsewhere."""
    if pair.one.status in CLOSED or pair.two.status in CLOSED:
        raise NotLinkable("closed")
    if pair.one.merged_into is not None or pair.two.merged_into is not None:
        raise NotLinkable("merged")
    of_two = await pair.unit.links.of(pair.two.id)
    if any(link.state == MERGED and link.complaint_id == pair.two.id for link in of_two):
        raise NotLinkable("has_others")


async def _into_of(house: House, number: str, actor: By) -> str:
    """The number of the complaint that it was merged into; the lock comes later, and looks again."""
    async with house.store.reading() as unit:
        case = await unit.complaints.by_number(number)
        into = await unit.complaints.get(case.merged_into) if case and case.merged_into is not None else None
    if case is None or not knows_of(actor, case):
        raise NoSuchComplaint(number)
    if into is None:
        raise NotLinkable("not_merged")
    return into.number
