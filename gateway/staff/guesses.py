"""Wrong service tokens: counted by address, said in the log, and answered more curtly.

A right token is let in however many wrong ones came before it: behind one proxy sit those who guess and those who may.
What keeps it from being guessed is its length; the README says how to make one.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

import structlog

from gateway.operations.metrics import GUESSED

log = structlog.get_logger(__name__)

MOST, SECONDS = 30, 900
MOST_ADDRESSES = 50_000


class Guesses:
    """Of this process, within a window."""

    def __init__(self, most: int = MOST, seconds: int = SECONDS, now: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._most = most
        self._now = now
        self._window = 0
        self._counts: Counter[str] = Counter()

    def too_many(self, address: str) -> bool:
        """Count one wrong token; said in the log when an address begins to look like somebody who guesses."""
        GUESSED.inc()
        window = int(self._now() // self.seconds)
        if window != self._window or len(self._counts) > MOST_ADDRESSES:
            self._window = window
            self._counts.clear()
        self._counts[address] += 1
        if self._counts[address] == self._most + 1:
            log.error("service_token_guessed", tries=self._most)
        return self._counts[address] > self._most
