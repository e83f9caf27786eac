"""The console put together: a sub-application to be mounted at /console."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from gateway.console.kit import Kit, Lasting, Page, Room, away
from gateway.console.static_files import StaticFiles
from gateway.staff.actor import COOKIE, KEY
from gateway.staff.problems import Handler


def build_console(kit: Kit, rooms: Sequence[Room]) -> web.Application:
    """All rooms of the console behind their guards, and what their pages load."""
    app = web.Application()
    for page in pages_of(rooms):
        app.router.add_route(page.method, page.path, kit.guarded(page))
    app.on_shutdown.extend([room.stop for room in rooms if isinstance(room, Lasting)])
    app.add_routes(StaticFiles().routes())
    app.router.add_route("GET", "/{unknown:.*}", _nowhere(kit))  # last: whatever leads elsewhere was asked before
    return app


def _nowhere(kit: Kit) -> Handler:
    """An address that is none of ours: told on a page to whoever is signed in; others learn nothing."""

    async def handle(request: web.Request) -> web.StreamResponse:
        actor = await kit.sessions.actor(request.cookies.get(COOKIE, ""))
        if actor is None:
            return away(request)
        request[KEY] = actor
        return kit.refuse(request, 404, "not_found")

    return handle


def pages_of(rooms: Sequence[Room]) -> list[Page]:
    return [page for room in rooms for page in room.pages()]
