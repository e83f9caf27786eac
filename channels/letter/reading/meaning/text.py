"""The text of a letter, as its writer meant it, and where in it every line of its pages stands.

Only what a customer wrote is in it: the pages of kind LETTER, and the answers on our own return slip.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from channels.letter.reading.meaning.edges import edges_of
from channels.letter.reading.meaning.furniture import furniture
from channels.letter.reading.meaning.joins import Placed, between
from channels.letter.reading.meaning.slip_answers import answered
from normalizer.record import PageKind, ScanLine, ScanPage

SCRAWL = 0.85  # print of so few characters is read more surely
_SHORT = re.compile(r"[^㐀-鿿]{1,6}")
READ = (PageKind.LETTER, PageKind.SLIP)


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A text and its pages; for every line with a start, ``text[start:start + len(line.text)] == line.text``."""

    text: str
    pages: tuple[ScanPage, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Bit:
    """A piece of the text: a line of a page, by the places of both, or (-1, -1) something between lines."""

    text: str
    page: int = -1
    line: int = -1


def written(pages: Sequence[ScanPage]) -> Written:
    """The text of the pages of one letter; pages of other kinds keep their lines and give it nothing."""
    bits: list[Bit] = []
    for kind, run in _runs(pages):
        found = list(_answers(run) if kind is PageKind.SLIP else _paragraphs(run))
        bits += [Bit(text="\n"), *found] if bits and found else found
    starts: dict[tuple[int, int], int] = {}
    at = 0
    for bit in bits:
        starts[bit.page, bit.line] = at
        at += len(bit.text)
    placed = tuple(_placed(page, place, starts) for place, page in enumerate(pages))
    return Written(text="".join(bit.text for bit in bits), pages=placed)


_Run = list[tuple[int, ScanPage]]


def _runs(pages: Sequence[ScanPage]) -> Iterator[tuple[PageKind, _Run]]:
    """Pages that are read as one, slips and letters apart; an enclosure between two pages parts nothing."""
    read = [(place, page) for place, page in enumerate(pages) if page.kind in READ]
    for kind, run in groupby(read, key=lambda numbered: numbered[1].kind):
        yield kind, list(run)


def _paragraphs(run: _Run) -> Iterator[Bit]:
    dropped = furniture([page for _, page in run])
    before: tuple[Placed, int] | None = None
    for order, (place, page) in enumerate(run):
        dropped |= {(order, index) for index, line in enumerate(page.lines) if _is_scrawl(line)}
        kept = [line for index, line in enumerate(page.lines) if (order, index) not in dropped]
        edges = edges_of(kept)
        for index, line in enumerate(page.lines):
            if (order, index) in dropped:
                continue
            here = Placed(line=line, edges=edges)
            if before is not None:
                yield Bit(text=between(before[0], here, page=before[1] != place))
            yield Bit(text=line.text, page=place, line=index)
            before = here, place


def _is_scrawl(line: ScanLine) -> bool:
    """A signature that was taken for a letter or two; it stays among the lines of its page."""
    return line.score < SCRAWL and _SHORT.fullmatch(line.text) is not None


def _answers(run: _Run) -> Iterator[Bit]:
    for place, page in run:
        for row in answered(page):
            yield Bit(text=row.label)
            for gap, index in row.words:
                yield Bit(text=gap)
                yield Bit(text=page.lines[index].text, page=place, line=index)
            yield Bit(text="\n")


def _placed(page: ScanPage, place: int, starts: dict[tuple[int, int], int]) -> ScanPage:
    lines = (replace(line, start=starts.get((place, index), -1)) for index, line in enumerate(page.lines))
    return replace(page, lines=tuple(lines))


def stripped(lines: Iterable[ScanLine]) -> tuple[ScanLine, ...]:
    """Lines as a text can hold them: on one line, without white ends, and none that is empty."""
    bare = (replace(line, text=" ".join(line.text.split())) for line in lines)
    return tuple(line for line in bare if line.text)
