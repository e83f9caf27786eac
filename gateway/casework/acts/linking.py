"""Complaints that have to do with one another: linked by a person, or suggested by the house and decided by one."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from gateway.casework.acts.by import By, require
from gateway.casework.acts.merging import merge_in
from gateway.casework.acts.pairs import Pair, both, both_of
from gateway.casework.acts.refusals import NoSuchLink, NothingNew
from gateway.house import House
from gateway.staff.actor import Right
from store.desk import Link

SUGGESTED, OPEN, MERGED, UNDONE, REFUSED = "suggested", "open", "merged", "undone", "no"

Kind = Literal["duplicate", "related"]


async def link(house: House, number: str, other: str, *, kind: Kind = "related", reason: str, actor: By) -> Link:
    """Two complaints have to do with one another. Raises NoSuchComplaint, NotYours, NotLinkable or NothingNew."""
    require(actor, Right.WORK)
    async with both(house, number, other, actor) as pair:
        await _check_new(pair, kind)
        noted = await pair.link(kind, OPEN, {"reason": reason.strip()})
        await pair.write("link", kind, reason)
    return noted


async def unlink(house: House, link_id: int, *, reason: str, actor: By) -> Link:
    """They have nothing to do with one another. Raises NotYours or NoSuchLink; a merge is undone by ``unmerge``."""
    require(actor, Right.WORK)
    return await _decide(house, link_id, OPEN, UNDONE, reason, actor)


async def refuse(house: House, link_id: int, *, reason: str, actor: By) -> Link:
    """What was suggested is wrong, and is not suggested again. Raises NotYours or NoSuchLink."""
    require(actor, Right.WORK)
    return await _decide(house, link_id, SUGGESTED, REFUSED, reason, actor)


async def accept(house: House, link_id: int, *, reason: str, actor: By) -> Link:
    """They are related, and stay two complaints. Raises NotYours or NoSuchLink."""
    require(actor, Right.WORK)
    return await _decide(house, link_id, SUGGESTED, OPEN, reason, actor)


async def accept_merging(house: House, link_id: int, *, reason: str, tell: bool, actor: By) -> Link:
    """They are one complaint: the later one goes into the earlier. Raises NotYours, NoSuchLink or NotLinkable."""
    require(actor, Right.WORK)
    async with both_of(house, link_id, actor) as (pair, suggestion):
        if suggestion.state != SUGGESTED:
            raise NoSuchLink
        return await merge_in(_earlier_first(pair), reason, tell=tell)


def _earlier_first(pair: Pair) -> Pair:
    if pair.one.received_at <= pair.two.received_at:
        return pair
    return Pair(house=pair.house, unit=pair.unit, one=pair.two, two=pair.one, by=pair.by)


async def _check_new(pair: Pair, kind: str) -> None:
    known = await pair.unit.links.between(pair.one.id, pair.two.id)
    if any(each.kind == kind and each.state in (OPEN, MERGED) for each in known):
        raise NothingNew


async def _decide(house: House, link_id: int, now: str, then: str, reason: str, actor: By) -> Link:
    async with both_of(house, link_id, actor) as (pair, found):
        if found.state != now:
            raise NoSuchLink
        kind = "related" if (now, then) == (SUGGESTED, OPEN) else found.kind
        facts = {**found.facts, "reason": reason.strip()}
        decided = replace(found, kind=kind, state=then, at=pair.now, by=pair.login, facts=facts)
        await pair.unit.links.set(decided)
        await pair.write("link", then, reason)
    return decided
