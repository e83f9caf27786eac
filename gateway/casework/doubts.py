"""Doubts that a person settles: calls back that were made, and items that somebody else wrote into a complaint."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from gateway.casework.acts.by import By, login_of
from gateway.casework.acts.merging import merge_theirs
from gateway.casework.tasks import AlreadyDone, finish_task, record_done
from gateway.casework.undelivered import Otherwise, record_told
from gateway.house import House
from normalizer.number import parse_number
from store.unit import Unit
from store.values import Moment, Task

CALLBACK = "callback"  # kind of the task, and of its moments in the timeline
TOLD_AT_NEXT_CONTACT = "told_at_next_contact"
STRANGER = "stranger_in_thread"
MERGED_HEARD = "merged_heard"  # its first line is the number of the complaint that was merged away, then its words
ALIKE = "letters_alike"  # numbers of the complaints whose letters look the same


class Rang(StrEnum):
    """What came of a call back."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"


class NotAStranger(LookupError):
    """The task is not about an item in somebody else's complaint."""


async def note_ring(house: House, task: Task, rang: Rang, *, note: str, actor: By) -> int:
    """Write down that somebody rang; which attempt it was. Raises AlreadyDone.

    Attempts are the proof that a customer could not be contacted (Art 21); one that reached them ends the task, and
    where a message waited for their next contact, it has been told.
    """
    async with house.store.unit() as unit:
        if task.conversation_id is not None:
            await unit.conversations.get(task.conversation_id, lock=True)
        if task.complaint_id is not None:
            await unit.complaints.get(task.complaint_id, lock=True)
        current = await unit.tasks.get(task.id)
        if current is None or current.state != "open":
            raise AlreadyDone(task.id)
        attempt = len(attempts_at(task, await _moments(unit, task))) + 1
        await _note_attempt(house, unit, task, rang, attempt, note, login_of(actor))
        if rang is Rang.REACHED:
            await _end(house, unit, task, note, login_of(actor))
        await unit.commit()
    return attempt


def attempts_at(task: Task, moments: Sequence[Moment]) -> list[Moment]:
    """The attempts at one call back, among the moments of its complaint."""
    return [each for each in moments if each.kind == CALLBACK and each.data.get("task") == task.id]


async def is_theirs(house: House, task: Task, *, reason: str, actor: By) -> str:
    """The item is the customer's own: it goes into the complaint that it was written into; that one's number.

    Nobody is told: the address may be anybody's. Raises NotAStranger, NoSuchComplaint, NotYours or NotLinkable.
    """
    about = claimed(task)
    if not about or not task.number:
        raise NotAStranger(task.id)
    await merge_theirs(house, task.number, about, reason=reason, actor=actor)
    await finish_task(house, task.id, actor=login_of(actor), note=reason)
    return about


async def is_its_own(house: House, task: Task, *, reason: str, actor: By) -> None:
    """The item stays the complaint that it was made into when it came. Raises NotAStranger or AlreadyDone."""
    if task.reason != STRANGER:
        raise NotAStranger(task.id)
    await finish_task(house, task.id, actor=login_of(actor), note=reason)


def claimed(task: Task) -> str:
    """The number of the complaint into which a stranger wrote; empty where the task is about something else."""
    return parse_number(task.detail.partition("\n")[0]) or "" if task.reason == STRANGER else ""


async def _moments(unit: Unit, task: Task) -> Sequence[Moment]:
    if task.complaint_id is not None:
        return await unit.timeline.of_kind(CALLBACK, [task.complaint_id])
    return await unit.timeline.of_conversation(task.conversation_id) if task.conversation_id is not None else ()


async def _note_attempt(house: House, unit: Unit, task: Task, rang: Rang, attempt: int, note: str, login: str) -> None:
    now = house.clock.now()
    facts = {"task": task.id, "attempt": attempt, **({"note": note} if note else {})}
    talk = task.conversation_id
    await unit.timeline.add(
        task.complaint_id, at=now, kind=CALLBACK, actor=login, text=rang, data=facts, conversation_id=talk
    )
    detail = {"task": task.id, "attempt": attempt, "rang": rang}
    await unit.audit.write(at=now, actor=login, action=CALLBACK, subject=task.number or task.id, detail=detail)


async def _end(house: House, unit: Unit, task: Task, note: str, login: str) -> None:
    await record_done(house, unit, task, actor=login, note=note)
    if task.reason == TOLD_AT_NEXT_CONTACT:
        await record_told(house, unit, task, Otherwise.BY_PHONE, note, login)
