"""A gateway with one channel whose far side can be asked, on a clock that is set by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.app import Gateway
from gateway.operations.balance.values import Balance, Why
from tests.clock import SetClock
from tests.contract.house import joined
from tests.contract.rigs import Rig


@dataclass
class House:
    """What a test of the balance holds in its hands."""

    gateway: Gateway
    rig: Rig
    clock: SetClock

    async def look(self) -> Balance:
        """An hour later, when nothing can be on its way any more."""
        self.clock.advance(minutes=61)
        return await self.gateway.balance.check.last_days()


Open = Callable[[str], Awaitable[House]]


@pytest.fixture
async def open_house(tmp_path: Path) -> AsyncIterator[Open]:
    """On SQLite: what is asked of the database is asked of both kinds in test_own.py and test_scans.py."""
    async with AsyncExitStack() as stack:

        async def opened(channel: str) -> House:
            return await stack.enter_async_context(_house(channel, tmp_path))

        yield opened


@asynccontextmanager
async def _house(channel: str, folder: Path) -> AsyncIterator[House]:
    async with joined(channel, {"data_dir": folder}) as (gateway, rig, clock):
        yield House(gateway, rig, clock)


def found(balance: Balance) -> list[tuple[Why, str]]:
    """What does not balance, and of which kind it is."""
    return [(off.why, off.kind) for off in balance.off]
