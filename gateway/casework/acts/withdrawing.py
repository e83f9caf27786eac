"""A complaint ends because its customer said so to a person of ours, and begins again when there is reason to."""

from __future__ import annotations

from datetime import datetime

from gateway.casework.acts.by import By, require
from gateway.casework.acts.hand import Hand, in_hand, require_apart
from gateway.casework.acts.refusals import OutOfTime
from gateway.casework.clocks.acts import work_on
from gateway.casework.lifecycle import Status, check, is_open_to
from gateway.casework.move import news_of, record_step, reread
from gateway.casework.retention.keeping import keep_until
from gateway.casework.telling import tell as tell_customer
from gateway.house import House
from gateway.staff.actor import Right
from store.desk import ClockEvent
from store.values import Case


async def withdraw(
    house: House,
    number: str,
    *,
    reason: str,
    evidence: str,
    tell: bool,
    actor: By,
    said_at: datetime | None = None,
) -> Case:
    """The customer takes it back; it ends on the day they said so (Art 15). ``evidence`` says how we know.

    Raises NoSuchComplaint, NotYours, MergedAway, NotAllowed, or OutOfTime for a moment before it or to come.
    """
    require(actor, Right.WORK)
    async with in_hand(house, number, actor) as hand:
        require_apart(hand.case)
        ended = said_at or hand.now
        if not hand.case.received_at <= ended <= hand.now:
            raise OutOfTime
        await _step(hand, Status.WITHDRAWN, "", tell=tell, at=ended)
        await hand.work(closed_at=ended, keep_until=keep_until(hand.case.record, ended))
        facts = {"evidence": evidence.strip(), "said_at": ended.isoformat()}
        await hand.write("withdraw", "note", reason.strip(), facts)
    return await reread(house, number)


async def reopen(
    house: House, number: str, *, reason: str, tell: bool, actor: By, facts_at: datetime | None = None
) -> Case:
    """Begin again: what was promised was not done, or, with ``facts_at``, new facts came then and the days count anew.

    Of a new date the customer is always told. Raises NoSuchComplaint, NotYours, MergedAway, NotAllowed or OutOfTime.
    """
    require(actor, Right.WORK)
    async with in_hand(house, number, actor) as hand:
        require_apart(hand.case)
        await _step(hand, _again(hand.case), reason, tell=tell and facts_at is None)
        if facts_at is not None:
            await _restart(hand, facts_at, reason)
        await hand.write("reopen", "note", reason.strip(), {"facts_at": facts_at.isoformat() if facts_at else None})
    return await reread(house, number)


def _again(case: Case) -> Status:
    """What was never decided is registered again."""
    return Status.REGISTERED if is_open_to(Status(case.status), Status.REGISTERED) else Status.REOPENED


async def _step(hand: Hand, status: Status, note: str, *, tell: bool, at: datetime | None = None) -> None:
    steps = check(Status(hand.case.status), status, note)
    await record_step(hand.house, hand.unit, hand.case, steps, note, hand.login, at=at)
    if tell:
        await tell_customer(hand.house, hand.unit, hand.case, news_of(hand.case, status, note))


async def _restart(hand: Hand, facts_at: datetime, reason: str) -> None:
    case = await hand.unit.complaints.get(hand.case.id)
    assert case is not None, "it is locked"
    work = await work_on(hand.house, hand.unit, case, hand.login)
    if not work.standing.began_at < facts_at <= hand.now:
        raise OutOfTime
    event = ClockEvent(kind="restart", at=facts_at, noted_at=hand.now, by=hand.login, facts={"reason": reason})
    await work.do(event, "restarted", reason)
