"""What every answer carries, whichever surface gives it, and what becomes of a mistake of ours that none foresaw.

Surfaces say more of themselves (a page its own policy); here stands the least: OWASP, Secure Headers Project.
"""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from aiohttp import ClientPayloadError, web
from aiohttp.http_exceptions import HttpProcessingError

from gateway.intake.inbox import is_store_away
from gateway.settings import Settings
from gateway.staff.problems import Handler

log = structlog.get_logger(__name__)

LEAST: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
HTTPS_ONLY = "max-age=31536000"  # of this host alone: what lies beside it is not ours to decide
BROKEN = (web.RequestPayloadError, ClientPayloadError, HttpProcessingError)  # a body that is not packed as it says
NAME = "tousu"  # not which version of which server stands here


def guard_every_answer(app: web.Application, settings: Settings) -> None:
    """Also for what aiohttp itself answers: no such page, wrong method, too large, failed."""
    least = {**LEAST, "Strict-Transport-Security": HTTPS_ONLY} if is_behind_https(settings) else LEAST

    async def complete(_: web.Request, answer: web.StreamResponse) -> None:
        answer.headers["Server"] = NAME
        for name, value in least.items():
            answer.headers.setdefault(name, value)

    app.on_response_prepare.append(complete)
    app.middlewares.append(tell_nothing)


def is_behind_https(settings: Settings) -> bool:
    """Do people reach us by https, so that no cookie may travel otherwise?"""
    return settings.public_url.lower().startswith("https://")


@web.middleware
async def tell_nothing(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What nobody foresaw is logged by its kind and route alone: its words, and the address, may be a customer's."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except BROKEN:
        return web.Response(status=400, text="400")
    except Exception as error:
        log.error("request_failed", error=type(error).__name__, route=_route(request), exc_info=error)
        if request.writer.output_size > 0:
            raise ConnectionResetError from None  # half an answer has left: the line is all that is left to close
        status = 503 if is_store_away(error) else 500
        return web.Response(status=status, text=str(status), headers={"Retry-After": "5"} if status == 503 else None)


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "unknown"
