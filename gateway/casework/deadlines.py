"""By when a person of ours does something, counted in working days."""

from __future__ import annotations

from datetime import datetime

from gateway.casework.clocks.calendar import calendar


def one_working_day(moment: datetime) -> datetime:
    """The same time on the next working day, Shanghai time."""
    return calendar().add(moment, 1)
