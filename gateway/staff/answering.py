"""How the API answers: JSON of a shape, or bytes to keep; and the headers that every answer carries."""

from __future__ import annotations

import re
from urllib.parse import quote

from aiohttp import web
from pydantic import BaseModel

from gateway.staff.problems import Handler

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
}
OCTETS = "application/octet-stream"
KEPT_TYPES = re.compile(r"(?:image/(?!svg)[\w.+-]{1,60}|audio/[\w.+-]{1,60}|application/pdf)")  # an SVG can run scripts
UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f<>:\"/\\|?*‎‏‪-‮⁦-⁩]")
NAME_CHARS = 100


@web.middleware
async def guard_answers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """No answer is stored by anybody on the way, sniffed, framed, or run."""
    answer = await handler(request)
    answer.headers.update(ALWAYS)
    return answer


def answer(shape: BaseModel) -> web.Response:
    """A shape as JSON."""
    return web.Response(body=shape.model_dump_json().encode(), content_type="application/json")


def download(content: bytes, *, name: str, media_type: str) -> web.Response:
    """Bytes to be kept, never shown inside a page of ours (RFC 6266); a type that could run is no type."""
    kept = media_type.lower() if KEPT_TYPES.fullmatch(media_type.lower()) else OCTETS
    return web.Response(body=content, headers={"Content-Type": kept, "Content-Disposition": _disposition(name)})


def _disposition(name: str) -> str:
    safe = UNSAFE.sub("_", name).strip(". ") or "attachment"
    safe = safe[-NAME_CHARS:]
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", safe)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"
