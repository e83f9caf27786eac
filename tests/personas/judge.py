"""The verdict over one run: answering.md section 7."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.personas.checks import failure
from tests.personas.held import Held, held_of, record_of
from tests.personas.known import Known
from tests.personas.manners import faults
from tests.personas.outcome import outcome
from tests.personas.player import compare, expected_missing
from tests.personas.stage import Stage
from tests.personas.transcript import Run


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """Everything that is wrong, by kind; passed when nothing is."""

    outcome: str
    wrong: dict[str, list[str]] = field(default_factory=dict)  # outcome, record, checks, length, manners
    turns: int = 0
    asked_again: tuple[str, ...] = ()  # told, not judged

    @property
    def passed(self) -> bool:
        return not any(self.wrong.values())

    def __str__(self) -> str:
        wrong = "; ".join(f"{kind}: {each}" for kind, all_of in self.wrong.items() for each in all_of)
        again = f" [asked again: {', '.join(self.asked_again)}]" if self.asked_again else ""
        return f"{'pass' if self.passed else 'FAIL'}  {self.outcome} in {self.turns} turns{again}  {wrong}".rstrip()


async def judge(stage: Stage, run: Run) -> Verdict:
    """Outcome, record, checks, length and manners of a run that is over."""
    held = await held_of(stage, run.post, before=frozenset(run.set_before))
    known = Known(run=run, held=held, looked_up=frozenset(stage.looked_up))
    came = outcome(run, held)
    return Verdict(
        outcome=came,
        wrong={
            "outcome": list(_outcome(run, came)),
            "record": list(_record(run, held, came)),
            "checks": [why for check in run.script["expect"].get("checks", []) if (why := failure(check, known))],
            "length": list(_length(run)),
            "manners": list(dict.fromkeys(faults(run, held))),
        },
        turns=run.main_turns,
        asked_again=tuple(run.player.asked_again),
    )


def _outcome(run: Run, came: str) -> Iterator[str]:
    expect = run.script["expect"]
    if came not in (expect["outcome"], *expect.get("also_ok", ())):
        yield f"{came}, not {expect['outcome']}"


def _record(run: Run, held: Held, came: str) -> Iterator[str]:
    """Judged for the outcome that came; what the person never told is not judged."""
    if held.main is None:
        if run.script["expect"]["record"] and came not in ("not_told", "progress_told", "no_complaint"):
            yield "there is none"
        return
    record = record_of(held.main.record)
    for key, agrees, wanted, got in compare(run.player, record):
        if key == "missing" and came == "awaiting_information":
            continue
        if not agrees:
            yield f"{key} is {got!r}, not {wanted!r}"
    if came == "awaiting_information" and set(record["missing"]) - _on_tape(run) != set(expected_missing(run.player)):
        yield f"missing is {record['missing']}, not {list(expected_missing(run.player))}"


def _on_tape(run: Run) -> set[str]:
    """What may be missing because nobody has listened to the recording yet."""
    return {"matter"} if run.post.unheard else set()


def _length(run: Run) -> Iterator[str]:
    most = run.script["expect"]["max_turns"]
    if run.main_turns > most:
        yield f"{run.main_turns} turns, more than {most}"
    if run.player.gave_up:
        yield f"the person gave up at the fourth question for {run.player.gave_up}"
