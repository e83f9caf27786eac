"""One address before several gateways, as a proxy is: a request goes to one that lives.

A gateway that takes no connection was never asked, so the next one is; one that breaks off may have done it, so the
caller gets 502 and does what it does then.
"""

from __future__ import annotations

from collections.abc import Iterable

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from tests.chaos.nursery import Life
from tests.chaos.victim import free_port

HOPS = frozenset(
    {"connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding", "date", "server"}
)
MOST_BODY = 64 * 1024 * 1024


class Balancer:
    """``lives`` take turns."""

    def __init__(self) -> None:
        self.lives: list[Life] = []
        self._turn = 0
        self._port = free_port()
        self._runner: web.AppRunner | None = None
        self._client: aiohttp.ClientSession | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        timeout = aiohttp.ClientTimeout(total=60)
        self._client = aiohttp.ClientSession(
            timeout=timeout, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
        )
        app = web.Application(client_max_size=MOST_BODY)
        app.router.add_route("*", "/{path:.*}", self._pass_on)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()

    async def aclose(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
        if self._client is not None:
            await self._client.close()

    async def _pass_on(self, request: web.Request) -> web.Response:
        body = await request.read()
        for life in self._in_turn():
            try:
                return await self._ask(life, request, body)
            except aiohttp.ClientConnectorError:
                continue
            except (aiohttp.ClientError, OSError, TimeoutError):
                return web.Response(status=502)
        return web.Response(status=503)

    def _in_turn(self) -> list[Life]:
        self._turn += 1
        ready = [life for life in self.lives if life.lives]
        first = self._turn % len(ready) if ready else 0
        return ready[first:] + ready[:first]

    async def _ask(self, life: Life, request: web.Request, body: bytes) -> web.Response:
        assert self._client is not None
        headers = _without_hops(request.headers.items())
        there = URL(f"{life.url}{request.raw_path}", encoded=True)
        async with self._client.request(
            request.method, there, data=body, headers=headers, allow_redirects=False
        ) as answer:
            return web.Response(
                status=answer.status, body=await answer.read(), headers=_without_hops(answer.headers.items())
            )


def _without_hops(headers: Iterable[tuple[str, str]]) -> CIMultiDict[str]:
    return CIMultiDict((name, value) for name, value in headers if name.lower() not in HOPS)
