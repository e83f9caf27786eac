"""An officer's own words to the customer, in the thread they wrote in."""

from __future__ import annotations

from gateway.casework.acts.by import By, require
from gateway.casework.acts.hand import in_hand
from gateway.casework.acts.refusals import Unheard
from gateway.casework.move import reread
from gateway.casework.telling import Message, tell
from gateway.house import House
from gateway.intake.phrases import phrases
from gateway.medium import medium_of
from gateway.staff.actor import Right
from store.values import Case


async def reply(house: House, number: str, *, text: str, actor: By) -> Case:
    """Tell the customer. Raises NoSuchComplaint, NotYours, or Unheard when nobody may be told anything there."""
    require(actor, Right.WORK)
    async with in_hand(house, number, actor) as hand:
        if not await tell(house, hand.unit, hand.case, message_of(hand.case, text), actor=hand.login):
            raise Unheard
        facts = {"characters": len(text.strip())}
        await hand.unit.audit.write(at=hand.now, actor=hand.login, action="reply", subject=number, detail=facts)
    return await reread(house, number)


def message_of(case: Case, text: str) -> Message:
    """As news, not as a turn of the talk: that goes another way where theirs is shut, and is worth a ringing phone."""
    words = phrases(case.record.language, medium_of(case.channel))
    return Message(text=text.strip(), label=words.get("status", case.status))
