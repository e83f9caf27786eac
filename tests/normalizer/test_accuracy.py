"""What people really write becomes the right record, often enough."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.eval.cases import Case, everything, files, read
from tests.eval.goals import GOALS, P0, Goal
from tests.eval.goals import unmet as short_of
from tests.eval.judge import judge, score

# Shares of right values that must not be undercut where the cases were seen while the rules were made.
SEEN = {
    "intent": 0.95, "complainant_name": 0.95, "phone": 0.95, "email": 0.95, "id_number": 0.95, "policy_number": 0.95,
    "claim_number": 0.95, "amounts": 0.92, "dates": 0.92, "product": 0.9, "category": 0.93, "category_detail": 0.9,
    "priority": 0.92, "flags": 0.9, "party_role": 0.92, "respondent": 0.9, "request": 0.92, "missing": 0.92,
}  # fmt: skip
IN_DANGER = tuple(goal for goal in GOALS if goal.name == P0)
SEEN_GOALS = (*(Goal(name=name, measure="accuracy", least=least) for name, least in SEEN.items()), *IN_DANGER)


# What these unseen cases did not reach when they were scored for the first time must not fall further; of any other
# unseen file every goal must be met.
REACHED = {"unseen-1.jsonl": {"flags": 0.87, "missing": 0.87}}


def goals_for(file: Path) -> tuple[Goal, ...]:
    """What a file of this kind must reach."""
    if not file.name.startswith("unseen-"):
        return SEEN_GOALS
    reached = REACHED.get(file.name, {})
    return tuple(replace(goal, least=reached.get(goal.name, goal.least)) for goal in GOALS)


@pytest.mark.parametrize("file", files(), ids=lambda file: file.stem)
def test_the_cases_become_the_expected_records(file: Path) -> None:
    result = score(read(file))
    low = short_of(result, goals_for(file))
    assert not low, "\n".join([*low, *map(str, result.misses)])


@pytest.mark.parametrize(
    "case", [case for case in everything() if case.file == "urgent.jsonl"], ids=lambda case: case.text[:16]
)
def test_who_is_in_danger_is_always_noticed_and_figures_of_speech_are_not(case: Case) -> None:
    assert judge(case).found_danger is case.danger
