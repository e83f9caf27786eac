"""A post office on either database."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.unit import Store
from tests.delivery.post import Office


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Office:
    return Office(store, tmp_path)
