"""Who handles a complaint: a person, a branch, or nobody yet; never whoever it is about (令2020年第3号 Art 17)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gateway.casework.acts.by import By, person_of, require
from gateway.casework.acts.hand import Hand, in_hand, require_apart
from gateway.casework.acts.refusals import InConflict, Refused, Unfit
from gateway.casework.avoidance import is_about
from gateway.casework.move import NoSuchComplaint, reread
from gateway.house import House
from gateway.staff.actor import Right, rights_of
from store.branches import Place
from store.desk import Person
from store.values import Case

HEAD_OFFICE = ""
NAMED, OF_A_BRANCH = "named", "branch"  # why somebody is in conflict: by name, or by the branch they work in


@dataclass(frozen=True, kw_only=True, slots=True)
class Went:
    """How it went with one of several complaints: empty when it was done, else the code of a refusal and its why."""

    number: str
    code: str = ""
    why: str = ""


async def assign(house: House, number: str, person_id: int, *, actor: By, reason: str = "") -> Case:
    """Give it to a person. Raises NoSuchComplaint, NotYours, MergedAway, Unfit or InConflict.

    Whoever may work but not assign may take a complaint themselves.
    """
    require(actor, Right.WORK if person_id == person_of(actor) else Right.ASSIGN)
    async with in_hand(house, number, actor) as hand:
        require_apart(hand.case)
        person = await _fit(hand, person_id)
        await hand.work(assignee_id=person.id)
        await _write(hand, reason, to=person.login)
    return await reread(house, number)


async def send_to(house: House, number: str, branch: str, *, actor: By, reason: str = "") -> Case:
    """Give it to a branch, by code; there it is nobody's yet. Raises NoSuchComplaint, NotYours, Unfit or InConflict."""
    require(actor, Right.ASSIGN)
    async with in_hand(house, number, actor) as hand:
        require_apart(hand.case)
        await _check_branch(hand, branch)
        await hand.work(branch=branch, assignee_id=None)
        await _write(hand, reason, branch=branch)
    return await reread(house, number)


async def release(house: House, number: str, *, actor: By, reason: str = "") -> Case:
    """Nobody has it any more. Raises NoSuchComplaint or NotYours."""
    async with in_hand(house, number, actor) as hand:
        mine = hand.case.assignee_id is not None and hand.case.assignee_id == person_of(actor)
        require(actor, Right.WORK if mine else Right.ASSIGN)
        await hand.work(assignee_id=None)
        await _write(hand, reason, to="")
    return await reread(house, number)


async def assign_all(
    house: House, numbers: Iterable[str], person_id: int, *, actor: By, reason: str = ""
) -> tuple[Went, ...]:
    """Give several to a person, each by itself; says how each went."""
    return tuple([await _attempt(house, number, person_id, actor, reason) for number in dict.fromkeys(numbers)])


async def _attempt(house: House, number: str, person_id: int, actor: By, reason: str) -> Went:
    try:
        await assign(house, number, person_id, actor=actor, reason=reason)
    except NoSuchComplaint:
        return Went(number=number, code="no_such_complaint")
    except Refused as refusal:
        return Went(number=number, code=refusal.code, why=refusal.why)
    return Went(number=number)


async def _fit(hand: Hand, person_id: int) -> Person:
    """The person, if they work here, may work, see the complaint's branch, and it is not about them."""
    person = await hand.unit.people.get(person_id)
    if person is None or not person.active:
        raise Unfit("nobody")
    if Right.WORK not in rights_of(person.roles):
        raise Unfit("role")
    place = await hand.unit.branches.around(person.branch)
    if person.branch != HEAD_OFFICE and hand.case.branch not in place.below:
        raise Unfit("branch")
    _avoid(hand.case, person.name, place)
    return person


async def _check_branch(hand: Hand, code: str) -> None:
    if code == HEAD_OFFICE:
        return
    if await hand.unit.branches.get(code) is None:
        raise Unfit("branch")
    _avoid(hand.case, "", await hand.unit.branches.around(code))


def _avoid(case: Case, name: str, place: Place) -> None:
    if is_about(case.record, name=name):
        raise InConflict(NAMED)
    if is_about(case.record, name="", branches=place.above):
        raise InConflict(OF_A_BRANCH)


async def _write(hand: Hand, reason: str, **facts: str) -> None:
    """``to`` is a login, ``branch`` a code; empty: nobody's."""
    await hand.write("assign", "assigned", reason.strip(), {**facts, "before": hand.case.assignee_id})
