"""Something for a person to do, and that it was done."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from gateway.casework.deadlines import one_working_day
from gateway.house import House
from store.unit import Unit
from store.values import Case, ConversationId, LedgerId, Task

VERIFICATION = "verification"  # a person must compare what was read with the paper


def new_task(
    kind: str,
    reason: str,
    now: datetime,
    *,
    within: timedelta | None = None,
    case: Case | None = None,
    conversation_id: ConversationId | None = None,
    ledger_id: LedgerId | None = None,
    detail: str = "",
) -> Task:
    """A task due within the given time, or by the same hour of the next working day."""
    return Task(
        id=uuid4().hex,
        kind=kind,
        reason=reason,
        created_at=now,
        due_at=now + within if within else one_working_day(now),
        complaint_id=case.id if case else None,
        number=case.number if case else "",
        conversation_id=conversation_id,
        ledger_id=ledger_id,
        detail=detail,
    )


class AlreadyDone(Exception):
    """Somebody was faster."""


async def finish_task(house: House, id: str, *, actor: str, note: str = "") -> None:
    """Somebody has done it; raises AlreadyDone where it is not open (any more)."""
    async with house.store.unit() as unit:
        task = await unit.tasks.get(id)
        if task is None:
            raise AlreadyDone(id)
        await record_done(house, unit, task, actor=actor, note=note)
        await unit.commit()


async def record_done(house: House, unit: Unit, task: Task, *, actor: str, note: str = "") -> None:
    """The same in the caller's transaction, with the timeline and the audit trail."""
    now = house.clock.now()
    if not await unit.tasks.done(task.id, now, actor):
        raise AlreadyDone(task.id)
    facts = {"task": task.id, "kind": task.kind, "state": "done"}
    noted = {**facts, "note": note} if note else facts
    in_audit = facts if task.complaint_id is not None else noted  # which else nobody would find
    await unit.audit.write(at=now, actor=actor, action="task_done", subject=task.number or task.id, detail=in_audit)
    if task.complaint_id is not None:
        words = f"{task.kind}: {task.reason}"
        await unit.timeline.add(task.complaint_id, at=now, kind="task", actor=actor, text=words, data=noted)
