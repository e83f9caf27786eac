"""What is to be reached on texts that were not seen while the rules were made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tests.eval.judge import Score, Tally

Measure = Literal["accuracy", "precision", "recall", "f1"]
P0 = "P0"  # the row of danger alone


@dataclass(frozen=True, kw_only=True, slots=True)
class Goal:
    """A figure of a field and what it must at least be."""

    name: str
    measure: Measure
    least: float

    def figure(self, tally: Tally) -> float:
        return float(getattr(tally, self.measure))

    def met(self, tally: Tally) -> bool:
        return self.figure(tally) >= self.least


def _goals(measure: Measure, **least: float) -> tuple[Goal, ...]:
    return tuple(Goal(name=name, measure=measure, least=share) for name, share in least.items())


GOALS = (
    *_goals("accuracy", intent=0.95, category=0.90, category_detail=0.80, product=0.88, priority=0.92),
    *_goals("accuracy", request=0.92, missing=0.92),
    *_goals("f1", complainant_name=0.95, phone=0.95, id_number=0.95, policy_number=0.95, claim_number=0.95),
    *_goals("f1", amounts=0.92, dates=0.92, flags=0.90),
    Goal(name=P0, measure="recall", least=1.0),
    Goal(name=P0, measure="precision", least=0.80),
)


def goals_of(name: str) -> list[Goal]:
    return [goal for goal in GOALS if goal.name == name]


def tallies_of(score: Score) -> dict[str, Tally]:
    """Every field's tally, and that of danger as a field of its own."""
    return {**score.tallies, P0: score.danger}


def unmet(score: Score, goals: tuple[Goal, ...] = GOALS) -> list[str]:
    """A line for each goal that the score does not reach; a field that was not judged reaches all."""
    tallies = tallies_of(score)
    return [
        f"{goal.name}: {goal.measure} {goal.figure(tally):.3f} < {goal.least}"
        for goal in goals
        if (tally := tallies.get(goal.name)) and not goal.met(tally)
    ]
