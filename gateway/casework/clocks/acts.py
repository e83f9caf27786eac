"""What staff do to the clock: each one transaction, told to the customer, and the date right at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from gateway.casework.acts.hand import require_apart
from gateway.casework.acts.refusals import Refused
from gateway.casework.clocks.engine import COMPLEX, SIMPLE, SPECIAL
from gateway.casework.clocks.following import note
from gateway.casework.clocks.limits import DAY_ENDS
from gateway.casework.clocks.reckoning import Reckoning, date_of
from gateway.casework.clocks.setting import end_alerts, set_clock
from gateway.casework.clocks.standing import shown_events, standing
from gateway.casework.lifecycle import CLOSED
from gateway.casework.move import NoSuchComplaint
from gateway.casework.telling import Message, tell
from gateway.house import House
from gateway.intake.phrases import phrases
from gateway.medium import medium_of
from normalizer.record import SHANGHAI
from store.desk import ClockEvent
from store.unit import Unit
from store.values import Case

FARTHEST = timedelta(days=366)  # nobody agrees to wait longer; a slip of the year does


class ClockRefused(Refused):
    """The clock does not allow this now.

    ``why``: stopped, too_late, agreed, extended, not_extended, untellable, past, too_far, not_new.
    """

    code = "clock_refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """One complaint, locked, and how its clock stands before anything is done."""

    house: House
    unit: Unit
    case: Case
    events: list[ClockEvent]
    now: datetime
    actor: str

    @property
    def standing(self) -> Reckoning:
        return standing(self.case, self.events, self.now)

    async def do(self, event: ClockEvent, words: str, reason: str = "") -> Reckoning:
        """Tell the customer of the date that follows from an event, note it with the proof, and set the clock."""
        promised = replace(event, facts={**event.facts, "telling": True})
        due = standing(self.case, [*self.events, promised], self.now).due_at
        parcel = await self._tell(words, reason, due)
        if not parcel and event.kind == SPECIAL:
            raise ClockRefused("untellable")
        await note(self.unit, self.case, replace(event, facts={**event.facts, "parcel": parcel}))
        await end_alerts(self.unit, self.case, self.now, self.actor)
        return await set_clock(self.unit, self.case, self.now)

    async def _tell(self, key: str, reason: str, due: datetime) -> str:
        """The id of the message, which is the proof; empty where nothing may ever be told."""
        words = phrases(self.case.record.language, medium_of(self.case.channel))
        text = words.get("clock", f"new_{key}", number=self.case.number, reason=reason.strip(), due=words.date(due))
        message = Message(text=text, label=words.get("clock", f"label_{key}"))
        return await tell(self.house, self.unit, self.case, message, actor=self.actor)


@asynccontextmanager
async def working(house: House, number: str, actor: str) -> AsyncIterator[Work]:
    """One transaction over one complaint whose clock runs; raises NoSuchComplaint, MergedAway or ClockRefused."""
    async with house.store.unit() as unit:
        case = await unit.complaints.by_number(number, lock=True)
        if case is None:
            raise NoSuchComplaint(number)
        yield await work_on(house, unit, case, actor)
        await unit.commit()


async def work_on(house: House, unit: Unit, case: Case, actor: str) -> Work:
    """The same in a transaction that is under way; ``case`` is locked."""
    require_apart(case)
    events = await shown_events(unit, case)
    work = Work(house=house, unit=unit, case=case, events=events, now=house.clock.now(), actor=actor)
    if case.status in CLOSED or work.standing.stopped:
        raise ClockRefused("stopped")
    return work


def require_movable(standing: Reckoning) -> None:
    """A date that has passed, or that was agreed on with the customer, is not moved by us alone."""
    if standing.limit == "agreed":
        raise ClockRefused("agreed")
    if standing.now > standing.due_at:
        raise ClockRefused("too_late")


async def extend(house: House, number: str, *, reason: str, actor: str) -> Reckoning:
    """To 30 days, because the matter is complex; the customer reads the reason."""
    async with working(house, number, actor) as work:
        require_movable(work.standing)
        if work.standing.limit != SIMPLE:
            raise ClockRefused("extended")
        return await work.do(_event(COMPLEX, work, reason=reason), "extended", reason)


async def agree(house: House, number: str, *, until: date, evidence: str, actor: str) -> Reckoning:
    """Another date, agreed on with the customer (Art 21); ``evidence`` says how we know."""
    async with working(house, number, actor) as work:
        _require_near(until, date_of(work.now))
        ends = datetime.combine(until, DAY_ENDS, tzinfo=SHANGHAI)
        return await work.do(_event("agreed", work, until=ends.isoformat(), evidence=evidence), "agreed")


def _require_near(until: date, today: date) -> None:
    if until < today:
        raise ClockRefused("past")
    if until > today + FARTHEST:
        raise ClockRefused("too_far")


async def restart(house: House, number: str, *, received_at: datetime, reason: str, actor: str) -> Reckoning:
    """New facts or reasons came from the customer: the days count from their receipt (Art 18)."""
    async with working(house, number, actor) as work:
        if not work.standing.began_at < received_at <= work.now:
            raise ClockRefused("not_new")
        event = replace(_event("restart", work, reason=reason), at=received_at)
        return await work.do(event, "restarted", reason)


async def extend_specially(work: Work, *, reason: str, approver: str, asked_by: str) -> Reckoning:
    """To 60 days, after approval; the customer is told before the date in force, or it does not count."""
    require_movable(work.standing)
    if work.standing.limit != COMPLEX:
        raise ClockRefused("not_extended" if work.standing.limit == SIMPLE else "extended")
    event = replace(_event(SPECIAL, work, reason=reason, approver=approver), by=asked_by)
    return await work.do(event, "special", reason)


def _event(kind: str, work: Work, **facts: str) -> ClockEvent:
    return ClockEvent(kind=kind, at=work.now, noted_at=work.now, by=work.actor, facts=facts)
