"""Somebody before our website, with a browser that keeps cookies: what they fill in, and what they read."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import FormData, web
from aiohttp.test_utils import TestClient, TestServer

from gateway.app import Gateway
from gateway.customers.app_api import public_api
from gateway.customers.limits import Limits
from gateway.customers.pages import CustomerPages
from tests.clock import SetClock

HIDDEN = re.compile(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', re.S)
VALUE = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
WORDS = re.compile(r'<p class="words"[^>]*>(.*?)</p>', re.S)
WRONG = re.compile(r'class="wrong" id="(\w+)-wrong"')
NUMBER = re.compile(r"TS\d{12}")

PHOTO = b"\xff\xd8\xff\xe0" + b"a photo" * 20
DECLARED = {"declared": "yes"}


def customers_app(gateway: Gateway, limits: Limits | None = None) -> web.Application:
    """The pages and the API for customers, over a gateway."""
    app = web.Application()
    pages = CustomerPages(gateway.house, gateway.inbox, limits)
    app.add_routes(pages.routes())
    app.add_subapp("/api/public/v1", public_api(pages.desk))
    return app


@dataclass
class Seen:
    """A page as it came."""

    status: int
    path: str
    text: str

    @property
    def wrong(self) -> set[str]:
        """Fields at which something is asked."""
        return set(WRONG.findall(self.text))

    @property
    def number(self) -> str:
        found = NUMBER.search(self.text)
        return found[0] if found else ""

    @property
    def words(self) -> list[str]:
        """What we said, paragraph by paragraph."""
        return [html.unescape(each).strip() for each in WORDS.findall(self.text)]

    @property
    def role_status(self) -> str:
        return html.unescape(self.text.split('role="status">')[1].split("</p>")[0])


@dataclass
class Visitor:
    """One browser."""

    client: TestClient  # type: ignore[type-arg]  # generic only in aiohttp's stubs, not at run time
    clock: SetClock
    headers: Mapping[str, str] = field(default_factory=dict)

    async def open(self, path: str) -> Seen:
        response = await self.client.get(path, headers=self.headers)
        return Seen(response.status, response.url.path, await response.text())

    async def press(self, page: Seen, action: str, files: Mapping[str, bytes] | None = None, /, **typed: str) -> Seen:
        """Fill in the form of a page that goes to ``action``, take one's time, and send it."""
        self.clock.advance(seconds=20)
        return await self.send(action, {**hidden(page, action), **typed}, files)

    async def send(self, action: str, values: Mapping[str, str], files: Mapping[str, bytes] | None = None) -> Seen:
        data = FormData(quote_fields=False)
        for name, value in values.items():
            data.add_field(name, value)
        for name, content in (files or {"": b""}).items():
            data.add_field("files", content, filename=name, content_type="application/octet-stream")
        response = await self.client.post(action, data=data, headers=self.headers)
        return Seen(response.status, response.url.path, await response.text())

    async def complain(self, files: Mapping[str, bytes] | None = None, /, **typed: str) -> Seen:
        return await self.press(await self.open("/complain"), "/complain", files, **DECLARED, **typed)

    async def prove(self, number: str, proof: str, link: str = "") -> Seen:
        """At the door, which asks whoever holds no session yet."""
        door = await self.open("/progress?number=-")
        return await self.send("/progress", {**hidden(door, "/progress"), "number": number, "proof": proof, "t": link})


def hidden(page: Seen, action: str) -> dict[str, str]:
    """The hidden fields of a form; every button of a page has its own or its form's."""
    for target, body in HIDDEN.findall(page.text):
        if target == action:
            return dict(VALUE.findall(body))
    raise AssertionError(f"no form goes to {action}")


@asynccontextmanager
async def visiting(gateway: Gateway, clock: SetClock, limits: Limits | None = None) -> AsyncIterator[Visitor]:
    async with TestClient(TestServer(customers_app(gateway, limits))) as client:
        yield Visitor(client, clock)
