"""The database goes away between a gateway's first look at it and its first work."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway import background
from gateway.app import open_gateway
from gateway.background import start_background_work
from gateway.house import House
from gateway.settings import Settings
from store.errors import Unavailable
from tests.waiting import until


async def test_a_gateway_whose_database_goes_away_while_it_starts_goes_on_and_takes_what_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_: House) -> str:
        raise Unavailable("FileNotFoundError")

    monkeypatch.setattr(background, "first_steps", away)
    async with open_gateway(Settings(data_dir=tmp_path)) as gateway:
        await start_background_work(gateway)
        health = gateway.supervisor.health
        await until(lambda: health["first-steps"].problem == "Unavailable")
        assert health["deliver-web"].running
        await gateway.supervisor.aclose()
