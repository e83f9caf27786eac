"""The style and the script of the pages for customers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aiohttp import web

from gateway.customers.frame import HEADERS

FOLDER = Path(__file__).parent / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def static_routes() -> Sequence[web.RouteDef]:
    return [web.get("/customers/{name:[a-z]+[.](?:css|js|svg)}", _serve)]


async def _serve(request: web.Request) -> web.Response:
    path = FOLDER / request.match_info["name"]
    if not path.is_file():
        raise web.HTTPNotFound
    headers = {**HEADERS, "Cache-Control": "public, max-age=300"}
    return web.Response(body=path.read_bytes(), content_type=TYPES[path.suffix], charset="utf-8", headers=headers)
