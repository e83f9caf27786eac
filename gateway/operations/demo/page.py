"""The sandbox page and what keeps it up to date. It exists in the demo only, and answers to this machine only."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from aiohttp import web

from gateway.operations.demo.acts import Acts
from gateway.operations.demo.asking import Handler, Refusal
from gateway.operations.demo.call_view import is_recording
from gateway.operations.demo.letter_acts import LetterActs
from gateway.operations.demo.letter_pages import LetterPages
from gateway.operations.demo.phone_acts import PhoneActs
from gateway.operations.demo.stage import Stage
from gateway.operations.demo.view import look
from gateway.staff.actor import COOKIE, Right
from gateway.staff.signin.web import home_of
from normalizer.number import parse_number
from store.values import FileState

STATIC = Path(__file__).parent / "static"
KINDS: Mapping[str, str] = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
LOOK_EVERY = 0.25  # seconds between looks while somebody watches
STILL_HERE = 15.0  # seconds after which a silent line says so


class SandboxPage:
    """Shows, and passes on what is done on the page."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._acts = {**Acts(stage).table(), **PhoneActs(stage).table(), **LetterActs(stage).table()}
        self._paper = LetterPages(stage, HEADERS)

    def routes(self) -> list[web.RouteDef]:
        shown = [
            web.get("/", _guarded(self.page)),
            web.get("/sandbox", _guarded(self.page)),
            web.get("/sandbox/static/{name}", _guarded(self.static)),
            web.get("/sandbox/state", _guarded(self.state)),
            web.get("/sandbox/live", _guarded(self.live)),
            web.get("/sandbox/files/{id}", _guarded(self.file)),
            web.get("/sandbox/recordings/{id}", _guarded(self.recording)),
            web.get("/sandbox/desk/{login}", _guarded(self.sign_in)),
        ]
        return [*shown, *self._paper.routes(_guarded)] + [
            web.post(f"/sandbox/{path}", _guarded(act)) for path, act in self._acts.items()
        ]

    async def page(self, request: web.Request) -> web.StreamResponse:
        return _asset("index.html")

    async def static(self, request: web.Request) -> web.StreamResponse:
        return _asset(request.match_info["name"])

    async def state(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(await look(self._stage, request.query.get("case", "")), headers=HEADERS)

    async def live(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: the whole view, whenever it differs from the one before."""
        response = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        with suppress(ConnectionError):  # the page was closed
            await self._tell(response, request.query.get("case", ""))
        return response

    async def _tell(self, response: web.StreamResponse, chosen: str) -> None:
        loop, shown, told_at = asyncio.get_running_loop(), "", 0.0
        while True:
            facts = await look(self._stage, chosen)
            stable = json.dumps({**facts, "now": ""}, ensure_ascii=False)
            if stable != shown or loop.time() - told_at > STILL_HERE:
                await response.write(f"data: {json.dumps(facts, ensure_ascii=False)}\n\n".encode())
                shown, told_at = stable, loop.time()
            await asyncio.sleep(LOOK_EVERY)

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A picture that was sent here; anything else is not shown in this page's name."""
        upload = self._stage.shelf.find(request.match_info["id"])
        if upload is None or upload.media_type not in ("image/jpeg", "image/png", "image/gif", "image/webp"):
            raise web.HTTPNotFound
        return web.Response(body=upload.content, content_type=upload.media_type, headers=HEADERS)

    async def sign_in(self, request: web.Request) -> web.StreamResponse:
        """Into the console as one of the insurer's people, to the complaint that is being looked at."""
        try:
            cookie, actor = await self._stage.colleagues.enter(request.match_info["login"])
        except LookupError:
            raise web.HTTPNotFound from None
        number = parse_number(request.query.get("case", ""))
        place = f"/console/complaints/{number}" if number and actor.may(Right.SEE) else home_of(actor)
        response = web.Response(status=303, headers={**HEADERS, "Location": place})
        response.set_cookie(COOKIE, cookie, httponly=True, samesite="Lax", path="/")
        return response

    async def recording(self, request: web.Request) -> web.StreamResponse:
        """What was recorded of a call; nothing but sound."""
        store = self._stage.gateway.house.store
        async with store.reading() as unit:
            file = await unit.files.get(request.match_info["id"])
        if file is None or file.state is not FileState.STORED or not is_recording(file):
            raise web.HTTPNotFound
        return web.Response(body=await store.blobs.get(file.sha256), content_type=file.media_type, headers=HEADERS)


def _asset(name: str) -> web.StreamResponse:
    path = STATIC / name
    if path.parent != STATIC or path.suffix not in KINDS or not path.is_file():
        raise web.HTTPNotFound
    return web.Response(body=path.read_bytes(), content_type=KINDS[path.suffix], charset="utf-8", headers=HEADERS)


def _guarded(handler: Handler) -> Handler:
    """Only this page may call, under a loopback name; no other site in the same browser (DNS rebinding, CSRF)."""

    async def handle(request: web.Request) -> web.StreamResponse:
        if (request.url.host or "") not in ("127.0.0.1", "localhost", "::1"):
            raise web.HTTPForbidden(text="the sandbox answers on loopback only")
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise web.HTTPForbidden(text="the sandbox answers to its own page only")
        try:
            return await handler(request)
        except Refusal as refusal:
            return web.json_response({"error": str(refusal)}, status=refusal.status, headers=HEADERS)

    return handle
