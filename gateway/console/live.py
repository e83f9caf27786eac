"""Something changed: told to open pages as server-sent events, from one glance at the store for all of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import structlog
from aiohttp import web

from gateway.console.kit import HEADERS, Kit, Page, Room
from gateway.house import House
from gateway.staff.actor import COOKIE, Right, actor_of
from store.errors import StoreError

log = structlog.get_logger(__name__)

GLANCE = 2.0  # seconds between two looks
BEAT = 20.0  # seconds after which a silent stream says that it is there, and looks whether its session is
MOST = 300  # streams of one process; beyond, pages are as fresh as their last load
MOST_OF_ONE = 4  # streams of one person, who has no more eyes than that; a browser opens six lines at most
RETRY = 5_000  # milliseconds after which a browser comes again


@dataclass(kw_only=True)
class Pulse:
    """Looks while somebody listens, however many they are, and says each change to all."""

    house: House
    listeners: set[asyncio.Event] = field(default_factory=set)
    _task: asyncio.Task[None] | None = None

    def join(self) -> asyncio.Event:
        """An event that is set at each change."""
        changed = asyncio.Event()
        self.listeners.add(changed)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look())
        return changed

    def leave(self, changed: asyncio.Event) -> None:
        self.listeners.discard(changed)
        if not self.listeners and self._task is not None:
            self._task.cancel()
            self._task = None

    async def _look(self) -> None:
        before = await self._stamp()
        while True:
            await asyncio.sleep(GLANCE)
            now = await self._stamp()
            if now != before:
                before = now
                for each in self.listeners:
                    each.set()

    async def _stamp(self) -> str:
        """A store that does not answer now is asked again."""
        try:
            async with self.house.store.reading() as unit:
                return await unit.queue.stamp()
        except StoreError as error:
            log.warning("live_blind", error=type(error).__name__)
            return ""


class LiveRoom(Room):
    """One stream for each open page; it tells nothing but that there is news, so it needs no scope."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self.pulse = Pulse(house=kit.house)
        self._closing = False
        self._open: Counter[str] = Counter()  # streams by login

    def pages(self) -> Sequence[Page]:
        return (Page(method="GET", path="/live", right=Right.SEE, handler=self.stream),)

    async def stop(self, _: web.Application) -> None:
        """For ``on_shutdown``: streams that go on for ever would hold the service up."""
        self._closing = True
        for each in self.pulse.listeners:
            each.set()

    async def stream(self, request: web.Request) -> web.StreamResponse:
        login = actor_of(request).login
        if self._closing or len(self.pulse.listeners) >= MOST or self._open[login] >= MOST_OF_ONE:
            return web.Response(status=503, headers={**HEADERS, "Retry-After": "60"})
        self._open[login] += 1
        try:
            return await self._stream(request)
        finally:
            self._open[login] -= 1
            if not self._open[login]:
                del self._open[login]

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        changed = self.pulse.join()
        try:
            with suppress(ConnectionError):
                await self._tell(request, response, changed)
        finally:
            self.pulse.leave(changed)
        return response

    async def _tell(self, request: web.Request, response: web.StreamResponse, changed: asyncio.Event) -> None:
        await response.write(f"retry: {RETRY}\n\n".encode())
        while not self._closing:
            said = await self._next(changed)
            if self._closing or not await self.kit.sessions.lasts(request.cookies.get(COOKIE, "")):
                return
            await response.write(said)

    async def _next(self, changed: asyncio.Event) -> bytes:
        try:
            async with asyncio.timeout(BEAT):
                await changed.wait()
        except TimeoutError:
            return b": here\n\n"
        changed.clear()
        return b"event: changed\ndata: 1\n\n"
