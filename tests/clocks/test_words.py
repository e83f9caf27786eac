"""Every step that a clock can take is told in both languages of the console."""

from __future__ import annotations

import pytest

from gateway.casework.clocks import explain
from gateway.casework.clocks.engine import APART
from gateway.casework.clocks.following import ENDS
from gateway.casework.clocks.limits import limits
from gateway.console.wording import LANGUAGES, wording
from store.desk import ClockEvent
from tests.clocks.events import T0, clock, event, extended, on, rules, special

HISTORIES = (
    (extended(5), special(20)),
    (extended(5), special(20, told=40)),
    (extended(20),),
    (event("pause", 3, why="appraisal"), event("resume", 9, why="appraisal"), event("pause", 12, why="mediation")),
    (event("pause", 20, why="mediation"),),
    (event("agreed", 2, until=on(40).isoformat(), evidence="录音"),),
    (event("restart", 4, reason="新报告"), event("stop", 6, why="decided"), event("stop", 7, why="withdrawn")),
    (event("stop", 6, why="not_handled"), event("resume", 8, why="reopened")),
    (event("stop", 6, why="decided", telling=True),),
)
every_language = pytest.mark.parametrize("language", LANGUAGES)


@every_language
@pytest.mark.parametrize("happened", HISTORIES)
def test_whatever_happened_can_be_explained(language: str, happened: tuple[ClockEvent, ...]) -> None:
    standing = clock(*happened, days=50, by=rules("P0", personal=True))
    told = explain(standing, wording(language))
    assert all(sentence.strip() and "{" not in sentence for sentence in told)
    assert any("2026-03-02 10:15" in sentence for sentence in told)


@every_language
def test_every_code_of_a_clock_has_its_words(language: str) -> None:
    t, found = wording(language), limits(T0)
    reasons = [alert.reason for alert in found.alerts]
    whys = [f"why_{why}" for why in (*APART, *ENDS.values())]
    targets = {f"target_{name}" for spans in found.targets.values() for name in spans}
    for key in (*reasons, "quiet", *whys, *targets, "target_personal", *(f"limit_{step}" for step in found.days)):
        assert t(f"clock.{key}", by="x")


@every_language
def test_the_reasons_of_an_extension_stand_in_the_explanation(language: str) -> None:
    told = "".join(explain(clock(extended(5), special(20), days=21), wording(language)))
    assert "两家医院的病历" in told
    assert "外地取证" in told
    assert "wang.zong" in told
