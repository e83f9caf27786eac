"""What the console's pages load: style, script and pictures of our own, and nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent / "static"
KINDS: Mapping[str, str] = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class StaticFiles:
    def routes(self) -> list[web.RouteDef]:
        return [web.get("/static/{name:[a-z0-9_./-]+}", self.asset)]

    async def asset(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in _names():
            raise web.HTTPNotFound
        kind = KINDS[Path(name).suffix]
        return web.Response(body=_content(name), content_type=kind, charset="utf-8", headers=HEADERS)


@cache
def _names() -> frozenset[str]:
    found = [path for path in FOLDER.rglob("*") if path.suffix in KINDS and path.is_file()]
    return frozenset(path.relative_to(FOLDER).as_posix() for path in found)


@cache
def _content(name: str) -> bytes:
    return (FOLDER / name).read_bytes()
