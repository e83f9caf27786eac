"""An office: the API over a real store, served on loopback, and customers whose complaints lie in it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from gateway.house import House
from gateway.settings import Settings
from gateway.staff.api import build_api
from store.unit import Store
from tests.clock import SetClock
from tests.staff.office import TOKEN, Office, Replayer


@pytest.fixture
async def office(store: Store) -> AsyncIterator[Office]:
    """The API with its token configured, reached by a client that shows it."""
    house = House(store=store, clock=SetClock(), settings=Settings(api_token=SecretStr(TOKEN)))
    replayer = Replayer(store)
    app = web.Application()
    app.add_subapp("/api/v1", build_api(house, replayer))
    async with TestClient(TestServer(app), headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        yield Office(client=client, house=house, replayer=replayer)
