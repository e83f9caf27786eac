"""A note for colleagues: in the history, and never told."""

from __future__ import annotations

from gateway.casework.acts.by import By, require
from gateway.casework.acts.hand import in_hand
from gateway.casework.move import reread
from gateway.house import House
from gateway.staff.actor import Right
from store.values import Case


async def note(house: House, number: str, *, text: str, actor: By) -> Case:
    """Write it down. Raises NoSuchComplaint or NotYours."""
    require(actor, Right.WORK)
    async with in_hand(house, number, actor) as hand:
        await hand.unit.timeline.add(hand.case.id, at=hand.now, kind="note", actor=hand.login, text=text.strip())
        facts = {"characters": len(text.strip())}
        await hand.unit.audit.write(at=hand.now, actor=hand.login, action="note", subject=number, detail=facts)
    return await reread(house, number)
