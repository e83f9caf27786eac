"""The days a complaint may take, counted as the regulator counts them."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from normalizer.record import SHANGHAI


def due_at(received_at: datetime, days: int) -> datetime:
    """End of the last natural day, Shanghai time; the day of receipt is not counted.

    令2020年第3号 Arts 18 and 43 (natural days, from receipt), Civil Code Art 201 (first day not counted).
    """
    last_day = received_at.astimezone(SHANGHAI).date() + timedelta(days=days)
    return datetime.combine(last_day, time(23, 59, 59), tzinfo=SHANGHAI)


def one_working_day(moment: datetime) -> datetime:
    """The same time on the next day that is not a Saturday or Sunday, Shanghai time."""
    then = moment.astimezone(SHANGHAI) + timedelta(days=1)
    while then.weekday() >= 5:
        then += timedelta(days=1)
    return then
