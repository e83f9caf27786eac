"""Whether the database is away, as far as this process has seen: said loudly, and not asked again by everybody."""

from __future__ import annotations

import asyncio

import structlog

log = structlog.get_logger(__name__)

SAY_AGAIN = 60.0  # seconds between two lines of the log


class Outage:
    """From the first attempt in vain until something was handled again."""

    def __init__(self) -> None:
        self.lasts = False
        self._said = float("-inf")

    def begins(self, error: Exception) -> None:
        if not self.lasts:
            log.error("database_away", cause=type(error).__name__)
        self.lasts = True

    def kept(self, channel: str, depth: int) -> None:
        """Something was put on disk: because the database is away, or because too much comes at once."""
        now = asyncio.get_running_loop().time()
        if now - self._said > SAY_AGAIN:
            self._said = now
            why = "database_away_items_on_disk" if self.lasts else "too_much_at_once_items_on_disk"
            log.error(why, channel=channel, waiting=depth)

    def ends(self) -> None:
        if self.lasts:
            log.warning("database_is_back")
        self.lasts = False
