"""Tasks: what a person must do, and that it was done."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from gateway.casework.tasks import AlreadyDone, finish_task
from gateway.house import House
from gateway.staff.actor import Right, actor_of
from gateway.staff.answering import answer
from gateway.staff.looking import Look, looking
from gateway.staff.masking import Masked
from gateway.staff.operation import Operation
from gateway.staff.paging import TASK_ID, cursor_of_name, name_after
from gateway.staff.problems import Problem
from gateway.staff.reading import read_query
from gateway.staff.shapes import Nothing, TaskPage, TasksAsked, TaskShown, Unmask
from gateway.staff.task_pages import Seen, page_of, task_by, wanted_by
from store.tasks import TasksWanted
from store.unit import Unit
from store.values import Case, Task

LIST = "tasks"


@dataclass(frozen=True, slots=True)
class Tasks:
    """The part of the API that is about tasks."""

    house: House

    async def list(self, request: web.Request) -> web.Response:
        asked = read_query(request, TasksAsked)
        async with looking(self.house, request, asked.unmask) as look:
            wanted = wanted_by(look.actor, TasksWanted(state=asked.state, kinds=(asked.kind,) if asked.kind else ()))
            page, after = await page_of(look.unit, look.actor, wanted, name_after(LIST, asked.cursor), asked.limit)
            items = await _shown(look, page)
        return answer(TaskPage(items=items, next=cursor_of_name(LIST, after) if after else None))

    async def get(self, request: web.Request) -> web.Response:
        asked = read_query(request, Unmask)
        async with looking(self.house, request, asked.unmask) as look:
            items = await _shown(look, [await _task_of(look.unit, request)])
        return answer(items[0])

    async def done(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        async with self.house.store.reading() as unit:
            task, _ = await _task_of(unit, request)
        try:
            await finish_task(self.house, task.id, actor=actor_of(request).login)
        except AlreadyDone:
            raise Problem(409, "already_done") from None
        async with looking(self.house, request) as look:
            items = await _shown(look, [await _task_of(look.unit, request)])
        return answer(items[0])

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                method="GET",
                path="/tasks",
                name="listTasks",
                right=Right.SEE,
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
                right=Right.SEE,
                summary="One task",
                handler=self.get,
                query=Unmask,
                answer=TaskShown,
            ),
            Operation(
                method="POST",
                path="/tasks/{task}/done",
                name="finishTask",
                right=Right.WORK,
                summary="Somebody has done it",
                handler=self.done,
                answer=TaskShown,
                refusals=(409,),
            ),
        )


async def _shown(look: Look, tasks: Sequence[Seen]) -> list[TaskShown]:
    """Each task with its complaint's intent, the detail masked by what that complaint holds."""
    return [await _one(look, task, case) for task, case in tasks]


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


async def _task_of(unit: Unit, request: web.Request) -> Seen:
    """The task in the path; a Problem where there is none that they may know of."""
    id = request.match_info["task"]
    found = await task_by(unit, actor_of(request), id) if TASK_ID.fullmatch(id) else None
    if found is None:
        raise Problem(404, "no_such_task")
    return found
