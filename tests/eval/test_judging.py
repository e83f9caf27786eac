"""The evaluator itself: a wrong record is counted wrong, and what it says is what was counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.eval.__main__ import main
from tests.eval.cases import Case, everything, files, read
from tests.eval.goals import GOALS, Goal, unmet
from tests.eval.judge import Score, Tally, score
from tests.eval.report import report

NOTHING: dict[str, Any] = {
    "intent": "other", "phone": None, "request": None, "amounts": [], "dates": [], "flags": [], "missing": [],
    "priority": "P3", "category": None,
}  # fmt: skip


def case_of(expect: dict[str, Any], *, id: str = "x", channel: str = "wechat", file: str = "dev-x.jsonl") -> Case:
    danger = expect["priority"] == "P0" if "priority" in expect else None
    line = {"channel": channel, "received_on": "2026-11-20", "text": "不知道说什么"}
    return Case(id=id, file=file, line=line, expect=expect, danger=danger)


def tally_of(name: str, wanted: Any, got: Any) -> Tally:
    return judged(({name: wanted}, {name: got})).tallies[name]


def judged(*pairs: tuple[dict[str, Any], dict[str, Any]]) -> Score:
    """A score of made-up records: (expected, got)."""
    records = {f"x{place}": NOTHING | got for place, (_, got) in enumerate(pairs)}
    cases = [case_of(expect, id=f"x{place}") for place, (expect, _) in enumerate(pairs)]
    return score(cases, lambda case: records[case.id])


def counts(tally: Tally) -> tuple[int, int, int, int]:
    return tally.right, tally.found, tally.made_up, tally.overlooked


@pytest.mark.parametrize(
    ("wanted", "got", "expected"),
    [
        ("+8613812345678", "+8613812345678", (1, 1, 0, 0)),
        (None, None, (1, 0, 0, 0)),
        (None, "+8613812345678", (0, 0, 1, 0)),
        ("+8613812345678", None, (0, 0, 0, 1)),
        ("+8613812345678", "+8613812345679", (0, 0, 1, 1)),
    ],
)
def test_a_number_made_up_a_number_overlooked_and_a_wrong_one_are_counted_as_such(
    wanted: str | None, got: str | None, expected: tuple[int, int, int, int]
) -> None:
    assert counts(tally_of("phone", wanted, got)) == expected


def test_the_same_sum_named_twice_counts_twice() -> None:
    assert counts(tally_of("amounts", [100, 100, 3], [100, 5, 3])) == (0, 2, 1, 1)


def test_sums_in_another_order_are_all_found_but_the_record_is_not_right() -> None:
    assert counts(tally_of("amounts", [1, 2], [2, 1])) == (0, 2, 0, 0)


def test_flags_have_no_order() -> None:
    assert counts(tally_of("flags", ["media", "elderly"], ["elderly", "media"])) == (1, 2, 0, 0)


def test_a_request_is_right_when_it_holds_the_expected_words() -> None:
    assert counts(tally_of("request", "退保费", "请尽快 退 保费")) == (1, 1, 0, 0)
    assert counts(tally_of("request", "退保费", "道歉")) == (0, 0, 1, 1)
    assert counts(tally_of("request", None, "道歉")) == (0, 0, 1, 0)


def test_shares_are_of_all_cases_together() -> None:
    tally = judged(({"phone": "1"}, {"phone": "1"}), ({"phone": None}, {"phone": "2"}), ({"phone": "3"}, {})).tallies[
        "phone"
    ]
    assert (tally.judged, tally.right) == (3, 1)
    assert (tally.precision, tally.recall, tally.f1) == (0.5, 0.5, 0.5)


def test_danger_that_was_missed_and_danger_that_was_none_are_both_counted() -> None:
    result = judged(
        ({"priority": "P0"}, {"priority": "P0"}),
        ({"priority": "P0"}, {"priority": "P1"}),
        ({"priority": "P2"}, {"priority": "P0"}),
        ({}, {"priority": "P0"}),  # not judged
    )
    assert counts(result.danger)[1:] == (1, 1, 1)
    assert {"P0: recall 0.500 < 1.0", "P0: precision 0.500 < 0.8"} <= set(unmet(result))


def test_a_goal_is_met_at_its_figure_and_not_below() -> None:
    goal = Goal(name="phone", measure="recall", least=0.5)
    assert goal.met(tally_of("phone", None, None))
    assert not unmet(judged(({"phone": "1"}, {"phone": "1"}), ({"phone": "1"}, {})), (goal,))
    assert unmet(judged(({"phone": "1"}, {})), (goal,)) == ["phone: recall 0.000 < 0.5"]


def test_the_report_names_what_was_confused_missed_and_worst() -> None:
    told = "\n".join(
        report(
            judged(
                ({"intent": "complaint", "priority": "P0", "phone": "1"}, {"intent": "consult"}),
                ({"category": "C01"}, {"category": "C02"}),
                ({"category": "C01"}, {"category": "C02"}),
            ),
            worst=1,
        )
    )
    assert "   1  complaint taken for consult" in told
    assert "   2  C01 taken for C02" in told
    assert "P0 missed: 1\n  x0 [wechat]" in told
    assert "recall 1.00 NOT MET" in told
    assert "Cases with most wrong fields (1 of 3)\n  x0" in told
    assert "Misses of category (1 of 2)" in told


def test_files_are_told_apart_by_whether_they_were_seen() -> None:
    assert case_of({}, file="dev-chat.jsonl").seen
    assert not case_of({}, file="unseen-chat.jsonl").seen
    assert case_of({}, file="own_normalizer.jsonl").seen


def test_every_case_file_can_be_read_and_no_two_cases_have_one_name() -> None:
    cases = everything()
    ids = [(case.file, case.id) for case in cases]
    assert len(ids) == len(set(ids))
    assert {case.file for case in cases} == {file.name for file in files()}


def test_every_goal_is_about_something_that_is_judged() -> None:
    names = set(score(everything(files()[:1])).tallies) | {"P0"}
    assert {goal.name for goal in GOALS} <= names


def test_a_case_that_cannot_be_used_is_named_by_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "dev-bad.jsonl"
    file.write_text('\n{"id": "a"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"dev-bad\.jsonl, line 2"):
        read(file)


def test_the_command_judges_the_files_and_the_channel_it_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "unseen-two.jsonl"
    lines = [
        {"id": c, "channel": c, "received_on": "2026-11-20", "text": "在吗", "expect": {"intent": "other"}}
        for c in ("web", "wechat")
    ]
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    main([str(file), "--channel", "web"])
    out = capsys.readouterr().out
    assert out.startswith("1 cases, 1 right in every field")
    assert "unseen" in out
    assert "wechat" not in out
