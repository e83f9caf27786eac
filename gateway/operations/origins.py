"""Webhooks that take what nobody proved to be their provider's: said at the start, and every hour while it lasts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from channels.base import Channel, Clock, Probe
from channels.origin import COUNT, FACT

log = structlog.get_logger(__name__)

EVERY = timedelta(hours=1)


class OriginsRound:
    """Names each channel whose checks only report."""

    def __init__(self, channels: Mapping[str, Channel], clock: Clock) -> None:
        self._channels = channels
        self._clock = clock
        self._said: datetime | None = None

    async def go(self) -> None:
        now = self._clock.now()
        if self._said is not None and now - self._said < EVERY:
            return
        self._said = now
        for name, channel in self._channels.items():
            facts = channel.state() if isinstance(channel, Probe) else {}
            if FACT in facts:
                advice = f"set TOUSU_{name.upper()}_CHECKS=enforce as soon as nothing is counted here"
                log.warning("origin_not_checked", channel=name, unproven=facts.get(COUNT, "0"), advice=advice)
