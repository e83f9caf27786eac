"""What the words of a page say about its kind, counted by the table in kinds.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from normalizer.text import fold

LETTER, CHAT = "letter", "chat_print"
TITLES = 3  # first lines of a page: what stands there counts more
TITLE = 1.5
REPEATED = 6  # times that a pattern counts
SENTENCE = 14  # characters from which on a line with a comma is one
LONG = 22  # characters from which on a line without anything is one
WHITE = re.compile(r"\s+")
PERSON = re.compile(r"我(?!们)|本人")


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A line as it is judged: folded, without spaces."""

    text: str
    sentence: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """How strongly a page is of one kind (1: it is), and the words that say so."""

    kind: str
    strength: float
    words: tuple[str, ...] = ()

    def and_also(self, strength: float, word: str) -> Evidence:
        """More of it, if there is any."""
        if not strength:
            return self
        return replace(self, strength=self.strength + strength, words=(*self.words, word))

    @property
    def why(self) -> str:
        return f"{self.kind} {self.strength:.2f}: {' '.join(self.words)}"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kind:
    """One table of kinds.toml."""

    name: str
    needs: float
    lines: int
    wins: bool
    words: Mapping[str, float]
    anywhere: Mapping[str, float]
    patterns: Mapping[re.Pattern[str], float]


def said(texts: Sequence[str]) -> tuple[Said, ...]:
    """The lines of a page, folded."""
    return tuple(
        Said(text=text, sentence=_is_sentence(text)) for text in (WHITE.sub("", fold(t)).lower() for t in texts)
    )


def _is_sentence(text: str) -> bool:
    if len(text) >= SENTENCE and re.search("[，。；！？,;!?]", text):
        return True
    plain = len(text) >= LONG and not re.search(r"[:/\d]", text)
    return plain or text.endswith("。") or PERSON.search(text) is not None


def running(lines: Sequence[Said]) -> float:
    """Which share of the lines is running text."""
    return sum(line.sentence for line in lines) / max(1, len(lines))


def weigh(lines: Sequence[Said]) -> dict[str, Evidence]:
    """The evidence for every kind, by its name."""
    return {kind.name: _weighed(kind, lines) for kind in _kinds()}


def wins(name: str) -> bool:
    """No letter looks like a page of this kind, whatever it says."""
    return any(kind.name == name and kind.wins for kind in _kinds())


def bonus(kind: str, name: str) -> float:
    """A number of a kind's table, as a part of what it needs."""
    table = _tables()[kind]
    return float(table[name]) / float(table["needs"])


def _weighed(kind: _Kind, lines: Sequence[Said]) -> Evidence:
    if len(lines) > kind.lines:
        return Evidence(kind=kind.name, strength=0.0)
    found = [*_words(kind, lines), *_patterns(kind, lines)]
    points = sum(weight for _, weight in found)
    return Evidence(kind=kind.name, strength=points / kind.needs, words=tuple(word for word, _ in found))


def _words(kind: _Kind, lines: Sequence[Said]) -> Iterator[tuple[str, float]]:
    labels = [line.text for line in lines if not line.sentence]
    titles = [line.text for line in lines[:TITLES] if not line.sentence]
    for word, weight in kind.words.items():
        if any(word in label for label in labels):
            yield word, weight * (TITLE if any(word in title for title in titles) else 1.0)
    for word, weight in kind.anywhere.items():
        if any(word in line.text for line in lines):
            yield word, weight


def _patterns(kind: _Kind, lines: Sequence[Said]) -> Iterator[tuple[str, float]]:
    for pattern, weight in kind.patterns.items():
        times = min(REPEATED, sum(pattern.search(line.text) is not None for line in lines))
        if times:
            yield f"{times} x {pattern.pattern}", times * weight


@cache
def _kinds() -> tuple[_Kind, ...]:
    return tuple(_kind(name, table) for name, table in _tables().items() if isinstance(table, dict))


def _kind(name: str, table: Mapping[str, Any]) -> _Kind:
    return _Kind(
        name=name,
        needs=float(table["needs"]),
        lines=int(table.get("lines", 10_000)),
        wins=bool(table.get("wins", False)),
        words=table.get("words", {}),
        anywhere=table.get("anywhere", {}),
        patterns={re.compile(pattern): weight for pattern, weight in table.get("patterns", {}).items()},
    )


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads((files("channels.letter.reading.meaning") / "kinds.toml").read_text(encoding="utf-8"))
