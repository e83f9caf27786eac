"""How long to wait before the next try."""

from __future__ import annotations

import random


class Backoff:
    """Doubles from ``first`` to ``longest`` seconds, with jitter: many gateways do not knock at the same moment."""

    def __init__(self, first: float, longest: float) -> None:
        self._first = first
        self._longest = longest
        self._tries = 0

    def next(self) -> float:
        wait = min(self._longest, self._first * 2.0 ** min(self._tries, 16))
        self._tries += 1
        return wait * random.uniform(0.5, 1.0)

    def reset(self) -> None:
        self._tries = 0
