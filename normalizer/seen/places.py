"""Where on paper a part of a letter's text stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple
from unicodedata import east_asian_width

from normalizer.record import Box, Scan, ScanLine, ScanPage, Span


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A stretch of one line: page number in its file, and its box in pixels of the upright page."""

    page: int
    box: Box


class Piece(NamedTuple):
    """The characters of one line that belong to a value."""

    page: ScanPage
    line: ScanLine
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.line.text[self.start : self.end]


def where(scan: Scan, span: Span) -> tuple[Place, ...]:
    """The places of ``submission.text[span.start:span.end]``, one for each line that holds some of it."""
    return tuple(Place(page=piece.page.number, box=_narrowed(piece)) for piece in pieces(scan, span))


def pieces(scan: Scan, span: Span) -> list[Piece]:
    """The parts of lines that a span of the text covers, in the order of the text."""
    if span.part != "text":
        return []
    covered = [_cut(page, line, span) for page in scan.pages for line in page.lines if line.start >= 0]
    return sorted((one for one in covered if one.text.strip()), key=lambda one: one.line.start)


def _cut(page: ScanPage, line: ScanLine, span: Span) -> Piece:
    start = max(0, span.start - line.start)
    return Piece(page, line, start, max(start, min(len(line.text), span.end - line.start)))


def _narrowed(piece: Piece) -> Box:
    """The line's box, cut by proportion: a recogniser boxes lines, not characters."""
    left, top, right, bottom = piece.line.box
    scale = (right - left) / (_width(piece.line.text) or 1)
    begin = left + scale * _width(piece.line.text[: piece.start])
    return round(begin), top, round(begin + scale * _width(piece.text)), bottom


def _width(text: str) -> int:
    """In halves of a Chinese character."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
