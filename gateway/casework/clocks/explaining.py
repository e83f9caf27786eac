"""Why an answer is due when it is, in the words of whoever asks."""

from __future__ import annotations

from typing import Protocol

from gateway.casework.clocks.reckoning import Reckoning, Step, day, minute

CODED = {"why": "why"}  # values that are codes themselves: named by entries of that prefix


class Words(Protocol):
    """Looks up a text by its key and fills it in."""

    def __call__(self, key: str, **values: object) -> str: ...


def explain(reckoning: Reckoning, t: Words) -> list[str]:
    """One sentence for each step, the date in force, and the targets beside it while there is still something to do."""
    sentences = [_sentence(step, t) for step in reckoning.steps]
    if reckoning.running:
        sentences.append(t("clock.due", due=day(reckoning.due_at)))
    if not reckoning.stopped:
        sentences += [t(f"clock.target_{target.name}", by=minute(target.at)) for target in reckoning.targets]
    return sentences


def _sentence(step: Step, t: Words) -> str:
    values = {
        name: t(f"clock.{CODED[name]}_{value}") if name in CODED and value else value
        for name, value in step.values.items()
    }
    return t(f"clock.{step.code}", **values)
