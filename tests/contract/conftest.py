"""One gateway with one channel, its far side beside it, on a clock that stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from gateway.app import Gateway, open_gateway
from gateway.settings import Settings
from store.values import Case, Task
from tests.clock import SetClock
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


@pytest.fixture(params=sorted(RIGS))
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
