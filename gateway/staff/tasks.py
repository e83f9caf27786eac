"""Tasks: what a person must do, and that it was done."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from gateway.house import House
from gateway.staff.answering import answer
from gateway.staff.auth import ACTOR
from gateway.staff.looking import Look, looking
from gateway.staff.masking import Masked
from gateway.staff.operation import Operation
from gateway.staff.paging import TASK_ID, cursor_of_name, name_after
from gateway.staff.problems import Problem
from gateway.staff.reading import read_query
from gateway.staff.shapes import Nothing, TaskPage, TasksAsked, TaskShown, Unmask
from store.unit import Unit
from store.values import Case, ComplaintId, Task

LIST = "tasks"
SCAN, SCANS = 200, 5  # rows looked at for one page of a kind; a page may come back short, with a cursor to go on


@dataclass(frozen=True, slots=True)
class Tasks:
    """The part of the API that is about tasks."""

    house: House

    async def list(self, request: web.Request) -> web.Response:
        asked = read_query(request, TasksAsked)
        async with looking(self.house, asked.unmask) as look:
            page, after = await _page(look.unit, asked)
            items = await _shown(look, page)
        return answer(TaskPage(items=items, next=cursor_of_name(LIST, after) if after else None))

    async def get(self, request: web.Request) -> web.Response:
        asked = read_query(request, Unmask)
        async with looking(self.house, asked.unmask) as look:
            items = await _shown(look, [await _task_of(look.unit, request)])
        return answer(items[0])

    async def done(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        async with self.house.store.unit() as unit:
            task = await _task_of(unit, request)
            if not await unit.tasks.done(task.id, self.house.clock.now(), ACTOR):
                raise Problem(409, "already_done")
            await _write_down(self.house, unit, task)
            await unit.commit()
        async with looking(self.house) as look:
            items = await _shown(look, [await _task_of(look.unit, request)])
        return answer(items[0])

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                method="GET",
                path="/tasks",
                name="listTasks",
                summary="What a person must do, the most urgent first; a page may be short and still have a next one",
                handler=self.list,
                query=TasksAsked,
                answer=TaskPage,
                refusals=(404,),
            ),
            Operation(
                method="GET",
                path="/tasks/{task}",
                name="getTask",
                summary="One task",
                handler=self.get,
                query=Unmask,
                answer=TaskShown,
            ),
            Operation(
                method="POST",
                path="/tasks/{task}/done",
                name="finishTask",
                summary="Somebody has done it",
                handler=self.done,
                answer=TaskShown,
                refusals=(409,),
            ),
        )


async def _page(unit: Unit, asked: TasksAsked) -> tuple[Sequence[Task], str | None]:
    """Tasks of the kind asked for, and the id after which the next page begins, None at the end."""
    after = name_after(LIST, asked.cursor)
    if asked.kind is None:
        rows = await unit.tasks.list(asked.state, after, asked.limit + 1)
        page = rows[: asked.limit]
        return page, page[-1].id if len(rows) > len(page) else None
    return await _scan(unit, asked, after)


async def _scan(unit: Unit, asked: TasksAsked, after: str | None) -> tuple[Sequence[Task], str | None]:
    found: list[Task] = []
    for _ in range(SCANS):
        rows = await unit.tasks.list(asked.state, after, SCAN)
        for task in rows:
            after = task.id
            if task.kind == asked.kind:
                found.append(task)
            if len(found) == asked.limit:
                return found, after
        if len(rows) < SCAN:
            return found, None
    return found, after


async def _shown(look: Look, tasks: Sequence[Task]) -> list[TaskShown]:
    """Each task with its complaint's intent, the detail masked by what that complaint holds."""
    ids = {task.complaint_id for task in tasks if task.complaint_id is not None}
    cases = {id: await look.unit.complaints.get(id) for id in sorted(ids)}
    return [await _one(look, task, _case_of(cases, task)) for task in tasks]


def _case_of(cases: dict[ComplaintId, Case | None], task: Task) -> Case | None:
    return cases.get(task.complaint_id) if task.complaint_id is not None else None


async def _one(look: Look, task: Task, case: Case | None) -> TaskShown:
    if look.reason is not None:
        await look.note(case.number if case else f"task {task.id}", f"task {task.id}")
    detail = task.detail if look.reason is not None else await asyncio.to_thread(_masked, task, case)
    return TaskShown(
        id=task.id,
        kind=task.kind,
        complaint=task.number or (case.number if case else None),
        intent=case.record.intent if case else None,
        reason=task.reason,
        due=task.due_at,
        state=task.state,
        created=task.created_at,
        detail=detail,
        item=task.ledger_id,
        done_at=task.done_at,
        done_by=task.done_by,
    )


def _masked(task: Task, case: Case | None) -> str:
    mask = Masked.of(case) if case else Masked.alone(task.detail, task.created_at)
    return mask.text(task.detail)


async def _task_of(unit: Unit, request: web.Request) -> Task:
    id = request.match_info["task"]
    task = await unit.tasks.get(id) if TASK_ID.fullmatch(id) else None
    if task is None:
        raise Problem(404, "no_such_task")
    return task


async def _write_down(house: House, unit: Unit, task: Task) -> None:
    now = house.clock.now()
    facts = {"task": task.id, "kind": task.kind, "state": "done"}
    await unit.audit.write(at=now, actor=ACTOR, action="task_done", subject=task.number or task.id, detail=facts)
    if task.complaint_id is not None:
        words = f"{task.kind}: {task.reason}"
        await unit.timeline.add(task.complaint_id, at=now, kind="task", actor=ACTOR, text=words, data=facts)
