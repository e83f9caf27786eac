"""The clock of a complaint: natural days from receipt, and the few things that move the date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.casework.clocks.engine import reckon
from gateway.casework.clocks.limits import end_of_day
from gateway.casework.clocks.setting import moments, next_alert, passed
from normalizer.record import SHANGHAI
from store.desk import ClockEvent
from tests.clocks.events import T0, clock, codes, due, event, extended, on, rules, special

days = st.floats(0.1, 70)


def test_fifteen_days_count_from_the_day_after_receipt_to_its_end() -> None:
    standing = clock()
    assert standing.due_at == datetime(2026, 3, 17, 23, 59, 59, tzinfo=SHANGHAI)
    assert standing.limit == "simple"


def test_a_complaint_received_just_before_midnight_counts_from_the_next_day_in_shanghai() -> None:
    late = datetime.fromisoformat("2026-03-01T15:59:59+00:00")
    early = datetime.fromisoformat("2026-03-01T16:00:00+00:00")
    assert end_of_day(late, 15).date().isoformat() == "2026-03-16"
    assert end_of_day(early, 15).date().isoformat() == "2026-03-17"


def test_a_date_in_a_holiday_is_not_shifted() -> None:
    """Spring festival of 2026 is from 15 to 23 February."""
    began = datetime(2026, 2, 3, 9, tzinfo=SHANGHAI)
    assert reckon(began, (), now=began, rules=rules()).due_at.date().isoformat() == "2026-02-18"


def test_a_complex_matter_takes_thirty_days_in_total() -> None:
    assert due(extended(5)) == "2026-04-01"
    assert due(extended(5), extended(20)) == "2026-04-01"


def test_an_extension_after_the_date_changes_nothing() -> None:
    assert due(extended(16), days=20) == "2026-03-17"
    assert "complex_late" in codes(clock(extended(16), days=20))


def test_sixty_days_need_an_approver_and_a_customer_who_was_told_in_time() -> None:
    assert due(extended(5), special(20)) == "2026-05-01"
    assert due(extended(5), special(20, approver="")) == "2026-04-01"
    assert due(extended(5), special(20, told=31), days=40) == "2026-04-01"
    assert due(extended(5), special(20, told_at=""), days=25) == "2026-04-01"


def test_while_telling_is_under_way_sixty_days_count_until_the_date_before_has_passed() -> None:
    waiting = special(20, told_at="", telling=True)
    assert due(extended(5), waiting, days=25) == "2026-05-01"
    assert clock(extended(5), waiting, days=25).prove_by == datetime(2026, 4, 1, 23, 59, 59, tzinfo=SHANGHAI)
    assert due(extended(5), waiting, days=31) == "2026-04-01"
    assert clock(extended(5), waiting, days=31).overdue


def test_whole_days_of_an_appraisal_do_not_count() -> None:
    apart = (event("pause", 3, why="appraisal"), event("resume", 10, why="appraisal"))
    assert due(*apart, days=11) == "2026-03-23"  # from the 5th to the 12th: six whole days between
    assert due(event("pause", 3, why="appraisal"), event("resume", 3.1, why="appraisal"), days=4) == "2026-03-17"


def test_waiting_for_the_customers_papers_stops_nothing() -> None:
    assert due(event("pause", 3, why="papers"), event("resume", 10, why="papers"), days=11) == "2026-03-17"


def test_while_mediation_lasts_the_date_moves_on_day_by_day() -> None:
    begun = event("pause", 3, why="mediation")
    standing = clock(begun, days=10)
    assert standing.paused
    assert not standing.overdue
    assert (clock(begun, days=11).due_at - standing.due_at).days == 1


def test_an_appraisal_begun_after_the_date_does_not_rescue_it() -> None:
    standing = clock(event("pause", 20, why="appraisal"), days=25)
    assert not standing.paused
    assert standing.overdue


def test_new_facts_begin_the_days_again_and_void_what_moved_the_old_date() -> None:
    standing = clock(extended(5), event("restart", 10, reason="新的检查报告"), days=12)
    assert standing.due_at.date().isoformat() == "2026-03-27"
    assert standing.limit == "simple"
    assert standing.began_at == on(10)


def test_a_pause_that_goes_on_over_new_facts_goes_on() -> None:
    standing = clock(event("pause", 3, why="appraisal"), event("restart", 10), event("resume", 14), days=15)
    assert standing.due_at.date().isoformat() == "2026-03-30"  # 27 March and three whole days


def test_what_was_agreed_on_stands_until_something_else_is_agreed_on() -> None:
    until = datetime(2026, 3, 10, 23, 59, 59, tzinfo=SHANGHAI)
    agreed = event("agreed", 2, until=until.isoformat(), evidence="电话录音")
    assert clock(agreed).due_at == until
    assert clock(agreed, extended(3)).due_at == until
    later = event("agreed", 3, until=on(40).isoformat(), evidence="邮件")
    assert clock(agreed, later, days=4).due_at == on(40)


def test_a_withdrawn_complaint_is_never_overdue() -> None:
    standing = clock(event("stop", 5, why="withdrawn"), days=100)
    assert standing.stopped
    assert not standing.overdue


def test_a_decision_stops_the_clock_only_once_the_customer_was_told() -> None:
    assert clock(event("stop", 5, why="decided"), days=20).overdue
    told = clock(event("stop", 5, why="decided", told_at=on(6).isoformat()), days=20)
    assert told.stopped_at == on(6)
    under_way = clock(event("stop", 5, why="decided", telling=True), days=6)
    assert under_way.stopped
    assert under_way.prove_by == under_way.due_at
    assert clock(event("stop", 5, why="decided", telling=True), days=16).overdue


def test_what_is_taken_up_again_without_new_facts_keeps_its_date() -> None:
    stopped = event("stop", 5, why="withdrawn")
    assert due(stopped, event("resume", 8, why="reopened"), days=9) == "2026-03-17"
    assert clock(stopped, event("resume", 8, why="reopened"), days=9).running


def test_the_targets_follow_the_priority_and_personal_lines_have_ten_working_days() -> None:
    urgent = {target.name: target.at for target in clock(by=rules("P0")).targets}
    assert urgent["contact"] == T0 + timedelta(minutes=30)
    assert urgent["decision"].date().isoformat() == "2026-03-05"
    assert "ask" not in urgent
    personal = {target.name: target.at for target in clock(by=rules(personal=True)).targets}
    assert personal["personal"].date().isoformat() == "2026-03-16"
    assert personal["contact"] == datetime(2026, 3, 4, 10, 15, tzinfo=SHANGHAI)
    assert "personal" not in {target.name for target in clock().targets}


def test_a_target_is_never_later_than_the_date_itself() -> None:
    began = datetime(2026, 2, 12, 10, tzinfo=SHANGHAI)  # ten working days from here end after the fifteen natural ones
    standing = reckon(began, (), now=began, rules=rules(personal=True))
    assert max(target.at for target in standing.targets) == standing.due_at


def test_it_says_when_the_holidays_of_a_year_are_not_known() -> None:
    began = datetime(2030, 3, 4, 10, tzinfo=SHANGHAI)
    standing = reckon(began, (), now=began, rules=rules())
    assert [step.values["year"] for step in standing.steps if step.code == "calendar_unknown"] == ["2030"]


def test_the_clock_speaks_up_at_half_at_four_fifths_on_the_last_day_and_when_it_is_over() -> None:
    standing = clock()
    assert [alert.reason for _, alert in moments(standing)] == ["half", "four_fifths", "last_day", "overdue"]
    assert next_alert(standing) == T0 + (standing.due_at - T0) / 2
    later = clock(days=13)
    said = passed(later, T0)
    assert said is not None
    assert said.reason == "four_fifths"
    assert passed(later, later.now) is None
    assert next_alert(later) == later.due_at - timedelta(days=1)


# -- what holds whatever happens ---------------------------------------------------------------------------------------


@st.composite
def histories(draw: st.DrawFn) -> list[ClockEvent]:
    """Some of what may happen: extensions, stretches apart that do not overlap, new facts."""
    found = [extended(draw(days)) for _ in range(draw(st.integers(0, 2)))]
    found += [special(draw(days), told=draw(days)) for _ in range(draw(st.integers(0, 2)))]
    found += [event("restart", draw(days)) for _ in range(draw(st.integers(0, 1)))]
    turns = sorted(draw(st.lists(days, max_size=6, unique=True)))
    for begins, ends in zip(turns[::2], turns[1::2], strict=False):
        found += [event("pause", begins, why="appraisal"), event("resume", ends, why="appraisal")]
    return found


@given(histories(), days)
def test_nothing_but_an_agreement_makes_the_time_shorter_than_fifteen_days(found: list[ClockEvent], now: float) -> None:
    standing = clock(*found, days=now)
    assert standing.due_at >= end_of_day(standing.began_at, 15)
    assert standing.due_at >= end_of_day(T0, 15)


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_in_which_things_are_noted_does_not_matter(found: list[ClockEvent], random: Random) -> None:
    mixed = list(found)
    random.shuffle(mixed)
    renoted = [replace(each, noted_at=on(99 - number), id=number) for number, each in enumerate(mixed)]
    assert clock(*renoted, days=71).due_at == clock(*found, days=71).due_at


@given(histories(), days)
def test_an_extension_never_brings_the_date_nearer(found: list[ClockEvent], at: float) -> None:
    plain = clock(*found, days=71).due_at
    assert clock(*found, extended(at), days=71).due_at >= plain
    assert clock(*found, special(at), days=71).due_at >= plain


@given(histories(), days, days)
def test_mediation_never_makes_the_time_shorter(found: list[ClockEvent], one: float, other: float) -> None:
    begins, ends = sorted((one, other))
    apart = [event("pause", begins, why="mediation"), event("resume", ends, why="mediation")]
    assert clock(*found, *apart, days=71).due_at >= clock(*found, days=71).due_at


@given(st.integers(0, 500), st.integers(1, 30))
def test_holidays_shift_nothing(ahead: int, hour: int) -> None:
    began = datetime(2025, 7, 1, hour % 24, 30, tzinfo=SHANGHAI) + timedelta(days=ahead)
    standing = reckon(began, (), now=began, rules=rules())
    assert (standing.due_at.date() - began.date()).days == 15


@given(histories(), st.lists(days, min_size=1, max_size=5))
def test_each_moment_is_spoken_of_once_however_often_one_looks(found: list[ClockEvent], looks: Sequence[float]) -> None:
    said: list[tuple[str, datetime]] = []
    since = T0
    for look in sorted(looks):
        standing = clock(*[each for each in found if each.at <= on(look)], days=look)
        alert = passed(standing, since)
        if alert is not None:
            said.append((alert.reason, standing.due_at))
        since = on(look) + timedelta(microseconds=1)
    assert len(said) == len(set(said))


@pytest.mark.parametrize("kind", ["complex", "special", "agreed", "pause"])
def test_a_stopped_clock_is_not_moved(kind: str) -> None:
    facts = {"approver": "w", "told_at": on(6).isoformat(), "until": on(50).isoformat(), "why": "appraisal"}
    standing = clock(event("stop", 5, why="withdrawn"), event(kind, 6, **facts), days=7)
    assert standing.due_at.date().isoformat() == "2026-03-17"
    assert standing.stopped
