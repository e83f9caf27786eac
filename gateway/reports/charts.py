"""The shapes of charts: where each bar of an SVG stands. Words and colours are the templates' and the style sheet's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, GAP = 720, 160, 4
SPARK_WIDTH, SPARK_HEIGHT, SPARK_GAP = 96, 22, 2
STEPS = (1, 2, 5)


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One bar that stands, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    value: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Columns:
    """Bars that stand side by side. ``lines`` are heights of the scale with their values."""

    width: int
    height: int
    columns: Sequence[Column]
    lines: Sequence[tuple[float, int]]


def columns(values: Sequence[int]) -> Columns:
    """A chart with a scale of round numbers."""
    top = ceiling(max(values, default=0))
    half = (top // 2,) if top % 2 == 0 else ()
    lines = [(HEIGHT - HEIGHT * value / top, value) for value in (top, *half)]
    return Columns(width=WIDTH, height=HEIGHT, columns=_standing(values, top, WIDTH, HEIGHT, GAP), lines=lines)


def spark(values: Sequence[int]) -> Columns:
    """A chart the size of a word, scaled to its own largest value."""
    bars = _standing(values, max([1, *values]), SPARK_WIDTH, SPARK_HEIGHT, SPARK_GAP)
    return Columns(width=SPARK_WIDTH, height=SPARK_HEIGHT, columns=bars, lines=())


def share(value: int, largest: int) -> float:
    """How long a bar that lies is, in hundredths of the longest; what is there at all can be seen."""
    return max(round(100 * value / largest, 1), 1.0) if value and largest else 0.0


def ceiling(value: int) -> int:
    """The next round number: 1, 2, 5, 10, 20, 50, …"""
    power = 1
    while True:
        for step in STEPS:
            if step * power >= value:
                return step * power
        power *= 10


def _standing(values: Sequence[int], top: int, width: int, height: int, gap: int) -> Sequence[Column]:
    slot = width / max(len(values), 1)
    return [
        Column(
            x=round(place * slot + gap / 2, 2),
            y=round(height - height * value / top, 2),
            width=round(slot - gap, 2),
            height=round(height * value / top, 2),
            value=value,
        )
        for place, value in enumerate(values)
    ]
