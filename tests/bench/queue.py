"""The queue page with 100,000 complaints on SQLite and PostgreSQL, against the same page with 1,000."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from gateway.clock import SystemClock
from gateway.console.live import LiveRoom
from gateway.console.queue.room import QueueRoom
from gateway.house import House
from gateway.settings import Settings
from gateway.staff.actor import Role
from store.blobs import FolderBlobs
from store.crypto import Keyring, new_secret
from store.unit import Store, migrate
from tests.bench.shelves import fill
from tests.console.desk import Desk, desk
from tests.postgres import apart, running

FEW, MANY, TIMES = 1_000, 100_000, 5
PAGES = {
    "first page": "",
    "newest first": "?order=newest",
    "urgent": "?priority=P0&priority=P1",
    "one branch, overdue": "?branch=050000&due=over",
    "category nobody has": "?category=C10",
    "closed ones": "?life=closed",
}
SEARCHES = {
    "a phone": "13900000777",
    "a rare word": "钢琴",
    "common words": "理赔 审核",
    "words that never meet": "钢琴 存款",
}

Cost = tuple[float, int]  # milliseconds, statements


def run() -> None:
    with tempfile.TemporaryDirectory() as folder, running() as postgres:
        for name, new in (("SQLite", lambda: _sqlite(Path(folder))), ("PostgreSQL", postgres.create)):
            few, many = (asyncio.run(_measured(new, how_many)) for how_many in (FEW, MANY))
            _print(name, few, many)


def _print(name: str, few: dict[str, Cost], many: dict[str, Cost]) -> None:
    print(f"The queue page on {name}: {MANY:,} complaints, and the ratio to {FEW:,}")
    for what, (ms, statements) in many.items():
        print(f"  {what:24}{ms:8.1f} ms   x {ms / few[what][0]:5.1f}   {statements:3} statements")


async def _sqlite(folder: Path) -> str:
    """A new database file; the one before goes, as each is half a gigabyte."""
    path = folder / "queue" / "tousu.db"
    shutil.rmtree(path.parent, ignore_errors=True)
    path.parent.mkdir()
    url = f"sqlite+aiosqlite:///{path}"
    await asyncio.to_thread(apart, migrate(url))
    return url


async def _measured(new: Callable[[], Awaitable[str]], how_many: int) -> dict[str, Cost]:
    keyring = Keyring.from_secret(new_secret())
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(await new(), keyring, FolderBlobs(Path(folder), keyring))
        house = House(store=store, clock=SystemClock(), settings=Settings(api_token=SecretStr("x")))
        await fill(store, how_many, house.clock.now())
        found = await pages_of(house)
        await store.aclose()
    return found


async def pages_of(house: House) -> dict[str, Cost]:
    """Of each page, asked for by a supervisor."""

    def rooms(kit: Any) -> list[Any]:
        return [QueueRoom(kit), LiveRoom(kit)]

    async with desk(house, rooms) as opened:
        opened.as_(Role.SUPERVISOR)
        return await _pages(opened)


async def _pages(desk: Desk) -> dict[str, Cost]:
    found = {name: await _best(desk, partial(desk.get, path)) for name, path in PAGES.items()}
    for name, words in SEARCHES.items():
        found[name] = await _best(desk, partial(desk.post, "/search", {"q": words}))
    return found


async def _best(desk: Desk, ask: Callable[[], Awaitable[Any]]) -> Cost:
    """Of several, as whoever else works on this machine only ever makes it slower."""
    times, before = [], desk.house.store.statements
    for _ in range(TIMES):
        begun = time.perf_counter()
        answer = await ask()
        assert answer.status == 200, answer.status
        await answer.read()
        times.append((time.perf_counter() - begun) * 1000)
    return min(times), (desk.house.store.statements - before) // TIMES


if __name__ == "__main__":
    run()
