"""A gateway on either database, and a visitor before it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.app import Gateway, open_gateway
from gateway.settings import Settings
from tests.clock import SetClock
from tests.web.visitor import Visitor, visiting


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def gateway(clock: SetClock, store_url: str, tmp_path: Path) -> AsyncIterator[Gateway]:
    settings = Settings(data_dir=tmp_path, database_url=store_url, public_url="http://tousu.example.cn")
    async with open_gateway(settings, clock) as opened:
        yield opened


@pytest.fixture
async def visitor(gateway: Gateway, clock: SetClock) -> AsyncIterator[Visitor]:
    async with visiting(gateway, clock) as one:
        yield one
