"""The pages for paper: scans handed in, values compared with what the letter says, and letters of ours on their way."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from gateway.console.kit import Page, Room
from gateway.staff.actor import Right


class LettersRoom(Room):
    """Frames whose scripts ask the API for all they show, as whoever is signed in."""

    def pages(self) -> Sequence[Page]:
        return (
            Page(method="GET", path="/letters", right=Right.POST, handler=self.mailroom),
            Page(method="GET", path="/letters/verify", right=Right.VERIFY, handler=self.verify),
            Page(method="GET", path="/letters/post", right=Right.POST, handler=self.post),
        )

    async def mailroom(self, request: web.Request) -> web.Response:
        return self.kit.render(request, "letters/mailroom.html")

    async def verify(self, request: web.Request) -> web.Response:
        return self.kit.render(request, "letters/verify.html")

    async def post(self, request: web.Request) -> web.Response:
        return self.kit.render(request, "letters/post.html")
