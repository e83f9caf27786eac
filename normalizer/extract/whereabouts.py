"""Whose an address is: the writer's own, or that of an insurer, a hospital, an accident."""

from __future__ import annotations

import re

from normalizer.rulebook import cached_rule, rules

CLAUSES = re.compile(r"[，。;!?\n]")
SENTENCES = re.compile(r"[。;!?\n]")
NEAR, REACH, AFTER = 12, 60, 14  # characters
# 转：某公司, and its address on the next line.
FORWARDED = re.compile(r"(?:^|\n)[ ]{0,8}(?:主送|抄送|转|致|呈|送):[^\n]{2,40}\n[^\n]{0,4}$")
INSTITUTION = re.compile("公司|保险|中心|部|局|协会")


def is_own(text: str, start: int) -> bool:
    """Whether the words before a heading or a block leave the address to the one who writes."""
    words = text[max(0, start - NEAR) : start].lower()
    if words.endswith(_tuple("theirs")) or words.rstrip("的 :").endswith(_tuple("theirs")):
        return False
    before = text[max(0, start - REACH) : start].lower()
    if FORWARDED.search(before):
        return False
    sentence = len(before) - len(SENTENCES.split(before)[-1])
    named = list(_parties().finditer(before))
    return not named or _leaves(named[-1], before, sentence)


def _leaves(named: re.Match[str], before: str, sentence: int) -> bool:
    """By the last party named before: 被投诉人：某公司 地址：… is the insurer's."""
    if named.lastgroup == "bystanders":
        return named.start() < sentence
    return named.lastgroup == "writers" or (
        named.lastgroup == "written_to" and not INSTITUTION.search(before, named.end())
    )


def is_house_of_others(words: str) -> bool:
    """贵公司, a hospital, a court; not the flats of its staff."""
    address = words.lower()
    return any(word in address for word in _tuple("houses")) and not any(word in address for word in _tuple("but"))


def is_where_it_happened(text: str, start: int, end: int) -> bool:
    before = CLAUSES.split(text[max(0, start - NEAR) : start].lower())[-1]
    after = CLAUSES.split(text[end : end + AFTER].lower())[0]
    return any(word in before for word in _tuple("before")) or any(word in after for word in _tuple("after"))


@cached_rule
def _tuple(name: str) -> tuple[str, ...]:
    return tuple(rules("places")["address"][name])


@cached_rule
def _parties() -> re.Pattern[str]:
    kinds = (
        f"(?P<{kind}>{'|'.join(sorted(_tuple(kind), key=len, reverse=True))})"
        for kind in ("accused", "written_to", "bystanders", "writers")
    )
    return re.compile("|".join(kinds))
