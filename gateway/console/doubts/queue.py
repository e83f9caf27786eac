"""What the queues of doubt share: their tasks, a page at a time, and a form that says why."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from gateway.console.kit import Room, language_of
from gateway.console.task_rows import Row, rows_of
from gateway.staff.actor import actor_of
from gateway.staff.paging import TASK_ID
from gateway.staff.scope import sees
from gateway.staff.task_pages import Seen, page_of, task_by, wanted_by
from store.tasks import TasksWanted
from store.unit import Unit
from store.values import Case, Task

ON_A_PAGE = 25
NOTE_CHARS = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What a form says of a task."""

    task: Task
    note: str
    choice: str = ""


class Queue(Room):
    """A queue whose rows are tasks."""

    kind: str
    reason: str = ""  # of all its tasks; empty: any

    async def seen(self, unit: Unit, request: web.Request) -> tuple[list[Seen], str | None]:
        """One page of its tasks, and the id after which the next begins."""
        actor = actor_of(request)
        after = request.query.get("after", "")
        found, following = await page_of(
            unit,
            actor,
            wanted_by(actor, TasksWanted(kinds=(self.kind,), reason=self.reason)),
            after if TASK_ID.fullmatch(after) else None,
            ON_A_PAGE,
        )
        return found, following

    def may_see(self, request: web.Request, case: Case) -> bool:
        return sees(actor_of(request), case)

    async def rows(self, request: web.Request, found: list[Seen]) -> list[Row]:
        return await rows_of(language_of(request), self.house.clock.now(), found)

    async def said(self, request: web.Request) -> Said | None:
        """The form, of a task of this queue that they may know of; None where there is none."""
        id = request.match_info["task"]
        if not TASK_ID.fullmatch(id):
            return None
        async with self.house.store.reading() as unit:
            found = await task_by(unit, actor_of(request), id)
        if found is None or found[0].kind != self.kind or (self.reason and found[0].reason != self.reason):
            return None
        form = await request.post()
        return Said(
            task=found[0], note=str(form.get("note", "")).strip()[:NOTE_CHARS], choice=str(form.get("choice", ""))
        )
