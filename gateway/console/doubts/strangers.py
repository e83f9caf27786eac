"""Strangers in threads: is the item the customer's own, or a complaint of its own?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from gateway.casework.acts.refusals import Refused
from gateway.casework.doubts import STRANGER, NotAStranger, claimed, is_its_own, is_theirs
from gateway.casework.move import NoSuchComplaint
from gateway.casework.tasks import AlreadyDone
from gateway.console.doubts.cards import Card, card_of
from gateway.console.doubts.queue import Queue, Said
from gateway.console.kit import Page, back, language_of
from gateway.console.task_rows import Row
from gateway.staff.actor import Right, actor_of
from store.values import Case

HERE = "/doubts/strangers"
CHOICES = ("theirs", "own")


@dataclass(frozen=True, kw_only=True, slots=True)
class Stranger:
    row: Row
    item: Card | None  # what came
    about: Card | None  # the complaint that it was written into; None: there is none that they may know of


class Strangers(Queue):
    kind = "review"
    reason = STRANGER

    def pages(self) -> Sequence[Page]:
        return (
            Page(method="GET", path=HERE, right=Right.MEND, handler=self.listed),
            Page(method="POST", path=f"{HERE}/{{task}}", right=Right.MEND, handler=self.decide),
        )

    async def listed(self, request: web.Request) -> web.Response:
        async with self.house.store.reading() as unit:
            found, following = await self.seen(unit, request)
            about = {task.id: await unit.complaints.by_number(claimed(task)) for task, _ in found if claimed(task)}
        strangers = [
            Stranger(row=row, item=self._card(request, row.case), about=self._card(request, about.get(row.task.id)))
            for row in await self.rows(request, found)
        ]
        return self.kit.render(
            request, "doubts/strangers.html", queue="strangers", strangers=strangers, after=following
        )

    async def decide(self, request: web.Request) -> web.Response:
        said = await self.said(request)
        if said is None:
            return self.kit.refuse(request, 404, "not_found")
        if not said.note or said.choice not in CHOICES:
            raise back(HERE, "note_needed")
        raise back(HERE, await self._decided(request, said))

    async def _decided(self, request: web.Request, said: Said) -> str:
        """What is said of it."""
        decide = is_theirs if said.choice == "theirs" else is_its_own
        try:
            await decide(self.house, said.task, reason=said.note, actor=actor_of(request))
        except AlreadyDone:
            return "already"
        except (Refused, NoSuchComplaint, NotAStranger):
            return "not_possible"
        return said.choice

    def _card(self, request: web.Request, case: Case | None) -> Card | None:
        return card_of(language_of(request), case) if case is not None and self.may_see(request, case) else None
