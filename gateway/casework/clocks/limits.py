"""How long things may take: versioned data, by the day from which it is in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from gateway.casework.clocks.calendar import Calendar
from normalizer.editions import Edition, newest, read_edition
from normalizer.record import SHANGHAI

DAY_ENDS = time(23, 59, 59)
ORDINARY = "P3"


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A stretch of time, in one of four measures."""

    minutes: int = 0
    working_hours: int = 0
    working_days: int = 0
    days: int = 0  # natural ones, to the end of the last

    def after(self, moment: datetime, calendar: Calendar, opens: time, closes: time) -> datetime:
        """When it is over, begun at this moment."""
        if self.days:
            return end_of_day(moment, self.days)
        if self.working_days:
            return calendar.add(moment, self.working_days)
        if self.working_hours:
            return calendar.add_hours(moment, self.working_hours, opens, closes)
        return moment.astimezone(SHANGHAI) + timedelta(minutes=self.minutes)


@dataclass(frozen=True, kw_only=True, slots=True)
class Alert:
    """A moment at which a person must hear of the clock."""

    reason: str  # half, four_fifths, last_day, overdue
    share: float | None = None  # of the time from receipt to the date in force
    before: timedelta = timedelta(0)  # or this long before that date
    within: timedelta = timedelta(hours=4)  # by when the person has done it

    def at(self, began: datetime, due: datetime) -> datetime:
        return began + (due - began) * self.share if self.share is not None else due - self.before


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """One edition of the limits."""

    version: str
    effective_from: date
    days: Mapping[str, int]  # step: natural days from receipt
    personal_products: str
    personal_days: int
    alerts: tuple[Alert, ...]
    progress_days: int
    opens: time
    closes: time
    targets: Mapping[str, Mapping[str, Span]]  # by priority, by what is to happen

    def targets_of(self, priority: str) -> Mapping[str, Span]:
        return self.targets.get(priority) or self.targets[ORDINARY]


def end_of_day(moment: datetime, days: int) -> datetime:
    """End of the last natural day, Shanghai time; the day of ``moment`` is not counted, holidays shift nothing.

    令2020年第3号 Arts 18 and 43 (natural days, from receipt), Civil Code Art 201 (first day not counted).
    """
    last = moment.astimezone(SHANGHAI).date() + timedelta(days=days)
    return datetime.combine(last, DAY_ENDS, tzinfo=SHANGHAI)


def limits(on: datetime) -> Limits:
    """What is in force for a complaint received then; before the first edition, the first."""
    day = on.astimezone(SHANGHAI).date()
    found = newest(editions(), day) or editions()[0]
    return _of(found.file)


@cache
def editions() -> tuple[Edition, ...]:
    """All that come with the program, oldest first."""
    here = files(__package__).iterdir()
    found = [read_edition(file) for file in here if file.name.startswith("limits") and file.name.endswith(".toml")]
    return tuple(sorted(found, key=lambda edition: edition.effective_from))


@cache
def _of(file: str) -> Limits:
    edition = next(each for each in editions() if each.file == file)
    data = edition.data
    return Limits(
        version=edition.version,
        effective_from=edition.effective_from,
        days=MappingProxyType(dict(data["limit"])),
        personal_products=data["personal"]["products"],
        personal_days=data["personal"]["working_days"],
        alerts=tuple(_alert(reason, facts) for reason, facts in data["alerts"].items()),
        progress_days=data["progress"]["working_days"],
        opens=data["service"]["opens"],
        closes=data["service"]["closes"],
        targets=MappingProxyType({priority: _spans(spans) for priority, spans in data["targets"].items()}),
    )


def _alert(reason: str, facts: Mapping[str, float]) -> Alert:
    return Alert(
        reason=reason,
        share=facts.get("share"),
        before=timedelta(hours=facts.get("before_hours", 0)),
        within=timedelta(hours=facts["within_hours"]),
    )


def _spans(spans: Mapping[str, Mapping[str, int]]) -> Mapping[str, Span]:
    return MappingProxyType({name: Span(**span) for name, span in spans.items()})
