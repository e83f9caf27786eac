"""``/complain/kept``: for whoever sent a form while the database was away; the number, as soon as there is one."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from gateway.customers.complain_form import stands_after
from gateway.customers.desk import Desk
from gateway.customers.frame import Frame, away
from gateway.customers.seals import mark, same
from gateway.customers.visits import visit_of
from gateway.house import House

FORM, DONE, WAITS = "/complain", "/complain/done", "/complain/kept"


def place_to_wait(house: House, visit: str) -> str:
    """The page of this visit; nobody is led there whose form we have not kept."""
    return f"{WAITS}?k={mark(house, WAITS, visit)}"


class WaitingPage:
    """It finds the complaint by the visit: there is no draft that could name it."""

    def __init__(self, desk: Desk, frame: Frame) -> None:
        self._desk = desk
        self._house = desk.house
        self._frame = frame

    def routes(self) -> Sequence[web.RouteDef]:
        return [web.get(WAITS, self.show)]

    async def show(self, request: web.Request) -> web.Response:
        visit = visit_of(self._house, request)
        if not visit or not same(request.query.get("k", ""), mark(self._house, WAITS, visit)):
            return away(FORM)
        taken = await self._desk.taking.found(visit)
        if taken is None:
            return self._frame.render(request, "kept.html", again=place_to_wait(self._house, visit))
        draft = await self._desk.drafts.get(visit)
        after = draft if draft.number == taken.number else stands_after(draft, taken)
        await self._desk.drafts.put(visit, after)
        return away(DONE if after.done else FORM)
