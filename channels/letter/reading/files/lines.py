"""The characters of a text layer become the lines that a reader sees."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from statistics import median

from channels.letter.reading.files.pdfium import Glyph
from channels.letter.reading.values import LayerLine
from normalizer.record import Box

_GAP = 2.5  # heights of a character: a wider gap parts two lines of one row, as in a table
_ROW = 0.5  # heights by which the middles of one row may differ
_HYPHENS = "\x02\ufffe\u00ad"  # what PDFium makes of a hyphen at the end of a line
_RADICALS = range(0x2E80, 0x2FE0)  # fonts name 用 by the radical ⽤, which looks the same and is found by nobody
_CJK = ((0x2E80, 0x9FFF), (0xF900, 0xFAFF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF), (0x20000, 0x3FFFF))
_QUOTES = frozenset("“”‘’…—·")

Run = list[Glyph]


def lines(glyphs: Sequence[Glyph]) -> tuple[LayerLine, ...]:
    """Lines from top to bottom and left to right."""
    runs = [run for row in _rows(_runs(glyphs)) for run in _joined(row)]
    found = (LayerLine(text=_text(run), box=_box(run)) for run in runs)
    return tuple(line for line in found if line.text)


def is_cjk(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _CJK)


def _runs(glyphs: Iterable[Glyph]) -> list[Run]:
    """Characters that follow each other in the file and on the paper."""
    runs: list[Run] = [[]]
    for glyph in glyphs:
        if glyph.text in "\r\n" or (runs[-1] and not _follows(runs[-1], glyph)):
            runs.append([])
        if glyph.text not in "\r\n":
            runs[-1].append(glyph)
    return [run for run in runs if any(not glyph.text.isspace() for glyph in run)]


def _follows(run: Run, glyph: Glyph) -> bool:
    if glyph.made:
        return True
    last = next((earlier for earlier in reversed(run) if not earlier.made), glyph)
    size = max(_size(last), _size(glyph))
    gap = glyph.box[0] - last.box[2]
    return abs(_middle(last) - _middle(glyph)) < _ROW * size and -size < gap < _GAP * size


def _rows(runs: Iterable[Run]) -> list[list[Run]]:
    """Runs at the same height, the highest first."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=_height_of):
        if rows and _height_of(run) - _height_of(rows[-1][0]) < _ROW * _size(rows[-1][0][0]):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda run: run[0].box[0]) for row in rows]


def _joined(row: Iterable[Run]) -> list[Run]:
    """A row whose parts stand close together, as a change of font leaves them, is one line."""
    joined: list[Run] = []
    for run in row:
        if joined and _follows(joined[-1], run[0]):
            joined[-1] = [*joined[-1], *run]
        else:
            joined.append(run)
    return joined


def _text(run: Run) -> str:
    """The words of a line: no space beside a Chinese character, unless the writer put it beside a Latin one."""
    kept: list[str] = []
    spaced = typed = False
    for glyph in run:
        if glyph.text.isspace():
            spaced, typed = True, typed or not glyph.made
            continue
        if spaced and kept and _parts(kept[-1], glyph.text, typed):
            kept.append(" ")
        kept.append(_plain(glyph.text))
        spaced = typed = False
    return "".join(kept)


def _parts(before: str, after: str, typed: bool) -> bool:
    chinese = [is_cjk(character) or character in _QUOTES for character in (before, after)]
    return not all(chinese) if typed else not any(chinese)


def _plain(text: str) -> str:
    if text in _HYPHENS:
        return "-"
    return unicodedata.normalize("NFKC", text) if ord(text) in _RADICALS else text


def _box(run: Run) -> Box:
    shown = [glyph.box for glyph in run if not glyph.made and not glyph.text.isspace()]
    left, top = (min(box[side] for box in shown) for side in (0, 1))
    right, bottom = (max(box[side] for box in shown) for side in (2, 3))
    return (max(0, int(left)), max(0, int(top)), int(right) + 1, int(bottom) + 1)


def _size(glyph: Glyph) -> float:
    return max(1.0, glyph.box[3] - glyph.box[1])


def _middle(glyph: Glyph) -> float:
    return (glyph.box[1] + glyph.box[3]) / 2


def _height_of(run: Run) -> float:
    return median(_middle(glyph) for glyph in run if not glyph.made)
