"""What customers' browsers keep for us, and short proofs that something is ours."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from gateway import seals
from gateway.house import House

LONGEST = 2000  # characters: ours are shorter


def seal(house: House, purpose: str, facts: Mapping[str, Any], keep: timedelta) -> str:
    """Nobody else can read or make it."""
    return seals.seal(house.store.keyring, house.clock, _place(purpose), facts, keep)


def unseal(house: House, purpose: str, text: str) -> Mapping[str, Any] | None:
    """What was sealed for this purpose; None for anything else, and after its end."""
    return seals.unseal(house.store.keyring, house.clock, _place(purpose), text, longest=LONGEST)


def mark(house: House, kind: str, value: str) -> str:
    """A short proof that we wrote ``value``: 32 hex digits."""
    return house.store.keyring.index(f"customers.{kind}", value)


def same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def minutes(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def _place(purpose: str) -> str:
    return f"customers.{purpose}"
