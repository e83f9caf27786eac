"""Every run of digits and letters in a text, told apart: phone, ID, policy, claim, card, case number, other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from normalizer.extract.numerals import spoken_digits
from normalizer.rulebook import cached_rule, rules
from normalizer.text import Reading

WRITTEN = re.compile(r"(?<![A-Za-z0-9@._/-])[A-Za-z0-9+(][A-Za-z0-9() .-]{4,40}[A-Za-z0-9](?![A-Za-z0-9@])")
SPOKEN = re.compile(r"[零〇洞一幺么二两三四五六七八九0-9](?:[，,、 .-]{0,2}[零〇洞一幺么二两三四五六七八九0-9]){6,}")
CHINESE_DIGITS = re.compile(r"[零〇洞一幺么二两三四五六七八九]")
LABEL_GAP = re.compile(
    r"(?:[\s:：,，.。#(\"“=]|号|码|是|为|就是|叫|呢|嗯|那个|如下|改成|改为|换成|应该|尾数|no|No|NO)*$"
)
LABEL_REACH = 14
OCR = str.maketrans("lIiO oSBZ", "1110 0582")
ID_SHAPE = re.compile(r"\d{17}[\dXx]$")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
SPACES = re.compile(r"[ ().-]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A number as written: ``value`` without spaces, and the kind that the word before it names."""

    value: str
    start: int
    end: int
    label: str  # "", policy_number, claim_number, id_number, case_number, phone, other
    spoken: bool = False
    before: str = ""


def runs(reading: Reading) -> list[Run]:
    """All number runs, those written and those spoken, in order."""
    text = reading.flat
    spoken = [m for m in SPOKEN.finditer(text) if len(CHINESE_DIGITS.findall(m[0])) >= 4]
    found = [_run(text, m.start(), m.end(), spoken_digits(m[0]), spoken=True) for m in spoken]
    taken = [(m.start(), m.end()) for m in spoken]
    for m in WRITTEN.finditer(text):
        if any(m.start() < end and start < m.end() for start, end in taken):
            continue
        found.extend(_run(text, start, end, text[start:end]) for start, end in _pieces(text, m.start(), m.end()))
    return sorted(found, key=lambda run: run.start)


def _run(text: str, start: int, end: int, value: str, *, spoken: bool = False) -> Run:
    before = text[max(0, start - LABEL_REACH) : start]
    return Run(value=value, start=start, end=end, label=label_of(before), spoken=spoken, before=before)


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """One run may hold several numbers side by side: a mobile number and a policy, a name and a number."""
    chunks = [(m.start() + start, m.end() + start) for m in re.finditer(r"[^ ]+", text[start:end])]
    pieces: list[tuple[int, int]] = []
    for begin, stop in chunks:
        word = text[begin:stop]
        joins = pieces and _digity(word) and _digity(text[pieces[-1][0] : pieces[-1][1]])
        if joins and not _whole(text[pieces[-1][0] : pieces[-1][1]]) and not _whole(word):
            pieces[-1] = (pieces[-1][0], stop)
        else:
            pieces.append((begin, stop))
    return [(a, b) for a, b in pieces if sum(c.isdigit() for c in text[a:b]) >= 5]


def _digity(word: str) -> bool:
    return sum(c.isdigit() for c in word) * 2 >= len(word) > 0


def _whole(word: str) -> bool:
    """A number that needs no neighbour: a mobile number or an ID."""
    plain = SPACES.sub("", word)
    return bool(mobile().fullmatch(plain.translate(OCR)) or ID_SHAPE.match(plain))


@cached_rule
def mobile() -> re.Pattern[str]:
    return re.compile(r"(?:\+?86)?(" + rules("identifiers")["phone"]["mobile"] + ")")


@cached_rule
def _labels() -> dict[str, str]:
    return {word.lower(): kind for kind, words in rules("identifiers")["labels"].items() for word in words}


def label_of(before: str) -> str:
    """What kind of number the words directly before it promise: the longest label decides."""
    words = LABEL_GAP.sub("", before.lower())
    labels = _labels()
    for candidate in (before.lower().rstrip(" :："), words):
        for length in range(len(candidate), 0, -1):
            if kind := labels.get(candidate[-length:]):
                return kind
    return ""


def id_is_valid(number: str) -> bool:
    """GB 11643 check digit and a real birth date; the district is information only (codes came and went)."""
    if not ID_SHAPE.match(number):
        return False
    total = sum(int(c) * w for c, w in zip(number, WEIGHTS, strict=False))
    if "10X98765432"[total % 11] != number[17].upper():
        return False
    return birth_date(number) is not None


def birth_date(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
