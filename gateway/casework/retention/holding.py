"""Legal hold: a complaint that must not be erased, whatever its date, until whoever may says so again."""

from __future__ import annotations

from gateway.casework.acts.by import By, require
from gateway.casework.acts.hand import in_hand
from gateway.casework.acts.refusals import NothingNew, Refused
from gateway.house import House
from gateway.staff.actor import Right
from store.holds import Hold


class Erased(Refused):
    """Nothing is left of it that could be held, or erased."""

    code = "erased"


async def hold(house: House, number: str, *, reason: str, actor: By) -> Hold:
    """Put it on hold. Raises NoSuchComplaint, NotYours, Erased, or NothingNew for one that is on hold."""
    require(actor, Right.APPROVE)
    async with in_hand(house, number, actor) as hand:
        if hand.case.erased_at is not None:
            raise Erased
        if await hand.unit.holds.any_of([hand.case.id]):
            raise NothingNew("hold")
        held = Hold(complaint_id=hand.case.id, at=hand.now, by=hand.login, reason=reason.strip())
        await hand.unit.holds.add(held)
        await hand.write("hold", "hold", facts={"reason": reason.strip()})
    return held


async def lift(house: House, number: str, *, reason: str, actor: By) -> None:
    """End all holds of it. Raises NoSuchComplaint, NotYours, or NothingNew for one that is on none."""
    require(actor, Right.APPROVE)
    async with in_hand(house, number, actor) as hand:
        held = [each for each in await hand.unit.holds.of(hand.case.id) if each.in_force]
        if not held:
            raise NothingNew("no_hold")
        for each in held:
            await hand.unit.holds.lift(each.id, at=hand.now, by=hand.login, reason=reason.strip())
        await hand.write("lift_hold", "hold_lifted", facts={"reason": reason.strip()})
