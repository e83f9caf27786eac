"""Messages that did not leave: the task of each complaint, its messages with the reason, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from gateway.casework.tasks import AlreadyDone
from gateway.casework.undelivered import NothingToTry, Otherwise, told_otherwise, try_again
from gateway.console.doubts.queue import Queue
from gateway.console.kit import Page, back
from gateway.console.task_rows import Row
from gateway.staff.actor import Right, actor_of
from gateway.staff.masking import Mask, Masked
from gateway.staff.paging import TASK_ID
from store.unit import Unit
from store.values import Case, Parcel

HERE = "/doubts/deliveries"
MOST_HELD = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Stuck:
    """A message as it is shown: masked."""

    parcel: Parcel
    to: str
    text: str
    error: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Undone:
    row: Row
    stuck: Sequence[Stuck]


class Undelivered(Queue):
    kind = "delivery"

    def pages(self) -> Sequence[Page]:
        return (
            Page(method="GET", path=HERE, right=Right.MEND, handler=self.listed),
            Page(method="POST", path=f"{HERE}/parcels/{{parcel}}/again", right=Right.MEND, handler=self.again),
            Page(method="POST", path=f"{HERE}/{{task}}/told", right=Right.MEND, handler=self.told),
        )

    async def listed(self, request: web.Request) -> web.Response:
        async with self.house.store.reading() as unit:
            found, following = await self.seen(unit, request)
            parcels = await unit.outbox.standing(case.id for _, case in found if case)
            held = await self._held(unit, request)
        undone = [_undone(row, parcels) for row in await self.rows(request, found)]
        return self.kit.render(
            request,
            "doubts/deliveries.html",
            queue="deliveries",
            undone=undone,
            held=held,
            ways=Otherwise,
            after=following,
        )

    async def again(self, request: web.Request) -> web.Response:
        id = request.match_info["parcel"]
        try:
            if TASK_ID.fullmatch(id):
                await try_again(self.house, id, actor=actor_of(request))
                raise back(HERE, "again")
        except NothingToTry:
            pass
        raise back(HERE, "on_its_way")

    async def told(self, request: web.Request) -> web.Response:
        said = await self.said(request)
        if said is None:
            return self.kit.refuse(request, 404, "not_found")
        if not said.note or said.choice not in set(Otherwise):
            raise back(HERE, "note_needed")
        try:
            await told_otherwise(self.house, said.task, Otherwise(said.choice), note=said.note, actor=actor_of(request))
        except AlreadyDone:
            raise back(HERE, "already") from None
        raise back(HERE, "told")

    async def _held(self, unit: Unit, request: web.Request) -> list[Stuck]:
        """What our own settings hold back, for complaints that they may know of."""
        parcels = await unit.outbox.held(MOST_HELD)
        cases = await unit.complaints.several(each.complaint_id for each in parcels if each.complaint_id is not None)
        seen = {case.id: case for case in cases.values() if self.may_see(request, case)}
        return [
            _stuck(each, Masked.of(seen[each.complaint_id]))
            for each in parcels
            if each.complaint_id is not None and each.complaint_id in seen
        ]


def _undone(row: Row, parcels: Sequence[Parcel]) -> Undone:
    case: Case | None = row.case
    if case is None:
        return Undone(row=row, stuck=())
    mask = Masked.of(case)
    return Undone(row=row, stuck=[_stuck(each, mask) for each in parcels if each.complaint_id == case.id])


def _stuck(parcel: Parcel, mask: Mask) -> Stuck:
    return Stuck(parcel=parcel, to=mask.contact(parcel.to), text=mask.text(parcel.text), error=mask.text(parcel.error))
