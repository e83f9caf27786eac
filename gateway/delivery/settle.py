"""The outcome of an attempt, written down: sent, later, on another channel, held, or a task for staff."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import structlog

from channels.base import OutboundKind
from gateway.casework.address import trusted
from gateway.casework.deadlines import one_working_day
from gateway.delivery.held import raise_alarm
from gateway.delivery.outcome import Failed, Held, Later, NoWay, Outcome, Sent
from gateway.delivery.pushing import ON_PAGE, push_news
from gateway.delivery.routing import BESIDE_PAGE, next_way
from gateway.delivery.schedule import next_attempt
from gateway.delivery.webhook import ENDPOINT
from gateway.house import House
from gateway.medium import Medium, medium_of
from store.unit import Unit
from store.values import OutboxState, Parcel, Posting, PostState, Task

log = structlog.get_logger(__name__)

ABRIDGED = frozenset({"template", "subscription"})
SHORT_ENOUGH = 40  # characters: number and state, which the template has told
# The provider has it or has said what became of it, or another message carries it on: who knows less changes nothing.
FINAL = frozenset({OutboxState.SENT, OutboxState.DELIVERED, OutboxState.FAILED, OutboxState.REROUTED})
AT_NEXT_CONTACT = "told_at_next_contact"
NEWS = frozenset({OutboundKind.STATUS, OutboundKind.RECEIPT, OutboundKind.REMINDER})


async def settle(house: House, parcel: Parcel, outcome: Outcome) -> None:
    """One transaction; the state is kept for this one destination."""
    posting = await _posting(house, parcel, outcome)
    async with house.store.unit() as unit:
        if posting is not None:
            await unit.post.printed(posting)
        await write_down(house, unit, parcel, outcome)
        await unit.commit()


async def _posting(house: House, parcel: Parcel, outcome: Outcome) -> Posting | None:
    """What was printed, kept as it was printed: before the transaction that says so."""
    printed = outcome.receipt.printed if isinstance(outcome, Sent) else None
    if printed is None:
        return None
    return Posting(
        id=parcel.id,
        complaint_id=parcel.complaint_id,
        number=parcel.number,
        kind=parcel.kind,
        state=PostState.PRINTED,
        pages=printed.pages,
        sha256=await house.store.blobs.put(printed.content),
        printed_at=house.clock.now(),
    )


async def write_down(house: House, unit: Unit, parcel: Parcel, outcome: Outcome) -> None:
    """What an attempt, or a provider's later word, has come to."""
    now = house.clock.now()
    if isinstance(outcome, Sent):
        if outcome.receipt.via == ON_PAGE and not await _is_final(unit, parcel):  # settled again after a lost lease
            await _tell_of_page(house, unit, parcel, now)
        return await _sent(unit, parcel, now, outcome)
    if parcel.conversation_id is not None:  # before the parcel: that is the order in which a turn locks
        await unit.conversations.get(parcel.conversation_id, lock=True)
    if await _is_final(unit, parcel):
        return
    match outcome:
        case Later(reason, after):
            await _later(unit, parcel, now, reason, next_attempt(now, parcel.created_at, parcel.attempts, after))
        case NoWay(reason, until_contact):
            await _another_way(house, unit, parcel, now, reason, until_contact=until_contact)
        case Held(reason):
            log.error("delivery_held", channel=parcel.channel)
            await unit.outbox.hold(parcel.id, now, reason)
            await raise_alarm(house, unit, parcel.channel, reason)
        case Failed(reason):
            await give_up(unit, parcel, now, reason)


async def _tell_of_page(house: House, unit: Unit, parcel: Parcel, now: datetime) -> None:
    if not await push_news(house, unit, parcel, now):
        await _tell_staff_it_waits(unit, parcel, now, "no way to them is open but the page")


async def give_up(unit: Unit, parcel: Parcel, now: datetime, reason: str) -> None:
    """It will never pass: staff are told, unless the customer has heard it otherwise."""
    await unit.outbox.finish(parcel.id, OutboxState.FAILED, reason)
    await _note(unit, parcel, now, "failed")
    if BESIDE_PAGE in parcel.context:
        return await _tell_staff_it_waits(unit, parcel, now, reason)
    if parcel.kind == OutboundKind.COPY or ENDPOINT in parcel.context:
        return  # it was told on the line; of an endpoint that is down staff are told once, not for each event
    await _tell_staff(unit, parcel, now, "not_delivered", reason)


async def _is_final(unit: Unit, parcel: Parcel) -> bool:
    """A report can be faster than we are; what comes from a report itself passes while it says something new."""
    found = await unit.outbox.get(parcel.id, lock=True)
    return found is None or (found.state in FINAL and found.state != parcel.state)


