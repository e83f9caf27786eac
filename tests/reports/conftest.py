"""A house whose reports are read: a store on either database, a clock that stands still, and an office."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from gateway.house import House
from gateway.intake.inbox import GatewayInbox
from gateway.settings import Settings
from store.unit import Store
from tests.clock import SetClock
from tests.staff.office import TOKEN, Office, Replayer
from tests.staff.paper import SmallMailroom


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def house(store: Store, clock: SetClock) -> House:
    return House(store=store, clock=clock, settings=Settings(api_token=SecretStr(TOKEN), org_name="安心保险"))


@pytest.fixture
async def office(house: House) -> AsyncIterator[Office]:
    """The means to put things into the house; its own API answers nothing here."""
    inbox = GatewayInbox(house)
    async with TestClient(TestServer(web.Application())) as client:
        yield Office(
            client=client,
            house=house,
            replayer=Replayer(house.store),
            inbox=inbox,
            mailroom=SmallMailroom(inbox),
        )
