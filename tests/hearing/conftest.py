"""A recogniser's far side on loopback, and a house in which recordings wait."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.hearing.simulator import SpeechSimulator, running
from store.unit import Store
from tests.hearing.recordings import Office, listening


@pytest.fixture
async def simulator() -> AsyncIterator[SpeechSimulator]:
    async with running() as simulator:
        yield simulator


@pytest.fixture
async def office(store: Store, simulator: SpeechSimulator, tmp_path: Path) -> AsyncIterator[Office]:
    """A house on either database, with a recogniser."""
    office = Office(store, tmp_path)
    async with listening(simulator, office.clock) as transcriber:
        office.transcriber = transcriber
        yield office
