"""The call that pages somebody: signed, and fresh at each attempt."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.base import Outbound, OutboundKind
from gateway.delivery.webhook import WebhookSender
from normalizer.record import Contact, ContactKind
from tests.clock import SetClock
from tests.store.things import NOW


async def test_a_page_tried_again_after_ten_minutes_carries_the_time_of_that_attempt() -> None:
    seen: list[tuple[str, str, bytes]] = []

    async def hear(request: web.Request) -> web.Response:
        headers = request.headers
        seen.append((headers["webhook-timestamp"], headers["webhook-signature"], await request.read()))
        return web.Response()

    app = web.Application()
    app.router.add_post("/", hear)
    clock = SetClock(NOW)
    sender = WebhookSender("geheim", clock)
    async with TestServer(app) as server:
        page = Outbound(
            id="p1",
            channel="webhook",
            to=Contact(kind=ContactKind.NONE, value=str(server.make_url("/"))),
            text="{}",
            kind=OutboundKind.NOTICE,
            created_at=NOW,
        )
        clock.advance(minutes=10)
        await sender.send(page)
        await sender.aclose()

    [(at, signature, body)] = seen
    assert int(at) == int(clock.now().timestamp())
    signed = hmac.digest(b"geheim", f"p1.{at}.".encode() + body, hashlib.sha256)
    assert signature == f"v1,{base64.b64encode(signed).decode()}"


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_***"])
def test_a_gateway_that_cannot_sign_its_pages_does_not_start(secret: str) -> None:
    with pytest.raises(ValueError, match="TOUSU_PAGE_WEBHOOK_SECRET"):
        WebhookSender(secret, SetClock())
