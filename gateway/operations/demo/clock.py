"""The demo's time: the real one, moved ahead at will, so that days of silence pass while one looks on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class DemoClock:
    """Implements ``channels.base.Clock``; it never goes back."""

    def __init__(self, ahead: timedelta = timedelta(0)) -> None:
        self.ahead = ahead

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def skip(self, by: timedelta) -> None:
        if by < timedelta(0):
            raise ValueError("the demo's clock goes forward only")
        self.ahead += by
