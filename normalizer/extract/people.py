"""Where a person's name begins and ends in running Chinese text."""

from __future__ import annotations

import re
from functools import cache

from normalizer.rulebook import rules

HAN = "[一-鿿㐀-䶿]"
FOREIGN_DOT = re.compile(rf"{HAN}{{2,6}}(?:[·•・‧]{HAN}{{1,8}}){{1,3}}")
LATIN = re.compile(r"[A-Z][a-z'-]+(?: [A-Z]\.)?(?: [A-Z][a-z'-]+){1,2}")
EXPLAINED = re.compile(rf"({HAN}{{2,4}}?)的({HAN})")
CLOSED = re.compile(rf"{HAN}{{2,4}}(?!{HAN}|[·•・‧])")
EDGE = re.compile(rf"$|(?!{HAN})")
BOUNDARY, FOLLOWED, RUNS_ON = 3, 2, 1


@cache
def _surnames() -> frozenset[str]:
    return frozenset(rules("names")["surnames"])


@cache
def _compound() -> frozenset[str]:
    return frozenset(rules("names")["compound"])


@cache
def _not_names() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(rules("names")["not_names"], key=len, reverse=True))))


@cache
def _followers() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(rules("names")["followers"], key=len, reverse=True))))


@cache
def _titles() -> re.Pattern[str]:
    return re.compile("|".join(rules("names")["titles"]))


@cache
def _never() -> frozenset[str]:
    return frozenset(rules("names")["never"])


@cache
def _given() -> frozenset[str]:
    return frozenset(rules("names")["given"])


def name_at(text: str, start: int) -> tuple[int, int]:
    """(end, sureness) of the name that begins at ``start``; (0, 0) when none does. Sureness: 3 closed, 2 followed by
    a word that follows names, 1 cut by guess."""
    foreign = FOREIGN_DOT.match(text, start)
    if foreign:
        return foreign.end(), BOUNDARY
    latin = LATIN.match(text, start)
    if latin:
        return latin.end(), BOUNDARY
    family = _family(text, start)
    if not family or _not_names().match(text, start) or _titles().match(text, start + family):
        return 0, 0
    spaced = _spaced(text, start)
    if spaced:
        return spaced, BOUNDARY
    return _cut(text, start, family)


def closed_name(text: str, start: int) -> int:
    """End of a word of two to four characters that stands by itself after a label, whatever its first character."""
    match = CLOSED.match(text, start)
    if match is None or _not_names().match(text, start) or _titles().search(match[0], 1):
        return 0
    if any(c in _never() for c in match[0]) or any(
        _followers().match(text, start + i) for i in range(2, len(match[0]))
    ):
        return 0
    return match.end()


def _family(text: str, start: int) -> int:
    if text[start : start + 2] in _compound():
        return 2
    return 1 if text[start : start + 1] in _surnames() else 0


def _spaced(text: str, start: int) -> int:
    """王  敏, as letters and forms space two-character names."""
    match = re.compile(rf"{HAN}[ 　]{{1,4}}({HAN})(?!{HAN})").match(text, start)
    return match.end() if match and match[1] not in _never() else 0


def _cut(text: str, start: int, family: int) -> tuple[int, int]:
    options = []
    for length in (family + 2, family + 1):
        given = text[start + family : start + length]
        if len(given) == length - family and not _impossible(given):
            options.append((_sureness(text, start, start + length), length))
    if not options:
        return 0, 0
    sureness, length = max(options, key=lambda option: option[0])
    if sureness == RUNS_ON:
        length = options[0][1] if text[start + options[0][1] - 1] in _given() else options[-1][1]
    return start + length, sureness


def _impossible(given: str) -> bool:
    return any(c in _never() or not "㐀" <= c <= "鿿" for c in given)


def _sureness(text: str, start: int, end: int) -> int:
    if EDGE.match(text, end):
        return BOUNDARY
    if _followers().match(text, end) or _explains(text, start, end):
        return FOLLOWED
    return RUNS_ON


def _explains(text: str, start: int, end: int) -> bool:
    """文静|文化的文安静的静: what follows spells the name."""
    match = EXPLAINED.match(text, end)
    return bool(match and match[2] in match[1] and match[2] in text[start:end])


def is_explanation(clause: str) -> bool:
    """人可何, 弓长张, 建设的建, 拂晓的晓."""
    match = EXPLAINED.search(clause)
    return clause in rules("names")["explained"] or bool(match and match[2] in match[1])
