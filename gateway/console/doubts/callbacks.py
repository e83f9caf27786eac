"""Calls back: whom to ring, what came of it, and how often it was tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from gateway.casework.address import reached_at
from gateway.casework.doubts import CALLBACK, Rang, attempts_at, note_ring
from gateway.casework.tasks import AlreadyDone
from gateway.console.doubts.queue import Queue
from gateway.console.kit import Page, back
from gateway.console.task_rows import Row
from gateway.staff.actor import Right, actor_of
from gateway.staff.masking import Masked, Plain
from gateway.staff.task_pages import task_by
from normalizer.record import NOBODY, Contact, ContactKind
from store.unit import Unit
from store.values import Case, Moment, Task

HERE = "/doubts/callbacks"


@dataclass(frozen=True, kw_only=True, slots=True)
class Ring:
    """One call back: to whom, masked unless it was revealed, and the attempts so far."""

    row: Row
    to: str
    plain: bool
    attempts: Sequence[Moment]


class CallBacks(Queue):
    kind = CALLBACK

    def pages(self) -> Sequence[Page]:
        return (
            Page(method="GET", path=HERE, right=Right.MEND, handler=self.listed),
            Page(method="POST", path=f"{HERE}/{{task}}/number", right=Right.UNMASK, handler=self.number),
            Page(method="POST", path=f"{HERE}/{{task}}/rang", right=Right.MEND, handler=self.rang),
        )

    async def listed(self, request: web.Request) -> web.Response:
        return await self._shown(request, "")

    async def number(self, request: web.Request) -> web.Response:
        """The list again, with one number in it plain, once the audit trail says who saw it and why."""
        said = await self.said(request)
        if said is None:
            return self.kit.refuse(request, 404, "not_found")
        if not said.note:
            raise back(HERE, "note_needed")
        async with self.house.store.unit() as unit:
            found = await task_by(unit, actor_of(request), said.task.id)
            case = found[1] if found else None
            await unit.audit.write(
                at=self.house.clock.now(),
                actor=actor_of(request).login,
                action="unmask",
                subject=case.number if case else f"task {said.task.id}",
                detail={"reason": said.note, "what": "number to call back"},
            )
            await unit.commit()
        return await self._shown(request, said.task.id)

    async def rang(self, request: web.Request) -> web.Response:
        said = await self.said(request)
        if said is None:
            return self.kit.refuse(request, 404, "not_found")
        if said.choice not in set(Rang) or (said.choice == Rang.REACHED and not said.note):
            raise back(HERE, "note_needed")
        try:
            await note_ring(self.house, said.task, Rang(said.choice), note=said.note, actor=actor_of(request))
        except AlreadyDone:
            raise back(HERE, "already") from None
        raise back(HERE, said.choice)

    async def _shown(self, request: web.Request, revealed: str) -> web.Response:
        async with self.house.store.reading() as unit:
            found, following = await self.seen(unit, request)
            moments = await unit.timeline.of_kind(CALLBACK, [case.id for _, case in found if case])
            contacts = {task.id: await _contact(unit, task, case) for task, case in found}
        rings = [
            _ring(row, contacts[row.task.id], moments, plain=row.task.id == revealed)
            for row in await self.rows(request, found)
        ]
        return self.kit.render(
            request, "doubts/callbacks.html", queue="callbacks", rings=rings, results=Rang, after=following
        )


async def _contact(unit: Unit, task: Task, case: Case | None) -> Contact:
    """Where they can be rung: the number they gave, or the one they called from."""
    if case is not None:
        told = reached_at(case.channel, case.contact, case.record)
        given = Contact(kind=ContactKind.PHONE, value=case.record.value("phone"))
        return given if given and told.kind is not ContactKind.PHONE else told
    talk = await unit.conversations.get(task.conversation_id) if task.conversation_id is not None else None
    return talk.contact if talk else NOBODY


def _ring(row: Row, contact: Contact, moments: Sequence[Moment], *, plain: bool) -> Ring:
    is_number = contact.kind is ContactKind.PHONE and bool(contact)
    mask = Plain() if plain else Masked()
    to = mask.contact(contact) if is_number else ""
    return Ring(row=row, to=to, plain=plain, attempts=attempts_at(row.task, moments))
