"""Working days in China: weekends, public holidays, and the working weekends that pay for them (调休)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import chinese_calendar

from gateway.casework.own_file import MOST_TOLD, parsed
from normalizer.record import SHANGHAI

DAY = timedelta(days=1)
SATURDAY = 5
KEYS = frozenset({"off", "work", "complete"})


class BrokenCalendar(ValueError):
    """The insurer's own calendar cannot be read; says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """The State Council's arrangement as far as it is known, and the insurer's own days over it.

    Beyond the known years only weekends are free, which is wrong by a few days: ``knows`` tells.
    """

    off: frozenset[date] = frozenset()  # nobody works here on these
    work: frozenset[date] = frozenset()  # here people work, whatever the arrangement says
    complete: frozenset[int] = frozenset()  # years whose arrangement stands here in full

    def is_working(self, day: date) -> bool:
        if day in self.off or day in self.work:
            return day in self.work
        if _published(day.year):
            return bool(chinese_calendar.is_workday(day))
        return day.weekday() < SATURDAY

    def knows(self, year: int) -> bool:
        """Is the arrangement of this year known?"""
        return year in self.complete or _published(year)

    def add(self, moment: datetime, days: int) -> datetime:
        """The same time of day that many working days later, Shanghai time; negative: earlier."""
        then, step = moment.astimezone(SHANGHAI), DAY if days >= 0 else -DAY
        for _ in range(abs(days)):
            then += step
            while not self.is_working(then.date()):
                then += step
        return then

    def between(self, first: date, last: date) -> int:
        """How many working days lie after ``first``, up to and with ``last``; negative the other way round."""
        if last < first:
            return -self.between(last, first)
        return sum(self.is_working(first + DAY * number) for number in range(1, (last - first).days + 1))

    def add_hours(self, moment: datetime, hours: float, opens: time, closes: time) -> datetime:
        """That many hours of service later; what comes outside them counts from the next opening."""
        then, left = self._open(moment.astimezone(SHANGHAI), opens, closes), timedelta(hours=hours)
        while left > (rest := _at(then, closes) - then):
            left -= rest
            then = self._open(_at(then, closes), opens, closes)
        return then + left

    def _open(self, moment: datetime, opens: time, closes: time) -> datetime:
        """This moment, or the next opening."""
        if self.is_working(moment.date()) and moment.time() < closes:
            return max(moment, _at(moment, opens))
        return _at(self.add(moment, 1), opens)


def _at(moment: datetime, clock: time) -> datetime:
    return datetime.combine(moment.date(), clock, tzinfo=SHANGHAI)


def _published(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def read_calendar(file: Path | None) -> Calendar:
    """The insurer's days off (``off``), extra working days (``work``) and years told in full (``complete``).

    Raises BrokenCalendar.
    """
    return _of(parsed(file, BrokenCalendar)) if file is not None else Calendar()


def _of(data: dict[str, object]) -> Calendar:
    if unknown := sorted(data.keys() - KEYS):
        raise BrokenCalendar(f"unknown: {', '.join(unknown)[:MOST_TOLD]}")
    off, work = _days(data, "off"), _days(data, "work")
    if both := sorted(off & work):
        raise BrokenCalendar(f"both off and work: {both[0]}")
    return Calendar(off=off, work=work, complete=_years(data))


def _days(data: dict[str, object], key: str) -> frozenset[date]:
    given = data.get(key, [])
    if not isinstance(given, list) or not all(type(day) is date for day in given):
        raise BrokenCalendar(f"{key}: a list of days without quotes, e.g. [2027-02-05]")
    return frozenset(given)


def _years(data: dict[str, object]) -> frozenset[int]:
    given = data.get("complete", [])
    if not isinstance(given, list) or not all(type(year) is int for year in given):
        raise BrokenCalendar("complete: a list of years, e.g. [2027]")
    return frozenset(given)


_in_force = Calendar()


def use(file: Path | None) -> None:
    """Put the insurer's calendar in force for this process; raises BrokenCalendar and then changes nothing."""
    global _in_force
    _in_force = read_calendar(file)


def calendar() -> Calendar:
    """The calendar in force."""
    return _in_force


def knows(year: int) -> bool:
    """Is the arrangement of this year known? Health and overview warn when it is not."""
    return _in_force.knows(year)
