"""Messages that did not leave: tried again, or told otherwise with the proof that it was told (Art 21)."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from uuid import uuid4

from gateway.casework.acts.by import By, knows_of, login_of
from gateway.casework.clocks.proof import OTHERWISE
from gateway.casework.clocks.setting import set_clock
from gateway.casework.tasks import record_done
from gateway.delivery.routing import INSTEAD_OF
from gateway.house import House
from store.unit import Unit
from store.values import Case, OutboxState, Parcel, Task

WAITS = frozenset({OutboxState.HELD, OutboxState.PARKED})
NOT_DELIVERED = "not_delivered"


class Otherwise(StrEnum):
    """How somebody was told whom our message did not reach."""

    BY_PHONE = "by_phone"
    IN_PERSON = "in_person"
    IN_WRITING = "in_writing"


class NothingToTry(LookupError):
    """There is no such message, or it is on its way."""


async def try_again(house: House, id: str, *, actor: By) -> Parcel:
    """One more attempt: what waits is due now, what failed goes as a new message. Raises NothingToTry.

    A provider that has refused a message may refuse its id for ever: hence the new one.
    """
    async with house.store.unit() as unit:
        case = await _lock_before(unit, id, actor)
        parcel = await unit.outbox.get(id, lock=True)
        if parcel is None or parcel.state not in WAITS | {OutboxState.FAILED}:
            raise NothingToTry(id)
        again = await _again(house, unit, parcel)
        await _note(house, unit, case, parcel, again, login_of(actor))
        await _close_its_task(house, unit, case, login_of(actor))
        unit.wake()
        await unit.commit()
    return again


async def told_otherwise(house: House, task: Task, how: Otherwise, *, note: str, actor: By) -> None:
    """Somebody has told the customer; ``note`` says what and when. Raises AlreadyDone."""
    async with house.store.unit() as unit:
        if task.complaint_id is not None:
            await unit.complaints.get(task.complaint_id, lock=True)
        await record_done(house, unit, task, actor=login_of(actor), note=note)
        await record_told(house, unit, task, how, note, login_of(actor))
        await unit.commit()


async def record_told(house: House, unit: Unit, task: Task, how: Otherwise, note: str, login: str) -> None:
    """The proof in the timeline, in the caller's transaction."""
    now = house.clock.now()
    id = task.complaint_id
    stuck = [parcel.id for parcel in await unit.outbox.standing([id])] if id is not None else []
    facts = {"task": task.id, "what": OTHERWISE, "how": how, "note": note, "parcels": stuck}
    await unit.timeline.add(
        id,
        at=now,
        kind="delivery",
        actor=login,
        text=OTHERWISE,
        data=facts,
        conversation_id=task.conversation_id,
    )
    case = await unit.complaints.get(id, lock=True) if id is not None else None
    if case is not None:
        await unit.complaints.set_work(case.id, {"told_at": now}, now=now)
        await set_clock(unit, case, now)


async def _lock_before(unit: Unit, id: str, actor: By) -> Case | None:
    """Its talk and its complaint, as everybody locks; a message of a complaint that they may not know of is none."""
    found = await unit.outbox.get(id)
    if found is None:
        raise NothingToTry(id)
    if found.conversation_id is not None:
        await unit.conversations.get(found.conversation_id, lock=True)
    case = await unit.complaints.get(found.complaint_id, lock=True) if found.complaint_id is not None else None
    if case is not None and not knows_of(actor, case):
        raise NothingToTry(id)
    return case


async def _again(house: House, unit: Unit, parcel: Parcel) -> Parcel:
    now = house.clock.now()
    if parcel.state in WAITS:
        await unit.outbox.later(parcel.id, next_at=now, error="")
        return replace(parcel, state=OutboxState.WAITING, next_at=now)
    again = replace(
        parcel,
        id=uuid4().hex,
        context={**parcel.context, INSTEAD_OF: parcel.context.get(INSTEAD_OF, parcel.id)},
        state=OutboxState.WAITING,
        created_at=now,
        next_at=now,
        attempts=0,
        provider_id="",
        via="",
        error="",
        sent_at=None,
    )
    await unit.outbox.finish(parcel.id, OutboxState.REROUTED, parcel.error)
    await unit.outbox.put(again)
    return again


async def _note(house: House, unit: Unit, case: Case | None, parcel: Parcel, again: Parcel, login: str) -> None:
    now = house.clock.now()
    facts = {"parcel": parcel.id, "channel": parcel.channel, "what": "again", "as": again.id}
    await unit.audit.write(at=now, actor=login, action="try_again", subject=parcel.number or parcel.id, detail=facts)
    if case is not None:
        await unit.timeline.add(case.id, at=now, kind="delivery", actor=login, text="again", data=facts)


async def _close_its_task(house: House, unit: Unit, case: Case | None, login: str) -> None:
    """Should it fail again, that makes a task again."""
    if case is None or any(left.state is OutboxState.FAILED for left in await unit.outbox.standing([case.id])):
        return
    for task in await unit.tasks.open_of(complaint_id=case.id, kind="delivery"):
        if task.reason == NOT_DELIVERED:
            await record_done(house, unit, task, actor=login)
