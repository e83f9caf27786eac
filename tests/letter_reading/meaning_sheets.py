"""Pages as a reader sees them, without paper: lines with boxes, as a typewriter would set them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from channels.letter.reading.meaning.edges import width_of
from normalizer.record import PageKind, ScanLine, ScanPage

WIDTH, HEIGHT = 1654, 2339
LEFT, TOP, CHARACTER, PITCH = 200, 300, 40, 70
FULL = 30  # characters of a full line


@dataclass(frozen=True, kw_only=True, slots=True)
class Inked:
    strong: int = 400
    faint: int = 500
    dark: float = 0.0
    green: float = 0.0


def line(text: str, indent: float = 0.0, row: int = 0, *, score: float = 0.99, askew: float = 0.0) -> ScanLine:
    """A line of the row; ``indent`` in characters; the whole page leaning by ``askew`` pixels for each one down."""
    top = TOP + row * PITCH
    left = round(LEFT + indent * CHARACTER + askew * top)
    right = round(left + width_of(text) * CHARACTER)
    return ScanLine(text=text, box=(left, top, right, top + CHARACTER), score=score)


def page(
    *rows: str, kind: PageKind = PageKind.LETTER, number: int = 1, score: float = 0.99, askew: float = 0.0
) -> ScanPage:
    """Rows as they stand on the paper: wide spaces before a row indent it."""
    lines = []
    for place, row in enumerate(rows):
        bare = row.lstrip("　")
        if bare:
            lines.append(line(bare, len(row) - len(bare), place, score=score, askew=askew))
    return scan_page(lines, kind=kind, number=number)


def scan_page(lines: Sequence[ScanLine], *, kind: PageKind = PageKind.LETTER, number: int = 1) -> ScanPage:
    return ScanPage(number=number, kind=kind, rotation=0, width=WIDTH, height=HEIGHT, dpi=200, lines=tuple(lines))


def wrapped(paragraph: str, indent: int = 2, full: int = FULL) -> list[str]:
    """A paragraph as rows, broken wherever the line is full."""
    rest, rows = "　" * indent + paragraph, []
    while rest:
        row = ""
        while rest and width_of(row + rest[0]) <= full:
            row, rest = row + rest[0], rest[1:]
        rows.append(row)
    return rows
