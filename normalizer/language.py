"""Which language a person goes on in: a message of some words decides, a bare number or a name changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable

from normalizer.rulebook import cached_rule
from normalizer.text import HAN, SAMPLE, Reading, folding

WORD = re.compile(r"(?<![\w@./-])[A-Za-z]+(?:'[a-z]+)?(?![\w@./-])")  # no part of a number, an address, a code
FEW_WORDS = 3  # English
FEW_CHARACTERS = 4  # Chinese
FEW_FORMS = 2  # characters that are written in one of the two scripts only


def language_after(reading: Reading, before: str, aside: Iterable[tuple[int, int]] = ()) -> str:
    """The language after these words; ``before`` where they are too few to tell.

    ``aside`` are places in ``reading.flat`` of names and numbers: they are of no language.
    """
    raw = _own_words(reading, aside)
    characters = HAN.findall(raw)
    words = WORD.findall(raw)
    if len(words) > max(FEW_WORDS, len(characters)) and any(word.islower() for word in words):
        return "en"
    if len(characters) < FEW_CHARACTERS or len(words) > len(characters):
        return before
    return _script(characters, "" if before == "en" else before)


def _own_words(reading: Reading, aside: Iterable[tuple[int, int]]) -> str:
    raw = list(reading.raw[:SAMPLE])
    for start, end in aside:
        begin, stop = reading.place(start, end)
        raw[begin:stop] = " " * (min(stop, len(raw)) - min(begin, len(raw)))
    return "".join(raw)


def _script(characters: list[str], before: str) -> str:
    """Most characters are the same in both scripts; the others tell, unless there are hardly any."""
    traditional = sum(ord(each) in folding() for each in characters)
    simplified = sum(each in _simplified() for each in characters)
    if max(traditional, simplified) <= FEW_FORMS:
        return before or ("zh-Hant" if traditional > simplified else "zh-Hans")
    return "zh-Hant" if traditional > simplified else "zh-Hans"


@cached_rule
def _simplified() -> frozenset[str]:
    """Characters that a text in traditional script would write in another form."""
    return frozenset(to for of, to in folding().items() if HAN.match(chr(of)) and to != chr(of))
