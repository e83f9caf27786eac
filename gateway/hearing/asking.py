"""A person is asked to listen, once for each item; and no longer once somebody has."""

from __future__ import annotations

from gateway.casework.tasks import new_task
from gateway.hearing.doubt import is_doubtful
from gateway.hearing.item import STAFF
from gateway.house import House
from store.unit import Unit
from store.values import File, Hearing, Task

REASON = "recording_to_hear"


async def ask_a_person(house: House, unit: Unit, file_id: str, why: str) -> None:
    """One open task for the recordings of an item, in the case that they belong to by now."""
    file = await unit.files.get(file_id)
    if file is None or await open_tasks(unit, file):
        return
    case = await unit.complaints.get(file.complaint_id) if file.complaint_id else None
    task = new_task(
        "review",
        REASON,
        house.clock.now(),
        case=case,
        conversation_id=file.conversation_id,
        ledger_id=file.ledger_id,
        detail=f"{file.id}: {why}",
    )
    await unit.tasks.add(task)
    if case is not None:
        await unit.timeline.add(case.id, at=task.created_at, kind="task", actor="gateway", text=f"review: {REASON}")


async def finish(house: House, unit: Unit, file: File, by: str) -> list[str]:
    """It was heard: the ids of the tasks that are done by that; none while another part is to be listened to."""
    if any(map(_is_open, await _other_parts(unit, file))):
        return []
    tasks = await open_tasks(unit, file)
    return [task.id for task in tasks if await unit.tasks.done(task.id, house.clock.now(), by)]


async def open_tasks(unit: Unit, file: File) -> list[Task]:
    """Where somebody is asked to listen: to this item, or in its call, whose items ask before the recording is here."""
    whose = {"conversation_id": file.conversation_id} if file.conversation_id else {"complaint_id": file.complaint_id}
    if not any(whose.values()):
        return []
    found = await unit.tasks.open_of(kind="review", **whose)
    return [task for task in found if task.reason == REASON and (file.call or task.ledger_id == file.ledger_id)]


async def _other_parts(unit: Unit, file: File) -> list[File]:
    """What else was recorded in that call, or came with that item."""
    if file.call and file.conversation_id:
        found = await unit.files.of_conversation(file.conversation_id)
    else:
        found = await unit.files.of_ledger(file.ledger_id)
    return [each for each in found if each.id != file.id]


def _is_open(file: File) -> bool:
    """Waiting, left to a person, or heard by a machine that we do not quite believe."""
    if file.heard in (Hearing.WAITING, Hearing.FAILED):
        return True
    return file.words is not None and file.words.method != STAFF and is_doubtful(file.words)
