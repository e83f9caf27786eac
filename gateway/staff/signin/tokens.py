"""What a browser keeps for us between two pages before somebody is signed in: sealed, and good for minutes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from channels.base import Clock
from gateway import seals
from store.crypto import Keyring

GOOD_FOR = timedelta(minutes=10)
LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Tokens:
    """Seals facts for one purpose; nobody can read or change them, and one purpose's do not serve another."""

    keys: Keyring
    clock: Clock

    def seal(self, purpose: str, facts: Mapping[str, Any]) -> str:
        return seals.seal(self.keys, self.clock, _place(purpose), facts, GOOD_FOR)

    def open(self, purpose: str, token: str) -> Mapping[str, Any] | None:
        """What was sealed; None for a token that is not ours, or too old."""
        return seals.unseal(self.keys, self.clock, _place(purpose), token, longest=LONGEST)


def _place(purpose: str) -> str:
    return f"token.{purpose}"
