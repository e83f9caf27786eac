"""Commands as somebody types them; what they put in force is taken back after each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.normalizer.own_rules import shipped_only


@pytest.fixture(autouse=True)
def _shipped_rules_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("TOUSU_RULES", raising=False)
    yield
    shipped_only()
