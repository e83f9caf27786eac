"""A model's far side on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from gateway.model.simulator import ModelSimulator, running


@pytest.fixture
async def simulator() -> AsyncIterator[ModelSimulator]:
    async with running() as simulator:
        yield simulator
