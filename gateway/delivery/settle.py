"""The outcome of an attempt, written down: sent, later, on another channel, held, or a task for staff."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import structlog

from channels.base import OutboundKind
from gateway.casework.deadlines import one_working_day
from gateway.delivery.outcome import Failed, Held, Later, NoWay, Outcome, Sent
from gateway.delivery.routing import next_way
from gateway.delivery.schedule import next_attempt
from gateway.house import House
from gateway.intake.talk import Talk
from store.unit import Unit
from store.values import OutboxState, Parcel, Task

log = structlog.get_logger(__name__)

ABRIDGED = frozenset({"template", "subscription"})
SHORT_ENOUGH = 40  # characters: number and state, which the template has told


async def settle(house: House, parcel: Parcel, outcome: Outcome) -> None:
    """One transaction; the state is kept for this one destination."""
    async with house.store.unit() as unit:
        now = house.clock.now()
        match outcome:
            case Sent(receipt):
                await unit.outbox.sent(
                    parcel.id, provider_id=receipt.provider_id, via=receipt.via, at=now, delivered=receipt.delivered
                )
                await _note(unit, parcel, now, "sent", via=receipt.via, proof=receipt.provider_id)
                if receipt.via in ABRIDGED:
                    await _say_it_whole_at_next_contact(unit, parcel, now)
            case Later(reason, after):
                await _later(unit, parcel, now, reason, next_attempt(now, parcel.created_at, parcel.attempts, after))
            case NoWay(reason, until_contact):
                await _another_way(house, unit, parcel, now, reason, until_contact=until_contact)
            case Held(reason):
                log.error("delivery_held", channel=parcel.channel)
                await unit.outbox.finish(parcel.id, OutboxState.HELD, reason)
                await _tell_staff(unit, parcel, now, "misconfigured", reason)
            case Failed(reason):
                await give_up(unit, parcel, now, reason)
        await unit.commit()


async def give_up(unit: Unit, parcel: Parcel, now: datetime, reason: str) -> None:
    """It will never pass: staff are told, since the customer was not."""
    await unit.outbox.finish(parcel.id, OutboxState.FAILED, reason)
    await _note(unit, parcel, now, "failed")
    await _tell_staff(unit, parcel, now, "not_delivered", reason)


async def _say_it_whole_at_next_contact(unit: Unit, parcel: Parcel, now: datetime) -> None:
    """A template holds twenty characters a field: the words themselves wait until the person writes again."""
    if parcel.conversation_id is None or len(parcel.text) <= SHORT_ENOUGH:
        return
    whole = replace(parcel, id=uuid4().hex, kind=OutboundKind.ANSWER, created_at=now, next_at=now, attempts=0)
    await unit.outbox.put(replace(whole, state=OutboxState.PARKED))
    await _mark_parked(unit, parcel)


async def _later(unit: Unit, parcel: Parcel, now: datetime, reason: str, next_at: datetime | None) -> None:
    if next_at is None:
        return await give_up(unit, parcel, now, reason)
    await unit.outbox.later(parcel.id, next_at=next_at, error=reason)


async def _another_way(
    house: House, unit: Unit, parcel: Parcel, now: datetime, reason: str, *, until_contact: bool
) -> None:
    """The person's next channel carries it; and where they may write again, it also waits for them there."""
    other = await next_way(house, unit, parcel, now)
    if until_contact and parcel.conversation_id is not None:
        await unit.outbox.finish(parcel.id, OutboxState.PARKED, reason)
        await _mark_parked(unit, parcel)
    elif other is not None:
        await unit.outbox.finish(parcel.id, OutboxState.REROUTED, reason)
    else:
        return await give_up(unit, parcel, now, reason)
    if other is not None:
        await unit.outbox.put(other)
        unit.wake()
    await _note(unit, parcel, now, "unreachable", next=other.channel if other else "at_next_contact")


async def _mark_parked(unit: Unit, parcel: Parcel) -> None:
    conversation = await unit.conversations.get(parcel.conversation_id) if parcel.conversation_id else None
    if conversation is None:
        return
    talk = replace(Talk.from_state(conversation.state), parked=True)
    await unit.conversations.save(
        conversation.id,
        state=talk.to_state(),
        complaint_id=conversation.complaint_id,
        remind_at=conversation.remind_at,
        last_heard_at=conversation.last_heard_at,
    )


async def _note(unit: Unit, parcel: Parcel, now: datetime, what: str, **data: str) -> None:
    if parcel.complaint_id is None:
        return
    facts = {"parcel": parcel.id, "channel": parcel.channel, "what": what, **data}
    await unit.timeline.add(parcel.complaint_id, at=now, kind="delivery", actor="gateway", text=what, data=facts)


async def _tell_staff(unit: Unit, parcel: Parcel, now: datetime, reason: str, detail: str) -> None:
    await unit.tasks.add(
        Task(
            id=uuid4().hex,
            kind="delivery",
            reason=reason,
            created_at=now,
            due_at=one_working_day(now),
            complaint_id=parcel.complaint_id,
            number=parcel.number,
            conversation_id=parcel.conversation_id,
            detail=detail,
        )
    )
