"""Where those who run the system find what they run."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from gateway.console.kit import Page, Room
from gateway.staff.actor import Right

PLACES = ("people", "branches", "texts", "plans", "endpoints", "channels", "balance")


class AdminRoom(Room):
    def pages(self) -> Sequence[Page]:
        return (Page(method="GET", path="/admin", right=Right.ADMIN, handler=self.show),)

    async def show(self, request: web.Request) -> web.Response:
        return self.kit.render(request, "admin/admin.html", places=PLACES)
