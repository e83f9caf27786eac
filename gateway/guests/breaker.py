"""A guest that fails again and again is left alone for a while: nothing of anybody's is sent for nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from channels.base import Clock

FAILURES = 5  # in a row
REST = timedelta(minutes=1)


class Breaker:
    """Closed until ``FAILURES`` in a row, then open for ``REST``; then one try decides."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures = 0
        self._open_until: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self._open_until is not None and self._clock.now() < self._open_until

    def succeeded(self) -> None:
        self._failures, self._open_until = 0, None

    def failed(self) -> None:
        """The one try after a rest counts like the last of the row: it opens again at once."""
        self._failures += 1
        if self._failures >= FAILURES:
            self._open_until = self._clock.now() + REST
