"""One gateway with one channel, its far side beside it, on a clock that stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest
from aiohttp.test_utils import TestServer

from gateway.app import Gateway, open_gateway
from gateway.settings import Settings
from store.values import Case, Task
from tests.clock import SetClock
from tests.contract.post import KnowingReader
from tests.contract.rigs import RIGS, Rig


@dataclass
class House:
    """What a test of the contract holds in its hands."""

    gateway: Gateway
    rig: Rig
    clock: SetClock

    async def cases(self) -> list[Case]:
        async with self.gateway.house.store.reading() as unit:
            return await unit.complaints.search(limit=50)

    async def tasks(self) -> list[Task]:
        async with self.gateway.house.store.reading() as unit:
            return list(await unit.tasks.list())

    async def ledger(self) -> dict[str, int]:
        """How many items are in which state."""
        async with self.gateway.house.store.reading() as unit:
            return {state: count for _, state, count in await unit.ledger.counts()}


# One worker takes all the letters: a scan that was read is known to the process that read it.
ALONE = {"letter": pytest.mark.xdist_group("letters-of-the-contract")}
CHANNELS = [pytest.param(name, marks=ALONE.get(name, ())) for name in sorted(RIGS)]


@pytest.fixture(autouse=True, scope="module")
def a_page_is_read_once() -> Iterator[None]:
    """That reading is right is the business of tests/letter_reading."""
    with patch("channels.letter.build.PaperReader", KnowingReader):
        yield


@pytest.fixture(params=CHANNELS)
async def house(request: pytest.FixtureRequest, store_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """Every channel on every database."""
    clock = SetClock()
    rig = RIGS[request.param](clock)
    await rig.start()
    given = {"data_dir": tmp_path, "database_url": store_url, "api_token": "token"}
    settings = Settings.model_validate(given | rig.settings())
    async with open_gateway(settings, clock) as gateway:
        server = TestServer(gateway.app)
        await server.start_server()
        await rig.join(gateway, str(server.make_url("")).rstrip("/"))
        yield House(gateway, rig, clock)
        await rig.aclose()
        await server.close()
