"""One gateway with one channel, its far side beside it, on a clock that stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest

from gateway.app import Gateway
from tests.clock import SetClock
from tests.contract.house import Seen, joined
from tests.contract.post import KnowingReader
from tests.contract.rigs import RIGS, Rig


@dataclass
class House(Seen):
    """What a test of the contract holds in its hands."""

    gateway: Gateway
    rig: Rig
    clock: SetClock


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
    given = {"data_dir": tmp_path, "database_url": store_url, "api_token": "token"}
    async with joined(request.param, given) as (gateway, rig, clock):
        yield House(gateway, rig, clock)
