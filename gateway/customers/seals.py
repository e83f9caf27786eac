"""What we hand to a browser and believe when it comes back: sealed, with a purpose and an end."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from gateway.house import House
from store.errors import StoreError

LONGEST = 2000  # characters: ours are shorter
END = "end"


def seal(house: House, purpose: str, facts: Mapping[str, Any], keep: timedelta) -> str:
    """Nobody else can read or make it."""
    end = int((house.clock.now() + keep).timestamp())
    sealed = house.store.keyring.seal_json({**facts, END: end}, _aad(purpose))
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def unseal(house: House, purpose: str, text: str) -> Mapping[str, Any] | None:
    """What was sealed for this purpose; None for anything else, and after its end."""
    if not text or len(text) > LONGEST:
        return None
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        facts: Mapping[str, Any] = house.store.keyring.open_json(sealed, _aad(purpose))
    except (ValueError, StoreError):
        return None
    return facts if facts and facts[END] > house.clock.now().timestamp() else None


def mark(house: House, kind: str, value: str) -> str:
    """A short proof that we wrote ``value``: 32 hex digits."""
    return house.store.keyring.index(f"customers.{kind}", value)


def same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def minutes(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def _aad(purpose: str) -> str:
    return f"customers.{purpose}"
