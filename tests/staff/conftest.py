"""An office: the API over a real store, served on loopback, and customers whose complaints lie in it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from gateway.house import House
from gateway.intake.inbox import GatewayInbox
from gateway.settings import Settings
from gateway.staff.api import build_api
from store.unit import Store
from tests.clock import SetClock
from tests.staff.office import TOKEN, Office, Replayer
from tests.staff.paper import SmallMailroom


@pytest.fixture
async def office(store: Store) -> AsyncIterator[Office]:
    """The API with its token configured, reached by a client that shows it."""
    settings = Settings(api_token=SecretStr(TOKEN))
    house = House(store=store, clock=SetClock(), settings=settings, open_channels=frozenset({"letter", "wechat"}))
    replayer = Replayer(store)
    app = web.Application()
    inbox = GatewayInbox(house)
    mailroom = SmallMailroom(inbox)
    app.add_subapp("/api/v1", build_api(house, replayer, inbox.submit, mailroom))
    async with TestClient(TestServer(app), headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        yield Office(client=client, house=house, replayer=replayer, inbox=inbox, mailroom=mailroom)
