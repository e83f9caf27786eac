"""What the numbers of contracts look like, which words announce them, and what else a misread one may be."""

from __future__ import annotations

import re

from normalizer.rulebook import cached_rule, rules

CONTRACTS = ("policy_number", "claim_number")
SAID_BETWEEN = (
    r"[\s:：,，.。#(\[{<【〔「『《\"“=]|是|为|系|係|嘅|就是|叫|呢|嗯|呃|啊|那个|如下|改成|改为|换成|应该|no|(?:麻烦)?[你您]?记一下|报给[你您]"
    r"|好像|大概|可能|貌似|估计|记得|写着?的?|显示|也|都|再|一起|一并|[补附发]一?[下个上]|补充|附后|[发给][你您]们?|在[这此]"
)
GAP = re.compile(rf"(?:{SAID_BETWEEN})*$")  # 报案号是: what stands between a label and its number
WIDE_GAP = re.compile(rf"(?:{SAID_BETWEEN}|号码|号|码|尾数)*$")  # 保单 的 号码 是
MOST = 4  # candidates kept beside one number


@cached_rule
def _labels() -> dict[str, str]:
    return {word.lower(): kind for kind, words in rules("identifiers")["labels"].items() for word in words}


def label_of(before: str) -> str:
    """What kind of number the words directly before it promise: the longest label decides."""
    words = before.lower().replace("的", "")  # 保单的编号
    near = GAP.sub("", words)
    label, kind = _longest(near)
    if label == "编号" and (contract := _longest(GAP.sub("", near[: -len(label)]))[1]) in CONTRACTS:
        return contract  # 我的保险单，编号C-88
    return kind or _longest(WIDE_GAP.sub("", words))[1]


def _longest(words: str) -> tuple[str, str]:
    """The longest label at the end of these words, and its kind."""
    labels = _labels()
    for length in range(len(words), 0, -1):
        if kind := labels.get(words[-length:]):
            return words[-length:], kind
    return "", ""


@cached_rule
def _grammars() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((entry["kind"], re.compile(entry["pattern"])) for entry in rules("identifiers")["grammar"])


def grammar_of(value: str) -> str:
    """The kind of the first grammar that fits the whole number, or ""; hyphens are not looked at."""
    plain = value.replace("-", "")
    return next((kind for kind, pattern in _grammars() if pattern.fullmatch(plain)), "")


def candidates(value: str, kind: str) -> list[str]:
    """What a number that fits no grammar may also be, as far as that fits one of ``kind``: O for 0 in print, else a
    letter for one that sounds like it. Never written over the original."""
    if grammar_of(value):
        return []
    printed = _printed(value)
    sounds = rules("identifiers")["policy"]["sounds"]
    heard = (head + tail for letters, tail in printed for head in _heard(letters, sounds))
    for readings in ([head + tail for head, tail in printed], heard):
        if fitting := [each for each in dict.fromkeys(readings) if each != value and grammar_of(each) == kind]:
            return fitting[:MOST]
    return []


def _printed(value: str) -> list[tuple[str, str]]:
    """Letters at the head and digits behind them, for every length of the head that can be."""
    to_digit = rules("identifiers")["policy"]["confusable"]
    to_letter = {ord(digit): letter for letter, digit in reversed(to_digit.items())}
    tail = value.translate(str.maketrans(to_digit))
    return [
        (value[:length].translate(to_letter), tail[length:])
        for length in range(min(6, len(value)) + 1)
        if tail[length:].replace("-", "").isdigit()
    ]


def _heard(head: str, sounds: list[str]) -> list[str]:
    """PDAA may have been BDAA: each letter in turn exchanged for those that sound like it."""
    return [
        head[:place] + other + head[place + 1 :]
        for place, letter in enumerate(head)
        for group in sounds
        if letter in group
        for other in group
        if other != letter
    ]
