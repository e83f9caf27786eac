"""What sentences by many people have taught: a linear model over pieces of one and two characters.

It helps the rules where ordinary words tell what no cue word names. It is data as the rules are
(``rules/learned.json``), built from the sentences in ``tests/training`` by ``python -m tests.training``; the same
sentences make the same model. Those who ask it decide how much its say counts; nothing here lowers anything.
"""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from heapq import heappush, heappushpop
from importlib.resources import files
from math import exp, sqrt
from operator import add
from sys import byteorder

from normalizer.rulebook import cached_rule, follows_rules

LONGEST = 1500  # characters that are read of a text: what it is about is told by then
REMEMBERED = 256  # texts; bounded, so that people's words stay in memory for the last few conversations only
DIGITS = re.compile(r"\d+")
NO_WORD = re.compile(r"[\W_]+")
LANE = 2  # bytes of a row for each label …
TOGETHER = 250  # … which hold the sum of so many pieces
ZERO = 128  # what stands for a weight of nothing, so that no lane is ever negative
TELLING = 80  # pieces that are kept for each label as those that speak most for it
GRAIN = 3  # parts in which how particular a piece is is counted: 250 times the most, 70, must fit into a lane
NOTHING = "none"  # the label of what is none of the others
FEW = 3  # telling pieces
SHOWN = 4  # labels that a judgement names …
FAR = 9.0  # … unless their odds are ten thousand times less than the best one's


@dataclass(frozen=True, kw_only=True, slots=True)
class Learned:
    """What every piece says for every label.

    A row is one whole number with a lane for each label: one addition adds a piece to all labels at once, which takes
    a twentieth of the time of adding them one by one. The first lane counts how particular the pieces are.
    """

    labels: Mapping[str, tuple[str, ...]]  # of each task
    places: Mapping[str, slice]  # where the labels of a task stand among all
    bias: tuple[float, ...]
    rows: Mapping[str, int]
    telling: Mapping[str, Mapping[str, int]]  # task:label → the pieces that speak most for it, and how strongly

    def judge(self, text: str) -> tuple[float, ...]:
        """For all labels the logarithm of their odds, up to a constant of their task; ``text`` is folded."""
        found = [row for row in map(self.rows.get, pieces(text)) if row is not None]
        length, *sums = self._sums(found[:TOGETHER])
        for start in range(TOGETHER, len(found), TOGETHER):
            more, *others = self._sums(found[start : start + TOGETHER])
            length, sums = length + more, list(map(add, sums, others))
        scale = 0.1 / sqrt(length / GRAIN) if length else 0.0
        # What stands for nothing is in every sum alike, so it is part of the constant.
        return tuple([total * scale + bias for total, bias in zip(sums, self.bias, strict=True)])

    def _sums(self, rows: list[int]) -> memoryview:
        return memoryview(sum(rows).to_bytes(LANE * (len(self.bias) + 1), byteorder)).cast("H")


def leading(task: str, text: str, said: Mapping[str, float]) -> list[tuple[str, float]]:
    """The likeliest labels of a task for a folded text, each with how likely it is (0…1), the first first.

    ``said`` is what others have to say: label → what it adds to the logarithm of the odds.
    """
    model = learned()
    labels, odds = model.labels[task], list(_judged(text.strip()[:LONGEST])[model.places[task]])
    for label, by in said.items():
        if label in labels:
            odds[labels.index(label)] += by
        else:  # a code of the rules of which no sentence is an example
            labels, odds = (*labels, label), [*odds, min(odds) + by]
    highest = max(odds)
    near = sorted([(value, -which) for which, value in enumerate(odds) if value > highest - FAR], reverse=True)
    total = sum([exp(value - highest) for value, _ in near])
    return [(labels[-which], exp(value - highest) / total) for value, which in near[:SHOWN]]


def telling(task: str, label: str, text: str) -> list[str]:
    """The pieces of two characters of a folded text that speak for a label, the strongest first."""
    known = learned().telling.get(f"{task}:{label}", {})
    return sorted((piece for piece in map(add, text, text[1:]) if piece in known), key=lambda piece: -known[piece])


def speaks_at_all(task: str, text: str) -> bool:
    """Whether some of the telling pieces of a task stand in a folded text: a tenth of the work of judging it."""
    return sum(map(_telling_of(task).__contains__, map(add, text, text[1:]))) >= FEW


@cached_rule
def _telling_of(task: str) -> frozenset[str]:
    """Of all labels but the one that means nothing in particular."""
    known = learned().telling
    return frozenset().union(*(known[f"{task}:{label}"] for label in learned().labels[task] if label != NOTHING))


def pieces(text: str) -> set[str]:
    """Every character and every two in a folded text: a number is 0, anything that is no word a blank."""
    plain = NO_WORD.sub(" ", DIGITS.sub("0", text[:LONGEST].lower())).strip()
    return {*plain, *map(add, plain, plain[1:])}


@cached_rule
def learned() -> Learned:
    """The model in force."""
    with files("normalizer.rules").joinpath("learned.json").open(encoding="utf-8") as lines:
        return read(lines)


@follows_rules
@lru_cache(maxsize=REMEMBERED)
def _judged(text: str) -> tuple[float, ...]:
    return learned().judge(text)


def read(lines: Iterable[str]) -> Learned:
    """From JSON lines: first {labels: [task:label, …], bias: […]}, then one [piece, weight, label, says, …] for each.

    Line by line, as the whole would take four times the memory of what is made of it.
    """
    lines = iter(lines)
    head = json.loads(next(lines))
    names: list[str] = head["labels"]
    strongest: list[list[tuple[int, str]]] = [[] for _ in names]
    rows = {}
    for line in lines:
        piece, weight, *says = json.loads(line)
        rows[piece] = _row(len(names), weight, says)
        for label, strength in zip(says[::2], says[1::2], strict=True):
            if strength > 0 and len(piece) > 1:
                (heappush if len(strongest[label]) < TELLING else heappushpop)(strongest[label], (strength, piece))
    tasks = [name.partition(":")[0] for name in names]
    return Learned(
        labels={task: tuple(n.partition(":")[2] for n in names if n.startswith(f"{task}:")) for task in tasks},
        places={task: slice(tasks.index(task), tasks.index(task) + tasks.count(task)) for task in tasks},
        bias=tuple(head["bias"]),
        rows=rows,
        telling={
            name: {piece: strength for strength, piece in most} for name, most in zip(names, strongest, strict=True)
        },
    )


def _row(labels: int, weight: int, says: list[int]) -> int:
    lanes = array("H", [weight, *[ZERO] * labels])
    for label, strength in zip(says[::2], says[1::2], strict=True):
        lanes[label + 1] += strength
    return int.from_bytes(lanes.tobytes(), byteorder)
