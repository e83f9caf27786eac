"""The console's pages for paper: static files, which ask the API for all they show."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from aiohttp import web

STATIC = Path(__file__).parent / "static"
KINDS: Mapping[str, str] = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
PAGES: Mapping[str, str] = {
    "/console/letters": "letters.html",
    "/console/letters/verify": "verify.html",
    "/console/letters/post": "post.html",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'",
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "; ".join(POLICY),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class ConsolePages:
    """Whoever opens a page sees a door: what is behind it comes from the API, for its token."""

    def routes(self) -> list[web.RouteDef]:
        return [*(web.get(path, self.page) for path in PAGES), web.get("/console/static/{name}", self.asset)]

    async def page(self, request: web.Request) -> web.Response:
        return _answer(PAGES[request.path])

    async def asset(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in _names():
            raise web.HTTPNotFound
        return _answer(name)


def _answer(name: str) -> web.Response:
    kind = KINDS[Path(name).suffix]
    return web.Response(body=_content(name), content_type=kind, charset="utf-8", headers=HEADERS)


@cache
def _names() -> frozenset[str]:
    return frozenset(path.name for path in STATIC.iterdir() if path.suffix in KINDS and path.is_file())


@cache
def _content(name: str) -> bytes:
    return (STATIC / name).read_bytes()
