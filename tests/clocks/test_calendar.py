"""Working days in China, against the arrangement that the State Council published, and the insurer's own days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.casework.clocks.calendar import BrokenCalendar, Calendar, calendar, knows, read_calendar, use
from gateway.casework.deadlines import one_working_day
from normalizer.record import SHANGHAI

KNOWN = Calendar()
OPENS, CLOSES = time(9), time(18)
moments = st.builds(
    datetime.combine,
    st.dates(date(2026, 1, 1), date(2026, 11, 30)),
    st.times(),
    tzinfo=st.just(SHANGHAI),
)


def at(day: str, clock: str = "09:30") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize("day", ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"])
def test_people_work_on_the_weekends_that_pay_for_holidays(day: str) -> None:
    assert date.fromisoformat(day).weekday() >= 5
    assert KNOWN.is_working(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-01-01", "2026-02-17", "2026-02-23", "2026-05-05", "2026-10-07", "2026-06-19"])
def test_nobody_works_on_a_holiday_in_the_week(day: str) -> None:
    assert date.fromisoformat(day).weekday() < 5
    assert not KNOWN.is_working(date.fromisoformat(day))


def test_the_next_working_day_before_spring_festival_is_after_it() -> None:
    assert KNOWN.add(at("2026-02-13"), 1) == at("2026-02-14")  # a Saturday that pays for the holiday
    assert KNOWN.add(at("2026-02-14"), 1) == at("2026-02-24")


def test_a_task_of_the_friday_is_due_on_the_working_saturday() -> None:
    assert one_working_day(at("2026-02-27")) == at("2026-02-28")
    assert one_working_day(at("2026-11-20")) == at("2026-11-23")


@given(moments, st.integers(0, 30))
def test_adding_working_days_and_counting_them_agree(moment: datetime, days: int) -> None:
    then = KNOWN.add(moment, days)
    assert KNOWN.between(moment.date(), then.date()) == days
    assert days == 0 or KNOWN.is_working(then.date())
    assert then.timetz() == moment.timetz()


@given(moments, st.integers(1, 30))
def test_as_many_working_days_back_leads_to_the_start_or_the_working_day_before_it(moment: datetime, days: int) -> None:
    back = KNOWN.add(KNOWN.add(moment, days), -days)
    assert back <= moment
    assert KNOWN.between(back.date(), moment.date()) == 0


@given(moments, st.floats(0.1, 40))
def test_hours_of_service_end_within_service(moment: datetime, hours: float) -> None:
    then = KNOWN.add_hours(moment, hours, OPENS, CLOSES)
    assert KNOWN.is_working(then.date())
    assert OPENS <= then.time() <= CLOSES
    assert then >= moment + timedelta(hours=hours) - timedelta(seconds=1)


def test_four_hours_from_friday_afternoon_end_on_monday() -> None:
    assert KNOWN.add_hours(at("2026-11-20", "16:00"), 4, OPENS, CLOSES) == at("2026-11-23", "11:00")
    assert KNOWN.add_hours(at("2026-11-21", "03:00"), 4, OPENS, CLOSES) == at("2026-11-23", "13:00")


def test_beyond_the_known_years_only_weekends_are_free_and_it_says_so() -> None:
    assert KNOWN.knows(2026)
    assert not KNOWN.knows(2031)
    assert KNOWN.is_working(date(2031, 1, 1))
    assert not KNOWN.is_working(date(2031, 1, 4))


def test_the_insurers_own_days_lie_over_the_arrangement(tmp_path: Path) -> None:
    file = tmp_path / "days.toml"
    file.write_text("off = [2026-11-24]\nwork = [2026-11-28]\ncomplete = [2031]\n", "utf-8")
    own = read_calendar(file)
    assert not own.is_working(date(2026, 11, 24))
    assert own.is_working(date(2026, 11, 28))
    assert own.knows(2031)


@pytest.mark.parametrize(
    "written",
    [
        'off = ["2026-11-24"]',
        "off = 3",
        "free = []",
        "off = [2026-11-24]\nwork = [2026-11-24]",
        "off = [",
        "complete = ['a']",
    ],
)
def test_a_calendar_that_cannot_be_meant_is_refused_and_changes_nothing(tmp_path: Path, written: str) -> None:
    file = tmp_path / "days.toml"
    file.write_text(written, "utf-8")
    before = calendar()
    with pytest.raises(BrokenCalendar):
        use(file)
    assert calendar() is before


def test_the_house_uses_its_own_calendar_once_it_is_put_in_force(tmp_path: Path) -> None:
    file = tmp_path / "days.toml"
    file.write_text("off = [2026-11-24]\ncomplete = [2031]\n", "utf-8")
    try:
        use(file)
        assert one_working_day(at("2026-11-23")) == at("2026-11-25")
        assert knows(2031)
    finally:
        use(None)
    assert one_working_day(at("2026-11-23")) == at("2026-11-24")
