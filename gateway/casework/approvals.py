"""Steps that need a second person: asked for by one, done when another approves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from gateway.casework.acts.by import By, knows_of, login_of, require
from gateway.casework.acts.refusals import Refused
from gateway.house import House
from gateway.staff.actor import Right
from store.desk import Approval
from store.unit import Unit
from store.values import Case

OPEN, APPROVED, REFUSED, TAKEN_BACK = "open", "approved", "refused", "taken_back"

# What is done on approval, in the transaction of the approval: the case is locked, the login is the approver's.
Deed = Callable[[House, Unit, Case, Approval, str], Awaitable[None]]
_DEEDS: dict[str, Deed] = {}


class NoSuchApproval(LookupError):
    """Nothing with this id waits for approval: not of this complaint, or of none that they may know of."""


class ApprovalRefused(Refused):
    """Not now, or not by this person. ``why``: same_person, not_asker, decided, asked_already."""

    code = "approval_refused"


def on_approval(kind: str, deed: Deed) -> None:
    """Say what is done when a step of this kind is approved; at import, once for each kind."""
    assert kind not in _DEEDS, "two deeds for one approval"
    _DEEDS[kind] = deed


async def ask(house: House, unit: Unit, case: Case, kind: str, facts: Mapping[str, Any], *, actor: str) -> Approval:
    """Lay a step before a second person, in this transaction; raises ApprovalRefused while one like it waits."""
    assert kind in _DEEDS, "nobody has said what approving it would do"
    if any(each.kind == kind and each.state == OPEN for each in await unit.approvals.of_complaint(case.id)):
        raise ApprovalRefused("asked_already")
    asked = Approval(
        complaint_id=case.id, kind=kind, state=OPEN, asked_at=house.clock.now(), asked_by=actor, facts=dict(facts)
    )
    asked = replace(asked, id=await unit.approvals.ask(asked))
    await _note(house, unit, case, asked, "asked", actor)
    return asked


async def approve(house: House, id: int, *, actor: By, number: str = "") -> Approval:
    """A second person agrees: the step is done at once, or nothing is. Raises NotYours, and what the step raises.

    ``number`` of the complaint that it must be about, where one is in hand.
    """
    require(actor, Right.APPROVE)
    async with house.store.unit() as unit:
        case, asked = await _locked(unit, id, actor, number)
        if login_of(actor) == asked.asked_by:
            raise ApprovalRefused("same_person")
        await _DEEDS[asked.kind](house, unit, case, asked, login_of(actor))
        decided = await _decide(house, unit, case, asked, APPROVED, login_of(actor))
        await unit.commit()
    return decided


async def refuse(house: House, id: int, *, reason: str, actor: By, number: str = "") -> Approval:
    """A second person does not agree, and says why. Raises NotYours."""
    require(actor, Right.APPROVE)
    async with house.store.unit() as unit:
        case, asked = await _locked(unit, id, actor, number)
        if login_of(actor) == asked.asked_by:
            raise ApprovalRefused("same_person")
        decided = await _decide(house, unit, case, asked, REFUSED, login_of(actor), reason)
        await unit.commit()
    return decided


async def take_back(house: House, id: int, *, actor: By, number: str = "") -> Approval:
    """Whoever asked does not want it any more."""
    async with house.store.unit() as unit:
        case, asked = await _locked(unit, id, actor, number)
        if login_of(actor) != asked.asked_by:
            raise ApprovalRefused("not_asker")
        decided = await _decide(house, unit, case, asked, TAKEN_BACK, login_of(actor))
        await unit.commit()
    return decided


async def take_back_all(house: House, unit: Unit, case: Case, *, actor: str) -> None:
    """What waits for approval is asked for no more, in this transaction; ``case`` is locked."""
    for each in await unit.approvals.of_complaint(case.id):
        if each.state == OPEN:
            await _decide(house, unit, case, each, TAKEN_BACK, actor)


async def _locked(unit: Unit, id: int, by: By, number: str) -> tuple[Case, Approval]:
    """The complaint, locked first as everybody locks, and what waits."""
    found = await unit.approvals.get(id)
    case = await unit.complaints.get(found.complaint_id, lock=True) if found is not None else None
    asked = await unit.approvals.get(id, lock=True)
    if case is None or asked is None or not knows_of(by, case) or number not in ("", case.number):
        raise NoSuchApproval(id)
    if asked.state != OPEN:
        raise ApprovalRefused("decided")
    return case, asked


async def _decide(
    house: House, unit: Unit, case: Case, asked: Approval, state: str, actor: str, reason: str = ""
) -> Approval:
    now = house.clock.now()
    await unit.approvals.decide(asked.id, state, at=now, by=actor)
    decided = replace(asked, state=state, decided_at=now, decided_by=actor)
    await _note(house, unit, case, decided, state, actor, reason)
    return decided


async def _note(house: House, unit: Unit, case: Case, asked: Approval, what: str, actor: str, reason: str = "") -> None:
    now = house.clock.now()
    facts = {"kind": asked.kind, "approval": asked.id, **({"reason": reason} if reason else {})}
    await unit.timeline.add(case.id, at=now, kind="approval", actor=actor, text=what, data=facts)
    await unit.audit.write(at=now, actor=actor, action=f"approval_{what}", subject=case.number, detail=facts)
