"""How urgent a complaint is, by a person's judgement: raised by anybody, lowered by whoever may approve."""

from __future__ import annotations

from gateway.casework.acts.by import By, require
from gateway.casework.acts.codes import GRADES, check_code
from gateway.casework.acts.confirming import Submit, confirm, open_case
from gateway.casework.acts.refusals import NothingNew
from gateway.house import House
from gateway.staff.actor import Right
from store.values import Case


async def grade(house: House, submit: Submit, number: str, priority: str, *, reason: str, actor: By) -> Case:
    """Let this priority stand (complaint-rules 3.1: lowering needs a person and a reason).

    Raises NoSuchComplaint, NotYours, Closed, MergedAway, NoSuchCode, NothingNew or NotTaken.
    """
    require(actor, Right.WORK)
    check_code("priority", priority)
    case = await open_case(house, number, actor)
    before = case.record.value("priority") or GRADES[-1]
    if priority == case.record.value("priority"):
        raise NothingNew
    if lowers(before, priority):
        require(actor, Right.APPROVE)
    return await confirm(house, submit, number, {"priority": priority}, actor=actor, action="grade", reason=reason)


def lowers(before: str, after: str) -> bool:
    return GRADES.index(after) > GRADES.index(before)
