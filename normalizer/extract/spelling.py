"""How people spell their names aloud: 拂晓的晓, 女字旁的娜, 木子李, 耳东陈."""

from __future__ import annotations

import re

from normalizer.rulebook import cached_rule, rules

HAN = "[一-鿿㐀-䶿]"
BY = r"(?:就?是|那个)?"
BY_WORD = re.compile(rf"{BY}((?:(?!的){HAN}){{2,5}}?)(?:的那个|的这个|的|那个|这个)({HAN}{{1,2}})")  # 拂晓的晓
BY_PART = re.compile(  # 女字旁的娜, 三点水的清, 草字头那个芳
    rf"{BY}(?:{HAN}字(?:旁|头|底|边)|[三两]点水|[单双]人旁|(?:提手|竖心|绞丝|言字|走之|反犬|立刀)旁?|[竹草]字?头)(?:加.)?(?:的那个|的|那个)?({HAN})字?"
)
MARKS = re.compile(r"[\s，,。.、啊呀哈]*")
HINTS = frozenset("的个旁头水")  # without one of these nearby only a set phrase spells
NEAR = 10  # characters
USUAL = 3  # characters of most names


def spells(text: str, start: int, end: int) -> bool:
    """Whether what follows the name ``text[start:end]`` spells it: 文静|文化的文, 刀玉兰|西双版纳的刀."""
    return _spelling(text, text[start:end], end) > end


def spelled_until(text: str, start: int, end: int) -> int:
    """Where the words end that spell the name ``text[start:end]``: they tell nothing else."""
    stop = end
    while (begin := _past_marks(text, stop)) < (further := _spelling(text, text[start:end], begin)):
        stop = further
    return stop


def is_explanation(clause: str) -> bool:
    """人可何, 弓长张, 建设的建, 拂晓的晓, 女字旁的娜."""
    match = BY_WORD.search(clause)
    return clause in _phrases() or bool(match and match[2][0] in match[1]) or bool(BY_PART.fullmatch(clause))


def is_nothing_but(clause: str, name: str) -> bool:
    """张三的张 names nobody 张三."""
    match = BY_WORD.fullmatch(clause)
    return match is not None and match[1] == name and match[2][0] in name


def _past_marks(text: str, place: int) -> int:
    match = MARKS.match(text, place)
    return match.end() if match else place


def _spelling(text: str, name: str, place: int) -> int:
    """Where the one explanation of a character of ``name`` ends that begins here; ``place`` when none does."""
    if text[place : place + 3] in _phrases() and text[place + 2] in name:
        return place + 3
    if HINTS.isdisjoint(text[place + 2 : place + NEAR]):
        return place
    part = BY_PART.match(text, place)
    if part and part[1] in name:
        return part.end()
    word = BY_WORD.match(text, place)
    return word.end() if word and _fits(name, word[1], word[2]) else place


def _fits(name: str, word: str, spelt: str) -> bool:
    if name == spelt:
        return True
    spelt = spelt if spelt in word else spelt[0]
    return spelt in name and (spelt in word or (spelt == name[0] and len(word) >= USUAL))


@cached_rule
def _phrases() -> frozenset[str]:
    return frozenset(rules("names")["explained"])
