"""A customer asks to be forgotten (个人信息保护法 Art 47): it is erased, or restricted until it may be.

Restricted is what the law asks for where its own periods are not over: it is only stored and protected. A complaint is
shown masked to everybody as it is; for one that is restricted nothing new is begun, and a page and the API say so.
"""

from __future__ import annotations

from enum import StrEnum

from gateway.casework import approvals
from gateway.casework.acts.by import By, login_of, require
from gateway.casework.acts.hand import in_hand
from gateway.casework.acts.refusals import MergedAway
from gateway.casework.retention.erasing import against, erase_family, locked_family
from gateway.casework.retention.holding import Erased
from gateway.house import House
from gateway.staff.actor import Right
from store.desk import Approval
from store.unit import Unit
from store.values import Case

KIND = "erasure"


class Keeping(StrEnum):
    """Where a complaint stands."""

    KEPT = "kept"
    HELD = "held"
    RESTRICTED = "restricted"
    ERASED = "erased"


async def ask_to_erase(house: House, number: str, *, reason: str, actor: By) -> Approval:
    """Lay the customer's wish before a second person. Raises NoSuchComplaint, NotYours, Erased or ApprovalRefused."""
    require(actor, Right.WORK)
    async with in_hand(house, number, actor) as hand:
        if hand.case.erased_at is not None:
            raise Erased
        if hand.case.merged_into is not None:
            raise MergedAway
        facts = {"reason": reason.strip()}
        return await approvals.ask(house, hand.unit, hand.case, KIND, facts, actor=login_of(actor))


async def _do(house: House, unit: Unit, case: Case, asked: Approval, actor: str) -> None:
    """A second person approved: erased where nothing keeps it, else restricted, as the approval itself tells."""
    now = house.clock.now()
    family = await unit.expired.family(case.id)
    over = case.keep_until is not None and case.keep_until <= now
    why = await against(unit, family, case) if over else "not_due"
    if why:
        facts = {"why": why}
        await unit.timeline.add(case.id, at=now, kind="restricted", actor=actor, text="", data=facts)
        await unit.audit.write(at=now, actor=actor, action="restrict", subject=case.number, detail=facts)
    else:
        await erase_family(house, unit, await locked_family(unit, case.id), by=actor)


async def keeping_of(unit: Unit, case: Case) -> Keeping:
    """Erased, held, restricted, or just kept."""
    if case.erased_at is not None:
        return Keeping.ERASED
    if await unit.holds.any_of([case.id]):
        return Keeping.HELD
    asked = await unit.approvals.of_complaint(case.id)
    wished = any(each.kind == KIND and each.state == approvals.APPROVED for each in asked)
    return Keeping.RESTRICTED if wished else Keeping.KEPT


approvals.on_approval(KIND, _do)
