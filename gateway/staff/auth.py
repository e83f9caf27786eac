"""Who is let in to the API: whoever shows the service token (RFC 6750), or is signed in to the console."""

from __future__ import annotations

import hashlib
import hmac
from typing import Protocol

from aiohttp import web
from aiohttp.typedefs import Middleware
from pydantic import SecretStr

from gateway.operations.metrics import REFUSED
from gateway.staff.actor import COOKIE, CSRF_HEADER, KEY, SERVICE, Actor
from gateway.staff.guesses import Guesses
from gateway.staff.problems import Handler, Problem

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="tousu"'}
HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})
UNMASK = "unmask"  # of the query: the reason for which plain values are shown
FROM = "Sec-Fetch-Site"  # which page a browser says it was sent by; no script can set it


class Sessions(Protocol):
    """What the guards ask of sign-in."""

    async def actor(self, cookie: str) -> Actor | None:
        """Who is signed in with this cookie; None for one that is unknown, over, or somebody's who left."""
        ...

    async def lasts(self, cookie: str) -> bool:
        """Is somebody still signed in with it? Asking does not count as use."""
        ...


class NoSessions:
    """Nobody signs in here: only the service token counts."""

    async def actor(self, cookie: str) -> Actor | None:
        return None

    async def lasts(self, cookie: str) -> bool:
        return False


def let_in(
    token: SecretStr, sessions: Sessions, open_paths: frozenset[str], guesses: Guesses | None = None
) -> Middleware:
    """Nobody passes unknown, except to ``open_paths``; without a token configured only people come in."""
    wrong = guesses or Guesses()
    expected = _digest(token.get_secret_value().encode())
    configured = bool(token.get_secret_value())

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path in open_paths:
            return await handler(request)
        if "Authorization" not in request.headers and COOKIE in request.cookies:
            request[KEY] = await signed_in(request, sessions)
            return await handler(request)
        if not configured:
            raise Problem(503, "off", "Set TOUSU_API_TOKEN to turn the API on.")
        if not hmac.compare_digest(_digest(_shown(request)), expected):
            REFUSED.labels("api", "unauthorized").inc()
            if "Authorization" in request.headers and wrong.too_many(request.remote or ""):
                raise Problem(429, "too_many_requests", headers={"Retry-After": str(wrong.seconds)})
            raise Problem(401, "unauthorized", headers=CHALLENGE)
        request[KEY] = SERVICE
        return await handler(request)

    return check


async def signed_in(request: web.Request, sessions: Sessions) -> Actor:
    """Who is signed in; a Problem for nobody, and for what a page of somebody else's may have sent.

    A look at plain values is written into the audit trail under their name: it counts as a change.
    """
    actor = await sessions.actor(request.cookies[COOKIE])
    if actor is None:
        raise Problem(401, "unauthorized", headers=CHALLENGE)
    if _counts(request) and not is_own_token(actor, request.headers.get(CSRF_HEADER, "")):
        raise Problem(403, "forged")
    return actor


def _counts(request: web.Request) -> bool:
    """Does it need the token of our pages? A look by a link or a form of theirs needs the browser's word instead."""
    if request.method not in HARMLESS:
        return True
    return UNMASK in request.query and request.headers.get(FROM) != "same-origin"


def is_own_token(actor: Actor, shown: str) -> bool:
    """Does the request come from one of our pages?"""
    return bool(actor.csrf) and hmac.compare_digest(shown.encode(), actor.csrf.encode())


def _shown(request: web.Request) -> bytes:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip().encode(errors="surrogateescape") if scheme.lower() == "bearer" else b""


def _digest(token: bytes) -> bytes:
    """Of equal length for every token, so that comparing tells nothing of the right one's."""
    return hashlib.sha256(token).digest()
