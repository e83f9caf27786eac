"""What a message and a page of the queue cost with more and more complaints on the shelves; both databases."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from pathlib import Path

from pydantic import SecretStr

from gateway.app import open_gateway
from gateway.settings import Settings
from tests.bench.processes import free_port, load, numbering, running
from tests.bench.queue import Cost, pages_of
from tests.bench.shelves import fill
from tests.postgres import running as postgres_running

SIZES = (1_000, 100_000)
ROUNDS, PEOPLE = 9, 60
NOWHERE = "http://127.0.0.1:9"

Houses = dict[int, tuple[Path, str]]  # by size: the data folder, the database
NewDatabase = Callable[[], Coroutine[None, None, str]]


def run(*words: str) -> None:
    """``words``: how many complaints each time, in place of SIZES."""
    sizes = tuple(map(int, words)) or SIZES
    with postgres_running() as postgres:
        for name, new in (("SQLite", _file_of_its_own), ("PostgreSQL", postgres.create)):
            with tempfile.TemporaryDirectory() as folder:
                _on(name, new, Path(folder), sizes)


async def _file_of_its_own() -> str:
    return ""


def _on(name: str, new: NewDatabase, folder: Path, sizes: tuple[int, ...]) -> None:
    houses: Houses = {size: (folder / str(size), asyncio.run(new())) for size in sizes}
    pages = {size: asyncio.run(_shelved(*house, size)) for size, house in houses.items()}
    messages = _messages(houses)
    print(f"{name}, with so many complaints of two items each; ratios to {sizes[0]:,}")
    for what in ("a message", *pages[sizes[0]]):
        costs = [messages[size] if what == "a message" else pages[size][what][0] for size in sizes]
        cells = (f"{size:>12,}: {ms:7.1f} ms x {ms / costs[0]:5.2f}" for size, ms in zip(sizes, costs, strict=True))
        print(f"  {what:24}" + "".join(cells))


async def _shelved(folder: Path, url: str, size: int) -> dict[str, Cost]:
    """Shelves that are full; what the pages of the queue cost on them."""
    settings = Settings(data_dir=folder, database_url=url, api_token=SecretStr("x"))
    async with open_gateway(settings) as gateway:
        await fill(gateway.house.store, size, gateway.house.clock.now())
        return await pages_of(gateway.house)


def _messages(houses: Houses) -> dict[int, float]:
    """Milliseconds from push to answer, one at a time; in turns, so that whoever else works here disturbs them all."""
    first, waits = numbering(PEOPLE), {size: list[float]() for size in houses}
    with ExitStack() as stack:
        ports = {size: free_port() for size in houses}
        for size, (folder, url) in houses.items():
            stack.enter_context(running("tests.bench.gateway", str(ports[size]), str(folder), NOWHERE, url))
        for _ in range(1 + ROUNDS):
            for size, port in ports.items():
                waits[size].append(load("wechat", port, PEOPLE, first(), 1)["p50_ms"])
    return {size: statistics.median(found[1:]) for size, found in waits.items()}  # the first round warms up
