"""What a browser keeps for us between two pages before somebody is signed in: sealed, and good for minutes."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from channels.base import Clock
from store.crypto import Keyring
from store.errors import StoreError

GOOD_FOR = timedelta(minutes=10)
LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Tokens:
    """Seals facts for one purpose; nobody can read or change them, and one purpose's do not serve another."""

    keys: Keyring
    clock: Clock

    def seal(self, purpose: str, facts: Mapping[str, Any]) -> str:
        until = (self.clock.now() + GOOD_FOR).isoformat()
        sealed = self.keys.seal(orjson.dumps({**facts, "until": until}), f"token.{purpose}")
        return base64.urlsafe_b64encode(sealed).decode()

    def open(self, purpose: str, token: str) -> Mapping[str, Any] | None:
        """What was sealed; None for a token that is not ours, or too old."""
        if not token or len(token) > LONGEST:
            return None
        try:
            sealed = base64.b64decode(token, altchars=b"-_", validate=True)
            facts: dict[str, Any] = orjson.loads(self.keys.open(sealed, f"token.{purpose}"))
        except (binascii.Error, ValueError, StoreError):
            return None
        return facts if self.clock.now() < datetime.fromisoformat(facts["until"]) else None
