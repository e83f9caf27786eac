"""A file as the letters that were in it, each with its text, its pages and whatever else it bore."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from channels.letter.reading.meaning.leaf import Leaf
from channels.letter.reading.meaning.text import READ, written
from normalizer.record import PageKind, Scan, ScanPage


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterRead:
    """One letter. ``slip`` is what the code on its return slip says, empty without one; ``scan`` has the same pages."""

    pages: tuple[ScanPage, ...]
    text: str
    slip: str
    scan: Scan


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A whole file: its letters in their order, how many pages it has, and its form (pdf, tiff, …)."""

    letters: tuple[LetterRead, ...]
    pages: int
    form: str


def letter_of(leaves: Sequence[Leaf], engine: str, settings: Mapping[str, str]) -> LetterRead:
    """The letter that these pages are, and nothing of any other."""
    said = written([leaf.page for leaf in leaves])
    scan = Scan(
        pages=said.pages,
        codes=_distinct(code for leaf in leaves for code in leaf.codes),
        marks=frozenset(mark for leaf in leaves if leaf.kind in READ for mark in leaf.marks),
        engine=engine,
        settings=settings,
        likeness=_first(leaf.likeness for leaf in leaves if leaf.kind is PageKind.LETTER),
    )
    return LetterRead(pages=said.pages, text=said.text, slip=_first(leaf.slip for leaf in leaves), scan=scan)


def _distinct(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))


def _first(given: Iterable[str]) -> str:
    return next((value for value in given if value), "")
