"""A gateway with the far side of one channel, and what can be seen in it from inside."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp.test_utils import TestServer

from gateway.app import Gateway, open_gateway
from gateway.settings import Settings
from store.values import Case, Task
from tests.clock import SetClock
from tests.contract.rigs import RIGS, Rig


class Seen:
    """What lies in a gateway's store."""

    gateway: Gateway

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


@asynccontextmanager
async def joined(channel: str, given: Mapping[str, Any]) -> AsyncIterator[tuple[Gateway, Rig, SetClock]]:
    """The gateway listening on loopback, and the far side that knows where."""
    clock = SetClock()
    rig = RIGS[channel](clock)
    await rig.start()
    settings = Settings.model_validate({**given, **rig.settings()})
    async with open_gateway(settings, clock) as gateway:
        server = TestServer(gateway.app)
        await server.start_server()
        await rig.join(gateway, str(server.make_url("")).rstrip("/"))
        yield gateway, rig, clock
        await rig.aclose()
        await server.close()
