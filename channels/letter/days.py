"""The day on which a letter came, as the mailroom tells it: legal limits and the number of its case go by it."""

from __future__ import annotations

from datetime import date, datetime, time

from channels.base import OLDEST_POST
from normalizer.record import SHANGHAI

OPENING = time(9)  # when the post is on the table, of a day whose hour is not known
NOT_LIKELY = (
    f"received_on 应在最近 {OLDEST_POST.days} 天之内且不晚于今天 / "
    f"received_on must be one of the last {OLDEST_POST.days} days, and not later than today"
)


def today_of(now: datetime) -> date:
    return now.astimezone(SHANGHAI).date()


def is_likely(day: date | None, today: date) -> bool:
    """Could post that is handed in today have come that day? No day told is today."""
    return day is None or today - OLDEST_POST <= day <= today


def received_at(day: date | None, now: datetime) -> datetime:
    """When it reached us: a day alone means nine o'clock of it, and nothing comes from the future."""
    if day is None:
        return now
    return min(datetime.combine(day, OPENING, SHANGHAI), now)
