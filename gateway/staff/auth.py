"""Who may use the API: whoever shows the service token (RFC 6750)."""

from __future__ import annotations

import hashlib
import hmac

from aiohttp import web
from aiohttp.typedefs import Middleware
from pydantic import SecretStr

from gateway.operations.metrics import REFUSED
from gateway.staff.problems import Handler, Problem

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="tousu"'}
ACTOR = "api"  # how the audit trail and the timeline name whoever shows the service token


def require_token(token: SecretStr, open_paths: frozenset[str]) -> Middleware:
    """Nobody passes without the token, except to ``open_paths``; while none is configured, the API is off."""
    expected = _digest(token.get_secret_value().encode())
    configured = bool(token.get_secret_value())

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path not in open_paths:
            if not configured:
                raise Problem(503, "off", "Set TOUSU_API_TOKEN to turn the API on.")
            if not hmac.compare_digest(_digest(_shown(request)), expected):
                REFUSED.labels(ACTOR, "unauthorized").inc()
                raise Problem(401, "unauthorized", headers=CHALLENGE)
        return await handler(request)

    return check


def _shown(request: web.Request) -> bytes:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip().encode(errors="surrogateescape") if scheme.lower() == "bearer" else b""


def _digest(token: bytes) -> bytes:
    """Of equal length for every token, so that comparing tells nothing of the right one's."""
    return hashlib.sha256(token).digest()
