"""Cue words as data, found in one pass: the small language in which the rules files speak.

A cue is a plain word. ``…`` stands for up to 8 characters of the same sentence, ``……`` for up to 24; ``{a|b}`` for one of
several. Every cue carries a tag (``detail:C0101``, ``flag:media``) and a weight.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

CHOICE = re.compile(r"\{([^{}]*)\}")
SENTENCE_END = re.compile(r"[。!?\n;；]")
NEAR, FAR = 8, 24


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """A cue that occurs in the text."""

    tag: str
    cue: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class _Entry:
    tag: str
    cue: str
    head: str
    rest: tuple[tuple[int, str], ...]  # (how far, word) …
    weight: float


class Lexicon:
    """All cues of all rules, indexed by their first two characters."""

    def __init__(self, cues: Iterable[tuple[str, str, float]]) -> None:
        self._index: dict[str, list[_Entry]] = {}
        for tag, cue, weight in cues:
            for plain in expand(cue):
                entry = _entry(tag, plain, weight)
                self._index.setdefault(entry.head[:2], []).append(entry)
        self._single = frozenset(key for key in self._index if len(key) == 1)

    def scan(self, text: str) -> list[Hit]:
        """Every cue in ``text``, in order of place."""
        found: list[Hit] = []
        index = self._index
        for i in range(len(text)):
            entries = index.get(text[i : i + 2])
            if entries is not None:
                found.extend(self._at(text, i, entries))
            if text[i] in self._single:
                found.extend(self._at(text, i, index[text[i]]))
        return found

    def _at(self, text: str, i: int, entries: list[_Entry]) -> Iterator[Hit]:
        for entry in entries:
            if text.startswith(entry.head, i):
                end = _follow(text, i + len(entry.head), entry.rest)
                if end and not _inside_word(text, i, end):
                    yield Hit(tag=entry.tag, cue=entry.cue, start=i, end=end, weight=entry.weight)


def expand(cue: str) -> list[str]:
    """All plain cues that a cue with choices stands for."""
    parts = CHOICE.split(cue)
    choices = [part.split("|") if i % 2 else [part] for i, part in enumerate(parts)]
    return ["".join(pick) for pick in product(*choices)]


def _entry(tag: str, cue: str, weight: float) -> _Entry:
    pieces = re.split(r"(…+)", cue)
    rest = tuple((FAR if gap == "……" else NEAR, word) for gap, word in zip(pieces[1::2], pieces[2::2], strict=True))
    return _Entry(tag, cue, pieces[0], rest, weight)


def _follow(text: str, at: int, rest: tuple[tuple[int, str], ...]) -> int:
    """Where the cue ends, or 0 when its later words do not follow in the same sentence."""
    for reach, word in rest:
        place = text.find(word, at, at + reach + len(word))
        if place < 0 or SENTENCE_END.search(text, at, place):
            return 0
        at = place + len(word)
    return at


def _inside_word(text: str, start: int, end: int) -> bool:
    """12345 in a policy number and sue in issue are no cues."""
    return (start > 0 and _alnum(text[start]) and _alnum(text[start - 1])) or (
        end < len(text) and _alnum(text[end - 1]) and _alnum(text[end])
    )


def _alnum(character: str) -> bool:
    return character.isascii() and character.isalnum()
