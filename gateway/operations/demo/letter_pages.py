"""The sandbox's pictures of paper: pages that came, as they were read, and pages of ours, as they were printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from aiohttp import web

from channels.letter.simulator import LetterOut
from gateway.operations.demo.asking import Handler
from gateway.operations.demo.staff_api import StaffApi
from gateway.operations.demo.stage import Stage

ITEM = re.compile(r"\d{1,12}")


class LetterPages:
    """What came is asked of the staff's interface; what we printed is rendered from the tray."""

    def __init__(self, stage: Stage, headers: Mapping[str, str]) -> None:
        self._letters = stage.letters
        self._api = StaffApi(stage)
        self._headers = headers

    def routes(self, guarded: Callable[[Handler], Handler]) -> list[web.RouteDef]:
        return [
            web.get("/sandbox/letters/{item}", guarded(self.reading)),
            web.get("/sandbox/letters/{item}/{page}.jpg", guarded(self.page)),
            web.get("/sandbox/post/{id}.pdf", guarded(self.pdf)),
            web.get("/sandbox/post/{id}/{page}.png", guarded(self.printed)),
        ]

    async def reading(self, request: web.Request) -> web.StreamResponse:
        """Lines with their boxes, values with their places, and doubts."""
        found = await self._api.get(f"letters/{_figure(request, 'item')}")
        return web.Response(body=found, content_type="application/json", headers=self._headers)

    async def page(self, request: web.Request) -> web.StreamResponse:
        item, page = _figure(request, "item"), _figure(request, "page")
        picture = await self._api.get(f"letters/{item}/pages/{page}")
        return web.Response(body=picture, content_type="image/jpeg", headers=self._headers)

    async def pdf(self, request: web.Request) -> web.StreamResponse:
        letter = await self._letter(request)
        shown = {"Content-Disposition": f'inline; filename="{letter.number or letter.id}.pdf"'}
        return web.FileResponse(letter.path, headers={**self._headers, **shown, "Content-Type": "application/pdf"})

    async def printed(self, request: web.Request) -> web.StreamResponse:
        pictures = await self._letters.pictures(await self._letter(request))
        place = int(_figure(request, "page")) - 1
        if not 0 <= place < len(pictures):
            raise web.HTTPNotFound
        return web.Response(body=pictures[place], content_type="image/png", headers=self._headers)

    async def _letter(self, request: web.Request) -> LetterOut:
        letter = (await self._letters.tray()).get(request.match_info["id"])
        if letter is None:
            raise web.HTTPNotFound
        return letter


def _figure(request: web.Request, name: str) -> str:
    found = request.match_info[name]
    if not ITEM.fullmatch(found):
        raise web.HTTPNotFound
    return found
