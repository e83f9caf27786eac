"""Tasks page by page: those of complaints that somebody may know of, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from gateway.staff.actor import Actor, Right
from gateway.staff.known_pages import known_page
from gateway.staff.naming import claims_told
from gateway.staff.scope import sees
from store.tasks import TasksWanted
from store.unit import Unit
from store.values import Case, ComplaintId, Task

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

    async def rows(after: str | None, most: int) -> Sequence[Seen]:
        tasks = await unit.tasks.wanted(wanted, after, most)
        cases = await cases_of(unit, tasks)
        return [(task, case_in(cases, task)) for task in tasks]

    async def known(rows: Sequence[Seen]) -> Sequence[Seen]:
        return [(task, case) for task, case in rows if may_know(actor, task, case)]

    found, following = await known_page(rows, known, lambda row: row[0].id, after, limit)
    return await _told(unit, actor, found), following


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
