"""Another system: it listens on loopback, checks signatures with the specification's library, and may misbehave."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

Manner = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Call:
    id: str
    headers: dict[str, str]
    body: bytes

    def opens_with(self, secret: str) -> bool:
        """Would the library take it? Our clock stands still, so the time of the call is checked apart."""
        try:
            _opened(secret, self)
        except WebhookVerificationError:
            return False
        return True


def _opened(secret: str, call: Call) -> None:
    at = datetime.fromtimestamp(int(call.headers["webhook-timestamp"]), tz=UTC)
    expected = Webhook(secret).sign(call.id, at, call.body.decode())
    if expected not in call.headers["webhook-signature"].split(" "):
        raise WebhookVerificationError("No matching signature found")


async def polite(_: web.Request) -> web.StreamResponse:
    return web.Response(status=204)


@dataclass
class Receiver:
    """``manner`` is how it answers; it writes down every call in any case."""

    manner: Manner = polite
    calls: list[Call] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def hear(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.calls.append(Call(headers["webhook-id"], headers, await request.read()))
        self.heard.set()
        return await self.manner(request)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/{path:.*}", self.hear)
        app.router.add_get("/{path:.*}", self.hear)
        return app


def answering(status: int, text: str = "", **headers: Any) -> Manner:
    async def answer(_: web.Request) -> web.StreamResponse:
        told = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        return web.Response(status=status, text=text, headers=told)

    return answer
