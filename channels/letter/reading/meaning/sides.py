"""On which side of a page its words stand: in the print of a chat they change sides with the speaker."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from normalizer.record import ScanLine

NEAR, FAR = 0.12, 0.35  # of the width of all words: at that edge, away from it
ROW = 0.5  # of a line's height: lines whose middles are nearer stand on one row


def turns(lines: Sequence[ScanLine]) -> int:
    """How often the words change from the left to the right edge or back, from row to row."""
    if len(lines) < 3:
        return 0
    left, right = min(line.box[0] for line in lines), max(line.box[2] for line in lines)
    sides = [side for line in _alone(lines) if (side := _side(line, left, right))]
    return sum(one != other for one, other in pairwise(sides))


def _alone(lines: Sequence[ScanLine]) -> list[ScanLine]:
    """Lines that share their row with no other: a table has none."""
    return [line for line in lines if not any(_same_row(line, other) for other in lines if other is not line)]


def _same_row(one: ScanLine, other: ScanLine) -> bool:
    middles = abs((one.box[1] + one.box[3]) - (other.box[1] + other.box[3])) / 2
    return middles < ROW * min(one.box[3] - one.box[1], other.box[3] - other.box[1])


def _side(line: ScanLine, left: int, right: int) -> str:
    before, behind = ((line.box[0] - left) / (right - left or 1), (right - line.box[2]) / (right - left or 1))
    if before <= NEAR and behind >= FAR:
        return "left"
    return "right" if behind <= NEAR and before >= FAR else ""
