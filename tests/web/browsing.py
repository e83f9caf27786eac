"""The pages for customers over a whole gateway in a thread of its own, and a phone's browser before them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import web

from gateway.app import Gateway, open_gateway
from gateway.customers.limits import Limits
from gateway.settings import Settings
from normalizer.normalize import warm_up
from store.values import Case
from tests.web.visitor import customers_app

PATIENCE = 60.0
AS_QUICK_AS_A_TEST = Limits(quickest=timedelta(0))
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    url: str
    gateway: Gateway
    loop: asyncio.AbstractEventLoop

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something in the gateway's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE)

    def case(self) -> Case:
        return self.run(self._case())

    def files(self) -> list[str]:
        return self.run(self._files())

    async def _case(self) -> Case:
        async with self.gateway.house.store.reading() as unit:
            [case] = await unit.complaints.search()
        return case

    async def _files(self) -> list[str]:
        async with self.gateway.house.store.reading() as unit:
            [case] = await unit.complaints.search()
            return [file.name for file in await unit.files.of_complaint(case.id)]


@contextmanager
def site_at(folder: Path, database_url: str) -> Iterator[Site]:
    started: list[Site] = []
    ready, stop = threading.Event(), asyncio.Event()

    async def serve() -> None:
        settings = Settings(data_dir=folder, database_url=database_url, org_name="安泰保险")
        warm_up()
        async with open_gateway(settings) as gateway:
            runner = web.AppRunner(customers_app(gateway, AS_QUICK_AS_A_TEST))
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            started.append(Site(url=url, gateway=gateway, loop=asyncio.get_running_loop()))
            ready.set()
            await stop.wait()
            await runner.cleanup()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(PATIENCE), "the gateway did not start"
    yield started[0]
    started[0].loop.call_soon_threadsafe(stop.set)
    thread.join(PATIENCE)
