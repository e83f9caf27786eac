"""Cue words as data, found in one pass: the small language in which the rules files speak.

A cue is a plain word. ``…`` stands for up to 8 characters of the same sentence, ``……`` for up to 24; ``{a|b}`` for
one of several. Every cue carries a tag (``detail:C0101``, ``flag:media``) and a weight.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from itertools import product
from operator import itemgetter
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

PIECE = re.compile(r"(…+)")
CHOICE = re.compile(r"\{([^{}]*)\}")
SENTENCE_END = re.compile(r"[。!?\n;；]")
SPOKEN = frozenset("零〇洞一幺二两三四五六七八九")
NEAR, FAR = 8, 24
LAST = 1_000_000  # rank: a word of one character comes after the longer ones of its place
_PLACE = itemgetter(0, 1)
LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}  # ASCII only: places hold
UPPER = re.compile(r"[A-Z]+")


class Hit(NamedTuple):
    """A cue that occurs in the text."""

    tag: str
    cue: str
    start: int
    end: int
    weight: float


class _Node:
    """What has been read of a cue: what it now means (``ends``) and the words by which it may go on.

    There are tens of thousands, most of them last words: these share one empty ``next``.
    """

    __slots__ = ("ends", "next", "reach", "size")

    def __init__(self) -> None:
        self.ends: tuple[tuple[str, str, float], ...] = ()  # tag, cue, weight
        self.next: dict[str, tuple[_Way, ...]] = _NOWHERE
        self.reach = 0
        self.size = 0

    def child(self, word: str, reach: int) -> _Node:
        if self.next is _NOWHERE:
            self.next = {}
        ways = self.next.get(word, ())
        for known, _, node in ways:
            if known == reach:
                return node
        self.size += 1
        self.reach = max(self.reach, reach)
        node = _Node()
        self.next[word] = (*ways, (reach, self.size + (LAST if len(word) == 1 else 0), node))
        return node


_Way = tuple[int, int, _Node]  # reach, rank, node
_NOWHERE: dict[str, tuple[_Way, ...]] = {}


class _Word(NamedTuple):
    """A word of any cue."""

    text: str
    bounded: bool  # a Latin word or digits: counts only when it stands by itself
    inner: bool  # stands after a gap in some cue
    node: _Node | None  # what begins with it
    rank: int  # in which order the cues were given


Begun = list[tuple[int, int, int, _Node]]  # a word with which a cue begins: start, rank, end, how it may go on


class Lexicon:
    """All cues of all rules in one automaton: a text is read once, whatever the number of rules.

    Where a word stands, its place is noted; cues with gaps are then put together from those words alone that are in
    the text.
    """

    def __init__(self, cues: Iterable[tuple[str, str, float]]) -> None:
        self._root = _Node()
        self._inner: set[str] = set()
        for tag, cue, weight in cues:
            end = (tag, cue, weight)  # one for all that the cue stands for
            for plain in expand(cue.translate(LOWER)):
                self._add(plain, end)
        self._words = [self._word(text) for text in dict.fromkeys((*self._root.next, *self._inner))]
        self._find = AhoCorasick([word.text for word in self._words]).find_matches_as_indexes

    def _add(self, plain: str, end: tuple[str, str, float]) -> None:
        if SENTENCE_END.search(plain, 0, len(plain) - 1):
            raise ValueError(f"cue {plain!r} goes beyond a sentence")
        node, reach = self._root, 0
        for piece in PIECE.split(plain.strip("…")):
            if piece.startswith("…"):
                reach = FAR if piece == "……" else NEAR
                continue
            if node is not self._root:
                self._inner.add(piece)
            node = node.child(piece, reach)
        node.ends = (*node.ends, end)

    def _word(self, text: str) -> _Word:
        ways = self._root.next.get(text)
        node, rank = (ways[0][2], ways[0][1]) if ways else (None, 0)
        return _Word(text, _is_bounded(text), text in self._inner, node, rank)

    def scan(self, text: str) -> list[Hit]:
        """Every cue in ``text``, in order of place."""
        folded = lower(text)
        present: set[str] = set()
        return _Scan(folded, present).run(self._beginnings(folded, present))

    def _beginnings(self, text: str, present: set[str]) -> Begun:
        """The words with which a cue begins, by place; those that may stand after a gap are added to ``present``."""
        words, begun = self._words, []
        for which, start, end in self._find(text, overlapping=True):
            word, bounded, inner, node, rank = words[which]
            if inner:
                present.add(word)
            if node is not None and not (bounded and _inside_word(text, start, end)):
                begun.append((start, rank, end, node))
        begun.sort(key=_PLACE)
        return begun


class _Scan:
    """One pass over one text, of which the words that are ``present`` are known."""

    def __init__(self, text: str, present: set[str]) -> None:
        self.text = text
        self.present = present
        self.stops = [match.start() for match in SENTENCE_END.finditer(text)] + [len(text)]
        self.found: list[Hit] = []

    def run(self, begun: Begun) -> list[Hit]:
        for start, _, end, node in begun:
            self.collect(start, end, node)
        return self.found

    def collect(self, start: int, at: int, node: _Node) -> None:
        """Add the cues that are complete at ``at``, and those that go on within reach in the same sentence."""
        for tag, cue, weight in node.ends:
            self.found.append(Hit(tag, cue, start, at, weight))
        if node.next and not self.present.isdisjoint(node.next):  # mostly it is
            for _, _, end, further in self.following(node, node.next.keys() & self.present, at):
                self.collect(start, end, further)

    def following(self, node: _Node, words: set[str], at: int) -> list[tuple[int, int, int, _Node]]:
        """Where the nearest of each of ``words`` stands that may come next, in order of place."""
        last = min(self.stops[bisect_left(self.stops, at)] - 1, at + node.reach)
        ways = []
        for word in words:
            if (place := self.nearest(word, at, last + len(word))) < 0:
                continue
            for reach, rank, further in node.next[word]:
                if place - at <= reach:
                    ways.append((place, rank, place + len(word), further))
                    break
        return sorted(ways, key=_PLACE) if len(ways) > 1 else ways

    def nearest(self, word: str, at: int, end: int) -> int:
        """Where ``word`` stands first between two places; -1 when it does not."""
        place = self.text.find(word, at, end)
        if place < 0 or not _is_bounded(word):
            return place
        while place >= 0 and _inside_word(self.text, place, place + len(word)):
            place = self.text.find(word, place + 1, end)
        return place


def lower(text: str) -> str:
    """With small Latin letters; every place stays the same, which ``str.lower`` does not promise of all alphabets."""
    return UPPER.sub(lambda match: match[0].lower(), text)


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
