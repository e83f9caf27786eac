"""Twilio's ids: two letters and 32 hexadecimal digits."""

from __future__ import annotations

import hashlib
import itertools
import uuid


class Ids:
    """The same ids in the same order for the same seed."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self.places = itertools.count(1)

    def new(self, kind: str) -> str:
        """``CA``, ``SM``, ``RE``, … and 32 digits."""
        return kind + self._digits(kind)

    def token(self) -> str:
        """For I-Twilio-Idempotency-Token."""
        return str(uuid.UUID(self._digits("token")))

    def _digits(self, kind: str) -> str:
        return hashlib.sha256(f"{self.seed}/{kind}/{next(self.places)}".encode()).hexdigest()[:32]
