"""Where the insurer's own rules are, and which day's rules count."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path

from normalizer.record import SHANGHAI


def own_rules() -> Path | None:
    """What ``Settings.rules`` holds, for commands that need no other setting and start without reading them (0.5 s)."""
    told = os.environ.get("TOUSU_RULES")
    return Path(told) if told else None


def insurers_day(now: datetime) -> date:
    """The day by which rules come into force."""
    return now.astimezone(SHANGHAI).date()
