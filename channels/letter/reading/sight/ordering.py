"""From fragments of lines, as the detector found them, to lines in reading order: skewed pages keep their rows."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from channels.letter.reading.pixels import Quad, size_of
from channels.letter.reading.values import Seen
from normalizer.record import Box

LONG = 4.0  # times as wide as high: such a box shows the skew of the page
SAME_ROW = 0.5  # of the lower height: centres nearer than that are in one row …
OVERLAP = 0.3  # … unless one lies over the other, by more than this share of the narrower
GAP = 0.45  # of the height between two boxes: a gap that was meant


@dataclass(frozen=True, kw_only=True, slots=True)
class Fragment:
    """A piece of a line as it was recognised."""

    quad: Quad
    text: str
    score: float
    others: tuple[str, ...] = ()  # one for every other look, or none


@dataclass(frozen=True, kw_only=True, slots=True)
class Levelled:
    """A fragment on the levelled page: where it begins and ends, its middle and its height."""

    fragment: Fragment
    left: float
    right: float
    middle: float
    height: float


Row = list[Levelled]


def lines(fragments: Sequence[Fragment]) -> tuple[Seen, ...]:
    """The lines of a page from top to bottom, fragments of one row joined."""
    return tuple(_joined(sorted(row, key=lambda placed: placed.left)) for row in _rows(_levelled(fragments)))


def skew(quads: Sequence[Quad]) -> float:
    """By how much the lines of a page fall to the right, in radians."""
    angles = [_fall(quad) for quad in quads if size_of(quad)[0] > LONG * size_of(quad)[1]]
    return median(angles) if angles else 0.0


def _fall(quad: Quad) -> float:
    across = quad[1] - quad[0] + quad[2] - quad[3]
    return math.atan2(float(across[1]), float(across[0]))


def _levelled(fragments: Sequence[Fragment]) -> list[Levelled]:
    angle = skew([fragment.quad for fragment in fragments])
    return sorted((_placed(fragment, angle) for fragment in fragments), key=lambda placed: placed.middle)


def _placed(fragment: Fragment, angle: float) -> Levelled:
    width, height = size_of(fragment.quad)
    x, y = (float(part) for part in fragment.quad.mean(axis=0))
    across = x * math.cos(angle) + y * math.sin(angle)
    down = y * math.cos(angle) - x * math.sin(angle)
    return Levelled(fragment=fragment, left=across - width / 2, right=across + width / 2, middle=down, height=height)


def _rows(placed: Sequence[Levelled]) -> list[Row]:
    rows: list[Row] = []
    for piece in placed:
        row = next((row for row in rows[-3:] if _belongs(piece, row)), None)
        if row is None:
            rows.append([piece])
        else:
            row.append(piece)
    return rows


def _belongs(piece: Levelled, row: Row) -> bool:
    nearest = min(row, key=lambda other: max(other.left - piece.right, piece.left - other.right))
    level = abs(piece.middle - nearest.middle) < SAME_ROW * min(piece.height, nearest.height)
    return level and not any(_covers(piece, other) for other in row)


def _covers(one: Levelled, other: Levelled) -> bool:
    shared = min(one.right, other.right) - max(one.left, other.left)
    return shared > OVERLAP * min(one.right - one.left, other.right - other.left)


def _joined(row: Row) -> Seen:
    looks = max(len(placed.fragment.others) for placed in row)
    text = _text(row, [placed.fragment.text for placed in row])
    others = (_text(row, [_look(placed.fragment, look) for placed in row]) for look in range(looks))
    return Seen(
        text=text,
        box=_around([placed.fragment.quad for placed in row]),
        score=min(placed.fragment.score for placed in row),
        others=tuple(other for other in dict.fromkeys(others) if _folded(other) != _folded(text)),
    )


def _folded(text: str) -> str:
    """Without what means nothing: spaces, and the width of characters."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _look(fragment: Fragment, look: int) -> str:
    return fragment.others[look] if look < len(fragment.others) else fragment.text


def _text(row: Row, texts: Sequence[str]) -> str:
    said = texts[0]
    for before, piece, text in zip(row, row[1:], texts[1:], strict=False):
        apart = piece.left - before.right > GAP * min(before.height, piece.height)
        said += " " + text if apart else text
    return said.strip()


def _around(quads: Sequence[Quad]) -> Box:
    left, top = (math.floor(min(float(quad[:, axis].min()) for quad in quads)) for axis in (0, 1))
    right, bottom = (math.ceil(max(float(quad[:, axis].max()) for quad in quads)) for axis in (0, 1))
    return max(0, left), max(0, top), right, bottom
