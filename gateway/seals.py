"""What we hand to a browser and believe when it comes back: sealed, for one purpose, with an end."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from channels.base import Clock
from store.crypto import Keyring
from store.errors import StoreError

END = "end"


def seal(keys: Keyring, clock: Clock, place: str, facts: Mapping[str, Any], keep: timedelta) -> str:
    """Nobody else can read or make it, and what is sealed for one ``place`` opens in no other."""
    end = int((clock.now() + keep).timestamp())
    sealed = keys.seal_json({**facts, END: end}, place)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def unseal(keys: Keyring, clock: Clock, place: str, text: str, *, longest: int) -> Mapping[str, Any] | None:
    """What was sealed for this place; None for anything else, what is too long, and after its end."""
    if not text or len(text) > longest:
        return None
    try:
        sealed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        facts: Mapping[str, Any] = keys.open_json(sealed, place)
    except (binascii.Error, ValueError, StoreError):
        return None
    return facts if facts and facts[END] > clock.now().timestamp() else None
