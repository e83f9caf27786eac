"""A customer's server that answers each path with the documents laid out for it, and checks every signature."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web
from twilio.request_validator import RequestValidator

Reply = str | int | web.Response


@dataclass(frozen=True, kw_only=True, slots=True)
class Got:
    """One request as it arrived."""

    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass
class Customer:
    """``documents[path]`` are given one after the other, the last one again and again."""

    token: str
    url: str = ""
    documents: dict[str, list[Reply]] = field(default_factory=dict)
    got: list[Got] = field(default_factory=list)
    gates: dict[str, asyncio.Event] = field(default_factory=dict)  # a path answers only once its gate is open
    waited: dict[str, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))
    runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self.answer)
        self.runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self.runner.addresses[0][1]}"

    async def aclose(self) -> None:
        for gate in self.gates.values():
            gate.set()
        if self.runner is not None:
            await self.runner.cleanup()

    async def answer(self, request: web.Request) -> web.Response:
        form = await request.post()
        called = f"http://{request.headers['Host']}{request.raw_path}"
        if not RequestValidator(self.token).validate(called, form, request.headers.get("X-Twilio-Signature", "")):
            return web.Response(status=403)
        params = {name: str(value) for name, value in (form or request.query).items()}
        self.got.append(Got(path=request.path, params=params, headers=dict(request.headers)))
        self.waited[request.path].set()
        if request.path in self.gates:
            await self.gates[request.path].wait()
        return self._next(request.path)

    def _next(self, path: str) -> web.Response:
        replies = self.documents.get(path, [404])
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        if isinstance(reply, web.Response):
            return reply
        if isinstance(reply, int):
            return web.Response(status=reply)
        return web.Response(text=f"<Response>{reply}</Response>", content_type="text/xml")

    def lay(self, path: str, *replies: Reply) -> None:
        """What this path answers: the inside of a <Response>, a status, or a whole response."""
        self.documents[path] = list(replies)

    def all(self, path: str) -> list[Mapping[str, str]]:
        return [got.params for got in self.got if got.path == path]

    def last(self, path: str) -> Mapping[str, str]:
        return self.all(path)[-1]

    @property
    def paths(self) -> list[str]:
        return [got.path for got in self.got]
