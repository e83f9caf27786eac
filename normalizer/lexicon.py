"""Cue words as data, found in one pass: the small language in which the rules files speak.

A cue is a plain word. ``…`` stands for up to 8 characters of the same sentence, ``……`` for up to 24; ``{a|b}`` for one of
several. Every cue carries a tag (``detail:C0101``, ``flag:media``) and a weight.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

PIECE = re.compile(r"(…+)")
CHOICE = re.compile(r"\{([^{}]*)\}")
SENTENCE_END = re.compile(r"[。!?\n;；]")
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
class _Node:
    """What may follow a word of a cue: nothing more (``ends``), or further words by their first characters."""

    ends: list[tuple[str, str, float]]  # tag, cue, weight
    nexts: dict[str, list[tuple[int, str, _Node]]]  # first one or two characters → how far, word, what follows it


class Lexicon:
    """All cues of all rules in one tree: a text is read once, whatever the number of rules."""

    def __init__(self, cues: Iterable[tuple[str, str, float]]) -> None:
        self._root = _Node([], {})
        for tag, cue, weight in cues:
            for plain in expand(cue.translate(LOWER)):
                self._add(plain, (tag, cue, weight))

    def _add(self, plain: str, end: tuple[str, str, float]) -> None:
        node, reach = self._root, 0
        for piece in PIECE.split(plain):
            if piece.startswith("…"):
                reach = FAR if piece == "……" else NEAR
                continue
            node = _child(node, reach, piece)
        node.ends.append(end)

    def scan(self, text: str) -> list[Hit]:
        """Every cue in ``text``, in order of place."""
        text = text.translate(LOWER)
        found: list[Hit] = []
        nexts = self._root.nexts
        for i in range(len(text)):
            for key in (text[i : i + 2], text[i]):
                for _, word, node in nexts.get(key, ()):
                    if text.startswith(word, i) and not _inside_word(text, i, i + len(word)):
                        _collect(text, i, i + len(word), node, found)
        return found


def _child(node: _Node, reach: int, word: str) -> _Node:
    siblings = node.nexts.setdefault(word[:2], [])
    for far, known, child in siblings:
        if (far, known) == (reach, word):
            return child
    child = _Node([], {})
    siblings.append((reach, word, child))
    return child


def _collect(text: str, start: int, at: int, node: _Node, found: list[Hit]) -> None:
    """Add the cues that are complete at ``at``, and those that go on within reach in the same sentence."""
    for tag, cue, weight in node.ends:
        found.append(Hit(tag, cue, start, at, weight))
    if not node.nexts:
        return
    stop = SENTENCE_END.search(text, at, at + FAR)
    last = stop.start() if stop else min(at + FAR, len(text) - 1)
    done = set()
    nexts = node.nexts
    for i in range(at, last + 1):
        for key in (text[i : i + 2], text[i]):
            for reach, word, child in nexts.get(key, ()):
                if i - at <= reach and word not in done and text.startswith(word, i) and not _inside_word(text, i, i + len(word)):
                    done.add(word)
                    _collect(text, start, i + len(word), child, found)


def expand(cue: str) -> list[str]:
    """All plain cues that a cue with choices stands for."""
    parts = CHOICE.split(cue)
    choices = [part.split("|") if i % 2 else [part] for i, part in enumerate(parts)]
    return ["".join(pick) for pick in product(*choices)]


def _inside_word(text: str, start: int, end: int) -> bool:
    """12345 in a policy number and sue in issue are no cues."""
    return (start > 0 and _alnum(text[start]) and _alnum(text[start - 1])) or (
        end < len(text) and _alnum(text[end - 1]) and _alnum(text[end])
    )


def _alnum(character: str) -> bool:
    return character.isascii() and character.isalnum()
