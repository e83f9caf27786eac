"""What several plain words say together: petrol, a lighter and your counter; a roof and I stand on it.

The words lie in classes (``[words]`` of rules/urgency.toml), and a ``[[together]]`` names the classes that must meet
within some characters. All words of all classes are looked for in one pass.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from ahocorasick_rs import AhoCorasick

from normalizer.lexicon import expand, lower
from normalizer.rulebook import cached_rule, follows_rules, rules

MOST = 12  # places of one class that are looked at in a text; who says it more often has said it
REMEMBERED = 8  # texts
AROUND = 8  # how far beyond its words a meeting may still be taken back

Places = Mapping[str, list[tuple[int, int]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Meeting:
    """Words of several classes that stand near each other; ``raises`` is a flag, or a sign as ``sign:on_site``."""

    raises: str
    classes: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Together:
    raises: str
    words: tuple[str, ...]
    within: int
    ordered: bool
    unless: tuple[str, ...]
    needs: frozenset[str]


class _Classes:
    """All words of all classes in one automaton."""

    def __init__(self, words: Mapping[str, list[str]]) -> None:
        of: dict[str, list[str]] = defaultdict(list)
        for name, cues in words.items():
            for cue in cues:
                for plain in expand(cue.lower()):
                    if name not in of[plain]:
                        of[plain].append(name)
        self._classes = list(of.values())
        self._find = AhoCorasick(list(of)).find_matches_as_indexes

    def places(self, text: str) -> Places:
        """Where the words of each class stand that the text holds."""
        found: dict[str, list[tuple[int, int]]] = {}
        for which, start, end in self._find(lower(text), overlapping=True):
            for name in self._classes[which]:
                found.setdefault(name, []).append((start, end))
        return found


@cached_rule
def _classes() -> _Classes:
    return _Classes(rules("urgency")["words"])


@cached_rule
def _by_first_word() -> Mapping[str, list[tuple[int, _Together]]]:
    """Class → place and rule: few classes are in a text, and most rules need not be looked at."""
    first: dict[str, list[tuple[int, _Together]]] = defaultdict(list)
    for place, rule in enumerate(_togethers()):
        first[rule.words[0]].append((place, rule))
    return dict(first)


@cached_rule
def _togethers() -> tuple[_Together, ...]:
    return tuple(
        _Together(
            raises=each["raises"],
            words=tuple(each["words"]),
            within=each.get("within", 16),
            ordered=each.get("ordered", False),
            unless=tuple(each.get("unless", ())),
            needs=frozenset(each["words"]),
        )
        for each in rules("urgency")["together"]
    )


def _meetings(text: str) -> tuple[Meeting, ...]:
    """Every meeting in a folded text, at most one of each rule."""
    places = _classes().places(text)
    first = _by_first_word()
    may = sorted(
        (one for name in places for one in first.get(name, ()) if one[1].needs <= places.keys()), key=itemgetter(0)
    )
    return tuple(
        Meeting(raises=rule.raises, classes=rule.words, start=found[0], end=found[1])
        for _, rule in may
        if (found := _met(rule, places))
    )


# Flags and priority ask for the same text in turn.
meetings = follows_rules(lru_cache(maxsize=REMEMBERED)(_meetings))


def _met(rule: _Together, places: Places) -> tuple[int, int] | None:
    for start, end in places[rule.words[0]][:MOST]:
        span = _span(rule, places, start, end)
        if span and not any(_near(places.get(name, ()), *span) for name in rule.unless):
            return span
    return None


def _span(rule: _Together, places: Places, start: int, end: int) -> tuple[int, int] | None:
    """From the first word on, the nearest of each further class; None when one is too far away."""
    taken = [(start, end)]
    for name in rule.words[1:]:
        free = [place for place in places[name][: 4 * MOST] if not any(a < place[1] and place[0] < b for a, b in taken)]
        near = _nearest(free, start, end, rule.within, ordered=rule.ordered)
        if near is None:
            return None
        taken.append(near)
        start, end = min(start, near[0]), max(end, near[1])
    return start, end


def _nearest(
    places: list[tuple[int, int]], start: int, end: int, within: int, *, ordered: bool
) -> tuple[int, int] | None:
    best, least = None, within + 1
    for a, b in places:
        gap = a - end if a >= end else (least if ordered else max(0, start - b))
        if gap < least:
            best, least = (a, b), gap
    return best


def _near(places: list[tuple[int, int]] | tuple[()], start: int, end: int) -> bool:
    return any(a < end + AROUND and b > start - AROUND for a, b in places)
