"""Exchanges on each database; with people of ours to be rung, or without."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.operations_calls.exchange import Exchange, open_exchange


@pytest.fixture
async def exchange(store_url: str, tmp_path: Path) -> AsyncIterator[Exchange]:
    async with open_exchange(data_dir=tmp_path, database_url=store_url) as exchange:
        yield exchange


@pytest.fixture
async def manned(store_url: str, tmp_path: Path) -> AsyncIterator[Exchange]:
    async with open_exchange(data_dir=tmp_path, database_url=store_url, phone_agents="+85291112222") as exchange:
        yield exchange