async def _sent(unit: Unit, parcel: Parcel, now: datetime, sent: Sent) -> None:
    receipt = sent.receipt
    if receipt.via in ABRIDGED and parcel.kind != OutboundKind.COPY:
        await _say_it_whole_at_next_contact(unit, parcel, now)
    await unit.outbox.sent(
        parcel.id, provider_id=receipt.provider_id, via=receipt.via, at=now, delivered=receipt.delivered
    )
    await _note(unit, parcel, now, "sent", via=receipt.via, proof=receipt.provider_id)


async def _say_it_whole_at_next_contact(unit: Unit, parcel: Parcel, now: datetime) -> None:
    """A template holds twenty characters a field: the words themselves wait until the person writes again."""
    if parcel.conversation_id is None or len(parcel.text) <= SHORT_ENOUGH:
        return
    whole = replace(parcel, id=uuid4().hex, kind=OutboundKind.ANSWER, created_at=now, next_at=now, attempts=0)
    await unit.conversations.set_parked(parcel.conversation_id, True)
    await unit.outbox.put(replace(whole, state=OutboxState.PARKED))


async def _later(unit: Unit, parcel: Parcel, now: datetime, reason: str, next_at: datetime | None) -> None:
    if next_at is None:
        return await give_up(unit, parcel, now, reason)
    await unit.outbox.later(parcel.id, next_at=next_at, error=reason)


async def _another_way(
    house: House, unit: Unit, parcel: Parcel, now: datetime, reason: str, *, until_contact: bool
) -> None:
    """Parked for the person's next contact, and meanwhile by their next channel; by neither, it has failed."""
    other = await next_way(house, unit, parcel, now)
    if until_contact and parcel.conversation_id is not None:
        await unit.outbox.finish(parcel.id, OutboxState.PARKED, reason)
        await unit.conversations.set_parked(parcel.conversation_id, True)
        if other is None:
            await _tell_staff_it_waits(unit, parcel, now, reason)
    elif other is not None:
        await unit.outbox.finish(parcel.id, OutboxState.REROUTED, reason)
    else:
        return await give_up(unit, parcel, now, reason)
    if other is not None:
        await unit.outbox.put(other)
        unit.wake()
        if medium_of(parcel.channel) is Medium.PAPER:  # whoever writes letters may not look at a telephone
            await _tell_staff(unit, parcel, now, "not_by_post", reason)
    await _note(unit, parcel, now, "unreachable", next=other.channel if other else "at_next_contact")


async def _tell_staff_it_waits(unit: Unit, parcel: Parcel, now: datetime, reason: str) -> None:
    """Somebody who never writes again would never hear of a decision: a person may call. Once for each complaint."""
    if parcel.kind not in NEWS and BESIDE_PAGE not in parcel.context:
        return
    kind = await _task_kind(unit, parcel)
    known = await unit.tasks.open_of(parcel.complaint_id, parcel.conversation_id, kind=kind)
    if not any(task.reason == AT_NEXT_CONTACT for task in known):
        await _tell_staff(unit, parcel, now, AT_NEXT_CONTACT, reason, kind=kind)


async def _task_kind(unit: Unit, parcel: Parcel) -> str:
    """Who complains by telephone can be rung up, and so can who left a number with a form."""
    if parcel.channel == "phone" or parcel.complaint_id is None:
        return "callback" if parcel.channel == "phone" else "delivery"
    case = await unit.complaints.get(parcel.complaint_id)
    on_page = medium_of(parcel.channel) is Medium.PAGE or BESIDE_PAGE in parcel.context
    return "callback" if case is not None and on_page and trusted(case.record, "phone") else "delivery"


async def _note(unit: Unit, parcel: Parcel, now: datetime, what: str, **data: str) -> None:
    if parcel.complaint_id is None:
        return
    facts = {"parcel": parcel.id, "channel": parcel.channel, "what": what, **data}
    await unit.timeline.add(parcel.complaint_id, at=now, kind="delivery", actor="gateway", text=what, data=facts)


async def _tell_staff(
    unit: Unit, parcel: Parcel, now: datetime, reason: str, detail: str, *, kind: str = "delivery"
) -> None:
    await unit.tasks.add(
        Task(
            id=uuid4().hex,
            kind=kind,
            reason=reason,
            created_at=now,
            due_at=one_working_day(now),
            complaint_id=parcel.complaint_id,
            number=parcel.number,
            conversation_id=parcel.conversation_id,
            detail=detail,
        )
    )
