"""Tasks page by page: those of complaints that somebody may know of, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from gateway.staff.actor import Actor, Right
from gateway.staff.naming import claims_told
from gateway.staff.scope import sees
from store.tasks import TasksWanted
from store.unit import Unit
from store.values import Case, ComplaintId, Task

SCAN, SCANS = 200, 5  # rows looked at for one page; a page may come back short, with a cursor to go on
Seen = tuple[Task, Case | None]


def wanted_by(actor: Actor, wanted: TasksWanted = TasksWanted()) -> TasksWanted:  # noqa: B008 a frozen value
    """Of these, the tasks of somebody's branches; those of no complaint are for whoever looks into doubts."""
    return replace(wanted, branches=actor.branches, loose=looks_into_doubts(actor))


def looks_into_doubts(actor: Actor) -> bool:
    return actor.may(Right.VERIFY) or actor.may(Right.MEND)


def may_know(actor: Actor, task: Task, case: Case | None) -> bool:
    """May they know that there is this task?"""
    if task.complaint_id is None:
        return looks_into_doubts(actor)
    return case is not None and sees(actor, case)


async def page_of(
    unit: Unit, actor: Actor, wanted: TasksWanted, after: str | None, limit: int
) -> tuple[list[Seen], str | None]:
    """Tasks with their complaints, and the id after which the next page begins, None at the end."""
    found: list[Seen] = []
    for _ in range(SCANS):
        rows = await unit.tasks.wanted(wanted, after, SCAN)
        cases = await cases_of(unit, rows)
        for task in rows:
            if len(found) == limit:
                return await _told(unit, actor, found), after
            after = task.id
            case = case_in(cases, task)
            if may_know(actor, task, case):
                found.append((task, case))
        if len(rows) < SCAN:
            return await _told(unit, actor, found), None
    return await _told(unit, actor, found), after


async def _told(unit: Unit, actor: Actor, found: Sequence[Seen]) -> list[Seen]:
    """None of them names a complaint that they may not know of."""
    told = await claims_told(unit, actor, [task for task, _ in found])
    return [(told[task.id], case) for task, case in found]


async def cases_of(unit: Unit, tasks: Iterable[Task]) -> dict[ComplaintId, Case]:
    """Their complaints, in one statement."""
    return await unit.complaints.several(task.complaint_id for task in tasks if task.complaint_id is not None)


def case_in(cases: Mapping[ComplaintId, Case], task: Task) -> Case | None:
    return cases.get(task.complaint_id) if task.complaint_id is not None else None


async def task_by(unit: Unit, actor: Actor, id: str) -> Seen | None:
    """One task and its complaint, if they may know of it."""
    task = await unit.tasks.get(id)
    case = case_in(await cases_of(unit, [task]), task) if task else None
    if task is None or not may_know(actor, task, case):
        return None
    return (await _told(unit, actor, [(task, case)]))[0]
