"""A desk over a real store, for what officers do."""

from __future__ import annotations

import pytest

from gateway.house import House
from gateway.intake.inbox import GatewayInbox
from gateway.settings import Settings
from store.unit import Store
from tests.casework.office import Desk
from tests.clock import SetClock


@pytest.fixture
async def desk(store: Store) -> Desk:
    """Nobody works here yet, and nobody has complained."""
    clock, ways = SetClock(), frozenset({"wechat", "email", "phone", "letter"})
    house = House(store=store, clock=clock, settings=Settings(), open_channels=ways)
    return Desk(house=house, clock=clock, inbox=GatewayInbox(house))
