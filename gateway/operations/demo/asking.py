"""What the page asks for: JSON in, JSON out, and a reason when it cannot be done."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Act = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]

MOST_TEXT = 20_000


class Refusal(Exception):
    """What was asked for cannot be done; the message is for the person at the page."""

    def __init__(self, why: str, status: int = 400) -> None:
        super().__init__(why)
        self.status = status


def as_handler(act: Act) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        # A form of another site can post text, but not this type without asking first (CORS).
        if request.content_type != "application/json":
            raise Refusal("JSON, please", 415)
        try:
            asked = json.loads(await request.text())
        except ValueError:
            raise Refusal("that is not JSON") from None
        return web.json_response(await act(asked if isinstance(asked, dict) else {}))

    return handle


def text_in(asked: Mapping[str, Any], name: str) -> str:
    found = str(asked.get(name) or "").strip()[:MOST_TEXT]
    if not found:
        raise Refusal(f"{name} is empty")
    return found


def list_in(asked: Mapping[str, Any], name: str) -> list[Any]:
    found = asked.get(name)
    return found[:10] if isinstance(found, list) else []
