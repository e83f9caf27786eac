"""Sixty days: asked for by one person, approved by another (令2020年第3号 Art 18)."""

from __future__ import annotations

from gateway.casework.approvals import ask, on_approval
from gateway.casework.clocks.acts import ClockRefused, extend_specially, require_movable, work_on, working
from gateway.casework.clocks.engine import COMPLEX, SPECIAL
from gateway.house import House
from store.desk import Approval
from store.unit import Unit
from store.values import Case


async def ask_for_sixty(house: House, number: str, *, reason: str, actor: str) -> Approval:
    """Lay it before a second person; raises ClockRefused where it could not be done."""
    async with working(house, number, actor) as work:
        require_movable(work.standing)
        if work.standing.limit != COMPLEX:
            raise ClockRefused("extended" if work.standing.limit == SPECIAL else "not_extended")
        return await ask(house, work.unit, work.case, SPECIAL, {"reason": reason}, actor=actor)


async def _do(house: House, unit: Unit, case: Case, asked: Approval, approver: str) -> None:
    work = await work_on(house, unit, case, approver)
    await extend_specially(work, reason=str(asked.facts["reason"]), approver=approver, asked_by=asked.asked_by)


on_approval(SPECIAL, _do)
