"""Tasks: what a person must do, the most urgent first, and that it was done."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from gateway.casework.tasks import AlreadyDone, finish_task
from gateway.console.kit import Page, Room, back, language_of
from gateway.console.task_rows import Row, rows_of
from gateway.staff.actor import Right, actor_of
from gateway.staff.paging import TASK_ID
from gateway.staff.task_pages import page_of, task_by, wanted_by
from store.tasks import TasksWanted

URGENT = ("page", "emergency")
KINDS = ("handover", "callback", "review", "incomplete", "verification", "quarantine", "delivery", "consult", "clock")
MOST_URGENT, ON_A_PAGE = 30, 40
NOTE_CHARS = 500


class TasksRoom(Room):
    def pages(self) -> Sequence[Page]:
        return (
            Page(method="GET", path="/tasks", right=Right.SEE, handler=self.listed),
            Page(method="POST", path="/tasks/{task}/done", right=Right.WORK, handler=self.done),
        )

    async def listed(self, request: web.Request) -> web.Response:
        kind, after = request.query.get("kind", ""), _name(request.query.get("after", ""))
        urgent = await self._rows(request, (kind,) if kind in URGENT else URGENT) if _shows_urgent(kind, after) else []
        others, following = ([], None) if kind in URGENT else await self._page(request, kind, after)
        return self.kit.render(
            request,
            "tasks/list.html",
            urgent=urgent,
            others=others,
            kind=kind,
            kinds=(*URGENT, *KINDS),
            after=following,
        )

    async def done(self, request: web.Request) -> web.Response:
        form = await request.post()
        id, note = request.match_info["task"], str(form.get("note", "")).strip()[:NOTE_CHARS]
        listed = {"kind": kind} if (kind := str(form.get("kind", ""))) in (*URGENT, *KINDS) else {}
        async with self.house.store.reading() as unit:
            found = await task_by(unit, actor_of(request), id) if _name(id) else None
        if found is None:
            return self.kit.refuse(request, 404, "not_found")
        if not note:
            raise back("/tasks", "note_needed", **listed)
        try:
            await finish_task(self.house, found[0].id, actor=actor_of(request).login, note=note)
        except AlreadyDone:
            raise back("/tasks", "already", **listed) from None
        raise back("/tasks", "done", **listed)

    async def _rows(self, request: web.Request, kinds: tuple[str, ...]) -> list[Row]:
        actor = actor_of(request)
        async with self.house.store.reading() as unit:
            tasks, _ = await page_of(unit, actor, wanted_by(actor, TasksWanted(kinds=kinds)), None, MOST_URGENT)
        return await rows_of(language_of(request), self.house.clock.now(), tasks)

    async def _page(self, request: web.Request, kind: str, after: str | None) -> tuple[list[Row], str | None]:
        actor = actor_of(request)
        wanted = wanted_by(actor, TasksWanted(kinds=(kind,)) if kind else TasksWanted(but=URGENT))
        async with self.house.store.reading() as unit:
            tasks, following = await page_of(unit, actor, wanted, after, ON_A_PAGE)
        return await rows_of(language_of(request), self.house.clock.now(), tasks), following


def _shows_urgent(kind: str, after: str | None) -> bool:
    """What is urgent stands above the first page of everything."""
    return kind in URGENT or (not kind and after is None)


def _name(written: str) -> str | None:
    return written if TASK_ID.fullmatch(written) else None
