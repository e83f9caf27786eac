"""Days and weeks as people in Shanghai count them, as moments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from normalizer.record import SHANGHAI


def midnight(day: date) -> datetime:
    """When a day begins."""
    return datetime.combine(day, time(), SHANGHAI)


def today(now: datetime) -> date:
    return now.astimezone(SHANGHAI).date()


def last_days(now: datetime, count: int) -> Sequence[date]:
    """The last days, today the last of them."""
    return [today(now) - timedelta(days=back) for back in range(count - 1, -1, -1)]


def last_weeks(now: datetime, count: int) -> Sequence[date]:
    """The Mondays of the last weeks, this week's the last of them."""
    monday = today(now) - timedelta(days=today(now).weekday())
    return [monday - timedelta(weeks=back) for back in range(count - 1, -1, -1)]
