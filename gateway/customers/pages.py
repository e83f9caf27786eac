"""Everything that customers reach of us on the web: two pages, and the same for the insurer's app."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from channels.base import Handler, Inbox
from gateway.customers.complain import ComplainPages
from gateway.customers.desk import Desk, Refusal
from gateway.customers.frame import Frame
from gateway.customers.limits import Limits
from gateway.customers.static_files import static_routes
from gateway.customers.status import StatusPages
from gateway.customers.waiting import WaitingPage
from gateway.house import House
from store.errors import Unavailable


class CustomerPages:
    """``/complain`` and ``/progress``."""

    def __init__(self, house: House, inbox: Inbox, limits: Limits | None = None) -> None:
        self.desk = Desk.of(house, inbox, limits)
        self._frame = Frame(house)

    def routes(self) -> Sequence[web.RouteDef]:
        pages = (
            ComplainPages(self.desk, self._frame),
            WaitingPage(self.desk, self._frame),
            StatusPages(self.desk, self._frame),
        )
        shown = [self._told(route) for page in pages for route in page.routes()]
        return [*shown, *static_routes()]

    def _told(self, route: web.RouteDef) -> web.RouteDef:
        """The same route, whose refusals are pages."""
        handler: Handler = route.handler

        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(request)
            except Refusal as refusal:
                return self._refuse(request, refusal.status, refusal.why)
            except Unavailable:
                return self._refuse(request, 503, "away")

        return web.RouteDef(route.method, route.path, handle, route.kwargs)

    def _refuse(self, request: web.Request, status: int, why: str) -> web.Response:
        again = "/complain" if request.path.startswith("/complain") else "/progress"
        return self._frame.render(request, "refused.html", status=status, why=why, again=again)
