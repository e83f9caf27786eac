"""What a customer who has proven who they are may see of their complaint: never a note of the house, never a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from channels.base import DeliveryReport, DeliveryState, Inbox
from gateway.casework.lifecycle import CLOSED, NEXT, TOLD, Status
from gateway.casework.told_too import as_handled
from gateway.customers.taking import CHANNEL
from gateway.house import House
from gateway.intake.phrases import Phrases
from gateway.intake.progress import label
from normalizer.record import Intent
from store.unit import Unit
from store.values import Case, Moment, OutboxState

S = Status
# How far it is, of five steps.
STAGES: dict[Status, int] = {
    **dict.fromkeys((S.RECEIVED, S.REGISTERED, S.SUPPLEMENT), 0),
    **dict.fromkeys((S.ACCEPTED, S.GRADED), 1),
    **dict.fromkeys((S.INVESTIGATING, S.APPRAISAL, S.MEDIATION, S.SOLUTION, S.REOPENED), 2),
    **dict.fromkeys((S.DECIDED, S.IMPLEMENTING, S.REVIEW_REQUESTED, S.REVIEWING, S.REVIEW_DECIDED), 3),
    **dict.fromkeys((S.FOLLOW_UP, S.EVALUATED, S.ARCHIVED, S.NOT_HANDLED), 4),
    S.WITHDRAWN: -1,
}
NEXT_STEPS = {
    S.RECEIVED: "intake",
    S.REGISTERED: "intake",
    S.SUPPLEMENT: "supplement",
    S.ACCEPTED: "accepted",
    S.DECIDED: "decided",
    S.REVIEW_DECIDED: "decided",
    S.FOLLOW_UP: "rate",
    S.EVALUATED: "closed",
    S.ARCHIVED: "closed",
    S.NOT_HANDLED: "closed",
    S.WITHDRAWN: "withdrawn",
}
MOST_MOMENTS = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    at: datetime
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseView:
    """One complaint in plain words. ``stage`` is 0 to 4, or -1 when it was withdrawn; ``next`` a key of [next]."""

    number: str
    status: str
    state: str
    stage: int
    next: str
    due_at: datetime
    timeline: Sequence[Line]
    messages: Sequence[Line]  # newest first
    may_add: bool
    may_withdraw: bool
    may_rate: bool


async def seen_by_owner(house: House, inbox: Inbox, number: str, words: Phrases) -> CaseView | None:
    """The complaint as its owner sees it now; what lay in the page's mailbox has been delivered by that."""
    async with house.store.reading() as unit:
        case = await unit.complaints.by_number(number)
        if case is None:
            return None
        moments = await unit.timeline.of(case.id, limit=MOST_MOMENTS)
        handled = await as_handled(unit, case)
        unread = await _unread(unit, case)
    for parcel in unread:
        await inbox.report(
            DeliveryReport(
                channel=CHANNEL, state=DeliveryState.DELIVERED, at=house.clock.now(), outbound_id=parcel, reason=""
            )
        )
    return _view(case, handled, moments, words)


async def _unread(unit: Unit, case: Case) -> list[str]:
    parcels = await unit.outbox.of_complaint(case.id)
    return [each.id for each in parcels if each.channel == CHANNEL and each.state is OutboxState.SENT]


def _view(case: Case, handled: Case, moments: Sequence[Moment], words: Phrases) -> CaseView:
    """``handled``: as it stands where it was merged into another of theirs; what they may do is of their own one."""
    status, stands = Status(case.status), Status(handled.status)
    return CaseView(
        number=case.number,
        status=stands,
        state=label(words, handled),
        stage=STAGES[stands],
        next=_next(status, stands),
        due_at=handled.due_at,
        timeline=[Line(at=case.received_at, text=words.get("status", S.RECEIVED)), *_steps(moments, words)],
        messages=[Line(at=each.at, text=each.text) for each in reversed(moments) if each.kind == "said"],
        may_add=status not in CLOSED,
        may_withdraw=S.WITHDRAWN in NEXT[status] and case.record.intent is Intent.COMPLAINT,
        may_rate=status is S.FOLLOW_UP,
    )


def _next(status: Status, stands: Status) -> str:
    """Who rates, does so once, where the score was asked for."""
    asks_elsewhere = stands is S.FOLLOW_UP and status is not stands
    return NEXT_STEPS.get(S.DECIDED if asks_elsewhere else stands, "working")


def _steps(moments: Sequence[Moment], words: Phrases) -> list[Line]:
    """Each state that customers hear of, once in a row."""
    lines: list[Line] = []
    for each in moments:
        if each.kind != "status" or each.text not in TOLD:
            continue
        text = words.get("status", each.text)
        if not lines or lines[-1].text != text:
            lines.append(Line(at=each.at, text=text))
    return lines
