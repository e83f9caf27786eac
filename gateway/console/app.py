"""The console put together: a sub-application to be mounted at /console."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from gateway.console.kit import Kit, Page, Room
from gateway.console.static_files import StaticFiles


def build_console(kit: Kit, rooms: Sequence[Room]) -> web.Application:
    """All rooms of the console behind their guards, and what their pages load."""
    app = web.Application()
    for page in pages_of(rooms):
        app.router.add_route(page.method, page.path, kit.guarded(page))
    for room in rooms:
        app.on_shutdown.append(room.stop)
    app.add_routes(StaticFiles().routes())
    return app


def pages_of(rooms: Sequence[Room]) -> list[Page]:
    return [page for room in rooms for page in room.pages()]
