"""A score as tables for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from tests.eval.cases import Case
from tests.eval.goals import Goal, goals_of, tallies_of
from tests.eval.judge import Judged, Score, Tally

CONFUSED = ("intent", "category", "priority")
MOST_CONFUSIONS = 10
SHOWN = 60  # characters of a text or a value

Way = Callable[[Case], str]


def report(score: Score, worst: int) -> Iterator[str]:
    """Everything, line by line: figures, splits, confusions, danger, worst misses. ``worst``: how many of each."""
    yield from _fields(score)
    yield from _split(score, "Seen while tuning, or not", lambda case: "seen" if case.seen else "unseen")
    yield from _split(score, "By channel", lambda case: case.channel)
    yield from _split(score, "By file", lambda case: case.file.removesuffix(".jsonl"))
    yield from _confusions(score)
    yield from _danger(score)
    yield from _worst_cases(score, worst)
    yield from _misses(score, worst)


def _fields(score: Score) -> Iterator[str]:
    yield f"{len(score.judged)} cases, {sum(not one.wrong for one in score.judged)} right in every field"
    yield f"{'':<18}{'judged':>7}{'accuracy':>10}{'precision':>10}{'recall':>8}{'F1':>8}   goal"
    for name, tally in tallies_of(score).items():
        shares = f"{tally.accuracy:>10.3f}{tally.precision:>10.3f}{tally.recall:>8.3f}{tally.f1:>8.3f}"
        goals = "; ".join(_told(goal, tally) for goal in goals_of(name))
        yield f"{name:<18}{tally.judged:>7}{shares}   {goals}".rstrip()


def _told(goal: Goal, tally: Tally) -> str:
    return f"{goal.measure} {goal.least:.2f} {'met' if goal.met(tally) else 'NOT MET'}"


def _split(score: Score, title: str, way: Way) -> Iterator[str]:
    """One column for each part; figures are those that goals are about, "!" where one is not met."""
    parts = _parts(score, way)
    wide = [max(9, len(part) + 2) for part in parts]
    yield f"\n{title}"
    yield f"{'':<18}" + "".join(f"{part:>{width}}" for part, width in zip(parts, wide, strict=True))
    yield f"{'cases':<18}" + "".join(
        f"{len(part.judged):>{width}}" for part, width in zip(parts.values(), wide, strict=True)
    )
    columns = [tallies_of(part) for part in parts.values()]
    for name in tallies_of(score):
        for goal in goals_of(name) or [Goal(name=name, measure="accuracy", least=0.0)]:
            figures = [_figure(column.get(name), goal) for column in columns]
            row = "".join(f"{figure:>{width}}" for figure, width in zip(figures, wide, strict=True))
            yield f"{name:<18}{row}   {goal.measure}{f' {goal.least:.2f}' if goal.least else ''}"


def _parts(score: Score, way: Way) -> dict[str, Score]:
    parts: dict[str, Score] = {}
    for one in score.judged:
        parts.setdefault(way(one.case), Score()).judged.append(one)
    return dict(sorted(parts.items()))


def _figure(tally: Tally | None, goal: Goal) -> str:
    """A goal that is not met is marked."""
    if not tally or not tally.judged:
        return "-"
    return f"{goal.figure(tally):.3f}{'' if goal.met(tally) else '!'}"


def _confusions(score: Score) -> Iterator[str]:
    for name in CONFUSED:
        pairs = Counter((str(miss.wanted), str(miss.got)) for miss in score.misses if miss.name == name)
        yield f"\nConfusions of {name}: {pairs.total()}"
        for (wanted, got), count in pairs.most_common(MOST_CONFUSIONS):
            yield f"  {count:>4}  {wanted} taken for {got}"


def _danger(score: Score) -> Iterator[str]:
    judged = [one for one in score.judged if one.case.danger is not None]
    missed = [one for one in judged if one.case.danger and not one.found_danger]
    false = [one for one in judged if one.found_danger and not one.case.danger]
    yield f"\nP0 missed: {len(missed)}"
    yield from map(_case_line, missed)
    yield f"P0 where there was no danger: {len(false)}"
    yield from map(_case_line, false)


def _case_line(one: Judged) -> str:
    return f"  {one.case.id} [{one.case.channel}] {_short(one.case.text)}"


def _worst_cases(score: Score, worst: int) -> Iterator[str]:
    ranked = sorted((one for one in score.judged if one.wrong), key=lambda one: -len(one.wrong))
    yield f"\nCases with most wrong fields ({min(worst, len(ranked))} of {len(ranked)})"
    for one in ranked[:worst]:
        yield _case_line(one)
        yield from (f"      {miss.name}: {_pair(miss.got, miss.wanted)}" for miss in one.wrong)


def _misses(score: Score, worst: int) -> Iterator[str]:
    misses = score.misses
    for name in score.tallies:
        own = [miss for miss in misses if miss.name == name]
        if own:
            yield f"\nMisses of {name} ({min(worst, len(own))} of {len(own)})"
        for miss in own[:worst]:
            yield f"  {miss.case.id} [{miss.case.channel}] {_pair(miss.got, miss.wanted)}   {_short(miss.case.text)}"


def _pair(got: object, wanted: object) -> str:
    return f"{_short(repr(got))} instead of {_short(repr(wanted))}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}…"
