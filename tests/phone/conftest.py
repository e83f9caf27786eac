"""A hotline for each test; see line.py."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.clock import SetClock
from tests.phone.line import Builder, House


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def build(clock: SetClock) -> AsyncIterator[Builder]:
    builder = Builder(clock)
    yield builder
    await builder.aclose()


@pytest.fixture
async def house(build: Builder) -> House:
    return await build()
