"""Which of many patterns may match a text at all, found in one reading of it.

Nearly every pattern has words that it cannot do without: 替…投诉 needs 替 and 投诉. All these words are looked for by
one automaton (2 µs for a chat message, where each of a hundred searches costs up to 8 µs), and only patterns all of
whose words are there need be tried. The words are read off the parsed pattern, so that an insurer's own are sieved too.
The technique is that of RE2's FilteredRE2 (Russ Cox, "Regular Expression Matching with a Trigram Index", 2012).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from itertools import product
from typing import Any

from ahocorasick_rs import AhoCorasick

# Not part of the public library, so without types; a test tries every pattern on every supported Python.
op: Any = import_module("re._constants")
_parser: Any = import_module("re._parser")
Words = frozenset[str]
MOST = 1000  # words that one part of a pattern may be; of more, none are looked for
MANY = 100
NOTHING: Words = frozenset([""])
REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)


class Sieve:
    """Groups of patterns, each in its order; ``passing`` tells by their numbers which are worth trying."""

    def __init__(self, **groups: Iterable[str | re.Pattern[str]]) -> None:
        bits: dict[str, int] = {}
        self._always: list[tuple[str, int]] = []
        self._needs: dict[int, tuple[str, int, int]] = {}  # bit of the most telling words → group, number, all bits
        bit = 1
        for group, number, parts in _alternatives(groups):
            need, key = 0, bit
            for words in _telling_most(parts):
                for word in words:
                    bits[word] = bits.get(word, 0) | bit
                need, bit = need | bit, bit << 1
            if need:
                self._needs[key] = group, number, need
            else:
                self._always.append((group, number))
        self._keys = sum(self._needs)
        self._bits = list(bits.values())
        self._find: Callable[..., list[tuple[int, int, int]]] = AhoCorasick(list(bits)).find_matches_as_indexes

    def passing(self, text: str) -> dict[str, list[int]]:
        """By group the numbers of the patterns that may match, in order; groups without any are left out."""
        bits, seen = self._bits, 0
        for which, _, _ in self._find(text, overlapping=True):
            seen |= bits[which]
        found: dict[str, set[int]] = {}
        for group, number in self._always:
            found.setdefault(group, set()).add(number)
        keys = seen & self._keys
        while keys:  # a few of a hundred: looking at each pattern would take longer than the automaton
            key = keys & -keys
            group, number, need = self._needs[key]
            if seen & need == need:
                found.setdefault(group, set()).add(number)
            keys ^= key
        return {group: sorted(numbers) for group, numbers in found.items()}


def _alternatives(
    groups: Mapping[str, Iterable[str | re.Pattern[str]]],
) -> Iterator[tuple[str, int, list[Words]]]:
    for group, patterns in groups.items():
        for number, one in enumerate(patterns):
            yield from ((group, number, parts) for parts in needed(one))


def first(patterns: Iterable[re.Pattern[str]], text: str) -> re.Match[str] | None:
    """As ``a|b|c`` would be found: the first in the text; of two in one place that of the earlier pattern."""
    found: re.Match[str] | None = None
    for pattern in patterns:
        match = pattern.search(text)
        if match and (found is None or match.start() < found.start()):
            found = match
    return found


def needed(pattern: str | re.Pattern[str]) -> list[list[Words]]:
    """For each alternative sets of words, of each of which one stands in every text that matches; none are known when
    case is ignored."""
    parsed = _parser.parse(*((pattern.pattern, pattern.flags) if isinstance(pattern, re.Pattern) else (pattern,)))
    if parsed.state.flags & re.IGNORECASE:
        return [[]]
    alone = len(parsed) == 1 and parsed[0][0] is op.BRANCH
    parts = [_parts(one) for one in (parsed[0][1][1] if alone else [parsed])]
    several = [one for one in parts if len(one) != 1]
    words = [one[0] for one in parts if len(one) == 1]
    return [*several, [_shortest(frozenset().union(*words))]] if words else several


def _telling_most(parts: list[Words]) -> list[Words]:
    """The most telling first; so many single characters are found everywhere, and needed only where nothing else is."""
    ordered = sorted(parts, key=_telling, reverse=True)
    return ordered[:1] + [words for words in ordered[1:] if len(words) <= MANY or min(map(len, words)) > 1]


def _parts(tokens: Iterable[tuple[Any, Any]]) -> list[Words]:
    exact, parts = _sequence(tokens)
    return _kept([*parts, exact] if exact is not None else parts)


def _kept(parts: list[Words]) -> list[Words]:
    return [_shortest(words) for words in parts if words and "" not in words]


def _shortest(words: Words) -> Words:
    """Without those that hold another one: where 为我 stands, 为 does."""
    return frozenset(word for word in words if words.isdisjoint(_inside(word)))


def _inside(word: str) -> Iterator[str]:
    """Every shorter piece of a word."""
    return (word[i:j] for i in range(len(word)) for j in range(i + 1, len(word) + 1) if j - i < len(word))


def _sequence(tokens: Iterable[tuple[Any, Any]]) -> tuple[Words | None, list[Words]]:
    """All that the tokens can be, where that is a few words; else the words of their parts."""
    whole, parts, run = True, list[Words](), NOTHING
    for code, argument in tokens:
        exact, inner = _token(code, argument)
        if exact is not None and len(run) * len(exact) <= MOST:
            run = frozenset(a + b for a, b in product(run, exact))
            continue
        whole = False
        parts += [run, *inner]
        run = NOTHING if exact is None else exact
    return (run, []) if whole else (None, _kept([*parts, run]))


def _token(code: Any, argument: Any) -> tuple[Words | None, list[Words]]:
    if code is op.LITERAL:
        return frozenset([chr(argument)]), []
    if code is op.IN:
        return _characters(argument), []
    if code is op.BRANCH:
        return _branch(argument[1])
    if code is op.SUBPATTERN:
        return (None, []) if argument[1] & re.IGNORECASE else _sequence(argument[3])
    if code is op.ATOMIC_GROUP:
        return _sequence(argument)
    if code in REPEATS:
        return _repeat(*argument)
    if code in (op.ASSERT_NOT, op.AT):
        return NOTHING, []
    if code is op.ASSERT:
        return None, _parts(argument[1])
    return None, []


def _characters(items: list[tuple[Any, Any]]) -> Words | None:
    found: set[str] = set()
    for code, argument in items:
        if code is op.LITERAL:
            found.add(chr(argument))
        elif code is op.RANGE and argument[1] - argument[0] < MOST:
            found.update(map(chr, range(argument[0], argument[1] + 1)))
        else:
            return None
    return frozenset(found)


def _branch(branches: list[Any]) -> tuple[Words | None, list[Words]]:
    """What all branches can be; else one set that holds the most telling words of each."""
    read = [_sequence(one) for one in branches]
    if all(exact is not None for exact, _ in read):
        return frozenset().union(*(exact for exact, _ in read if exact is not None)), []
    best = [max(_parts(one), key=_telling, default=None) for one in branches]
    return None, [] if None in best else [frozenset().union(*(words for words in best if words is not None))]


def _telling(words: Words) -> tuple[int, int]:
    return min(map(len, words)), -len(words)


def _repeat(least: int, most: int, tokens: Any) -> tuple[Words | None, list[Words]]:
    exact, _ = _sequence(tokens)
    if most == 1 and exact is not None:
        return (exact if least else exact | NOTHING), []
    return None, _parts(tokens) if least else []
