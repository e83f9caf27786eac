"""The door, for the tests that go through it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from store.unit import Store
from tests.signin.rig import Rig, rig_over


@pytest.fixture
async def rig(store: Store) -> AsyncIterator[Rig]:
    async with rig_over(store) as made:
        yield made
