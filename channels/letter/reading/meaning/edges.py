"""Where the text of a page stands: its margins, which lean when the paper lay askew, and the size of its characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from normalizer.record import Box, ScanLine

STEEPEST, STEP = 0.07, 0.0025  # pixels to the right for each one down: four degrees
ENOUGH = 0.15  # of all text: what begins there shows the margin
NEAR = 0.5  # characters between lines that begin or end at the same margin


@dataclass(frozen=True, kw_only=True, slots=True)
class Margin:
    """A leaning line down the page: ``at`` pixels from the left at its top."""

    at: float
    slope: float

    def beside(self, y: float) -> float:
        return self.at + self.slope * y


@dataclass(frozen=True, kw_only=True, slots=True)
class Edges:
    """The margins of a page and the width of one Chinese character, in pixels."""

    left: Margin
    right: Margin
    character: float

    def indent(self, line: ScanLine) -> float:
        """How many characters a line begins right of the margin."""
        return (line.box[0] - self.left.beside(_middle(line.box))) / self.character

    def room(self, line: ScanLine) -> float:
        """How many more characters the line could have held."""
        return (self.right.beside(_middle(line.box)) - line.box[2]) / self.character

    def share(self, line: ScanLine) -> float:
        """Which part of the width between the margins the line fills."""
        y = _middle(line.box)
        return (line.box[2] - line.box[0]) / max(1.0, self.right.beside(y) - self.left.beside(y))

    def same_row(self, one: ScanLine, other: ScanLine) -> bool:
        """Does the other stand right of the one, on the same line of the paper?"""
        if other.box[0] < one.box[2] - self.character:
            return False
        lean = self.left.slope * ((other.box[0] + other.box[2]) - (one.box[0] + one.box[2])) / 2
        return abs(_middle(other.box) - _middle(one.box) + lean) < self.character * 0.6


def width_of(text: str) -> float:
    """Width in Chinese characters: Latin letters and digits are half as wide."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WF" else 0.5 for sign in text)


def edges_of(lines: Sequence[ScanLine]) -> Edges:
    """The margins that most of the text keeps to; of an empty page, something harmless."""
    character = _character(lines)
    near = NEAR * character
    lefts = [((line.box[0]), _middle(line.box), _length(line)) for line in lines]
    rights = [((line.box[2]), _middle(line.box), _length(line)) for line in lines]
    left = _margin(lefts, near, _STRAIGHT, LEFTMOST)
    leaning = (left.slope, left.slope - STEP, left.slope + STEP) if len(lines) > 2 else (0.0,)
    return Edges(left=left, right=_margin(rights, near, leaning, RIGHTMOST), character=character)


_STRAIGHT = tuple(sorted((step * STEP for step in range(-28, 29)), key=abs))  # the straightest first: it wins a tie
_Point = tuple[float, float, float]  # across, down, weight


LEFTMOST, RIGHTMOST = 1.0, -1.0


def _margin(points: Sequence[_Point], near: float, slopes: Sequence[float], outer: float) -> Margin:
    """Leaning so that most of the text begins at one place; there, or at the outermost place where enough does."""
    best, found = 0.0, Margin(at=0.0, slope=0.0)
    for slope in slopes:
        heaps = _heaps([(x - slope * y, weight) for x, y, weight in points], near)
        heaviest = max((weight for _, weight in heaps), default=0.0)
        if heaviest > best * 1.02:
            best = heaviest
            found = Margin(at=_outermost(heaps, points, outer), slope=slope)
    return found


def _outermost(heaps: Sequence[tuple[float, float]], points: Sequence[_Point], outer: float) -> float:
    """Indented lines may be many, a stray one at the edge is light."""
    enough = ENOUGH * sum(weight for _, _, weight in points)
    return outer * min((outer * at for at, weight in heaps if weight >= enough), default=outer * heaps[0][0])


def _heaps(places: Sequence[tuple[float, float]], near: float) -> list[tuple[float, float]]:
    """For every place the middle and the weight of what lies ``near`` it."""
    found = []
    for centre, _ in places:
        heap = [(place, weight) for place, weight in places if abs(place - centre) <= near]
        total = sum(weight for _, weight in heap)
        found.append((sum(place * weight for place, weight in heap) / total if total else centre, total))
    return found


def _character(lines: Sequence[ScanLine]) -> float:
    """By width, not by height: the box of a long line that leans is higher than the line."""
    long = [line for line in lines if width_of(line.text) >= 6] or list(lines)
    widths = [(line.box[2] - line.box[0]) / max(0.5, width_of(line.text)) for line in long]
    return max(1.0, median(widths)) if widths else 1.0


def _length(line: ScanLine) -> float:
    return float(line.box[2] - line.box[0])


def _middle(box: Box) -> float:
    return (box[1] + box[3]) / 2
