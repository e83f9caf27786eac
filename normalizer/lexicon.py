"""Cue words as data, found in one pass: the small language in which the rules files speak.

A cue is a plain word. ``…`` stands for up to 8 characters of the same sentence, ``……`` for up to 24; ``{a|b}`` for
one of several. Every cue carries a tag (``detail:C0101``, ``flag:media``) and a weight.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product
from operator import add
from typing import NamedTuple

PIECE = re.compile(r"(…+)")
CHOICE = re.compile(r"\{([^{}]*)\}")
SENTENCE_END = re.compile(r"[。!?\n;；]")
SPOKEN = frozenset("零〇洞一幺二两三四五六七八九")
NEAR, FAR = 8, 24
LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}  # ASCII only: places hold


class Hit(NamedTuple):
    """A cue that occurs in the text."""

    tag: str
    cue: str
    start: int
    end: int
    weight: float


@dataclass(slots=True)
class _Branch:
    """A word of a cue: how far from the word before it may stand, and what comes after."""

    word: str
    reach: int
    bounded: bool  # a Latin word or digits: counts only when it stands by itself
    node: _Node


@dataclass(slots=True)
class _Node:
    """What may follow a word of a cue: nothing more (``ends``), or further words by their first two characters."""

    ends: list[tuple[str, str, float]] = field(default_factory=list)  # tag, cue, weight
    pairs: dict[str, list[_Branch]] = field(default_factory=dict)
    singles: dict[str, list[_Branch]] = field(default_factory=dict)  # words of one character
    reach: int = 0
    starts: re.Pattern[str] | None = None  # first characters of what may follow

    def ready(self) -> None:
        """Finish the tree: know by which characters anything may go on."""
        characters = {key[0] for key in (*self.pairs, *self.singles)}
        self.starts = re.compile(f"[{''.join(map(re.escape, sorted(characters)))}]") if characters else None
        for branches in (*self.pairs.values(), *self.singles.values()):
            for branch in branches:
                branch.node.ready()

    def child(self, word: str, reach: int) -> _Node:
        siblings = (self.pairs if len(word) > 1 else self.singles).setdefault(word[:2], [])
        for branch in siblings:
            if (branch.word, branch.reach) == (word, reach):
                return branch.node
        siblings.append(_Branch(word=word, reach=reach, bounded=_is_bounded(word), node=_Node()))
        self.reach = max(self.reach, reach)
        return siblings[-1].node


class Lexicon:
    """All cues of all rules in one tree: a text is read once, whatever the number of rules."""

    def __init__(self, cues: Iterable[tuple[str, str, float]]) -> None:
        self._root = _Node()
        for tag, cue, weight in cues:
            for plain in expand(cue.translate(LOWER)):
                self._add(plain, (tag, cue, weight))
        self._root.ready()

    def _add(self, plain: str, end: tuple[str, str, float]) -> None:
        node, reach = self._root, 0
        for piece in PIECE.split(plain.strip("…")):
            if piece.startswith("…"):
                reach = FAR if piece == "……" else NEAR
                continue
            node = node.child(piece, reach)
        node.ends.append(end)

    def scan(self, text: str) -> list[Hit]:
        """Every cue in ``text``, in order of place."""
        return _Scan(text.translate(LOWER)).run(self._root)


class _Scan:
    """One pass over one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pairs = list(map(add, text, f"{text[1:]}\n"))
        self.stops = [match.start() for match in SENTENCE_END.finditer(text)] + [len(text)]
        self.found: list[Hit] = []

    def run(self, root: _Node) -> list[Hit]:
        known, singles, text = root.pairs, root.singles, self.text
        for i, pair in enumerate(self.pairs):
            branches = known.get(pair)
            if branches is not None:
                self.follow(i, i, branches, 0, None)
            branches = singles.get(text[i])
            if branches is not None:
                self.follow(i, i, branches, 0, None)
        return self.found

    def follow(self, start: int, at: int, branches: list[_Branch], gap: int, done: set[str] | None) -> None:
        text = self.text
        for branch in branches:
            word = branch.word
            if gap > branch.reach or (done and word in done) or not text.startswith(word, at):
                continue
            end = at + len(word)
            if branch.bounded and _inside_word(text, at, end):
                continue
            if done is not None:
                done.add(word)
            self.collect(start, end, branch.node)

    def collect(self, start: int, at: int, node: _Node) -> None:
        """Add the cues that are complete at ``at``, and those that go on within reach in the same sentence."""
        for tag, cue, weight in node.ends:
            self.found.append(Hit(tag, cue, start, at, weight))
        if node.starts is None:
            return
        last = min(self.stops[bisect_left(self.stops, at)] - 1, at + node.reach)
        done: set[str] = set()
        pairs, known, singles, text = self.pairs, node.pairs, node.singles, self.text
        for match in node.starts.finditer(text, at, last + 1):
            i = match.start()
            branches = known.get(pairs[i])
            if branches is not None:
                self.follow(start, i, branches, i - at, done)
            if singles and (branches := singles.get(text[i])) is not None:
                self.follow(start, i, branches, i - at, done)


def expand(cue: str) -> list[str]:
    """All plain cues that a cue with choices stands for."""
    parts = CHOICE.split(cue)
    choices = [part.split("|") if i % 2 else [part] for i, part in enumerate(parts)]
    return ["".join(pick) for pick in product(*choices)]


def _inside_word(text: str, start: int, end: int) -> bool:
    """12345 in a policy number and sue in issue are no cues."""
    if text[start] in SPOKEN:
        return text[max(0, start - 1) : start] in SPOKEN or text[end : end + 1] in SPOKEN
    return (start > 0 and _alnum(text[start]) and _alnum(text[start - 1])) or (
        end < len(text) and _alnum(text[end - 1]) and _alnum(text[end])
    )


def _alnum(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _is_bounded(word: str) -> bool:
    """Latin words and numbers, also spoken ones: 幺二三四五 inside a longer number is no hotline."""
    return _alnum(word[0]) or _alnum(word[-1]) or (len(word) > 3 and SPOKEN.issuperset(word))
