"""A desk over a real store."""

from __future__ import annotations

import pytest

from gateway.house import House
from gateway.settings import Settings
from store.unit import Store
from tests.clock import SetClock
from tests.clocks.desk import Desk


@pytest.fixture
def desk(store: Store) -> Desk:
    clock = SetClock()
    house = House(store=store, clock=clock, settings=Settings(), open_channels=frozenset({"wechat", "email"}))
    return Desk(house=house, clock=clock)
