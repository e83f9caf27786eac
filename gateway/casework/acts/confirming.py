"""Values that a person gives or confirms: in the ledger like all we take in, and above whatever a machine read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from channels.base import Answer
from gateway.casework.acts.by import By, knows_of, login_of, require
from gateway.casework.acts.hand import require_open
from gateway.casework.acts.refusals import NotTaken
from gateway.casework.move import NoSuchComplaint, reread
from gateway.house import House
from gateway.intake.paper.item import CHECKED, check_of
from gateway.staff.actor import Right
from normalizer.record import Submission
from store.values import Case

Submit = Callable[[Submission], Awaitable[Answer]]  # the inbox's own verb


async def confirm(
    house: House,
    submit: Submit,
    number: str,
    values: Mapping[str, str],
    *,
    actor: By,
    action: str = CHECKED,
    reason: str = "",
) -> Case:
    """Let these values of the record stand; an empty one is taken out. They are in the form in which it keeps them.

    Raises NoSuchComplaint, NotYours, Closed, MergedAway, or NotTaken when the complaint does not have them afterwards.
    """
    require(actor, Right.WORK)
    case = await open_case(house, number, actor)
    by, now = login_of(actor), house.clock.now()
    said = check_of(number, case.channel, None, values, "", by=by, at=now, action=action, reason=reason.strip())
    await submit(said)
    after = await reread(house, number)
    if any(after.record.value(name) != value for name, value in values.items()):
        raise NotTaken
    return after


async def open_case(house: House, number: str, actor: By) -> Case:
    """As it is now. Raises NoSuchComplaint, Closed or MergedAway."""
    case = await reread(house, number)
    if not knows_of(actor, case):
        raise NoSuchComplaint(number)
    require_open(case)
    return case
