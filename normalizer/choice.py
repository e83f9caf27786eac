"""Which of two values a reply means: the first, the second, both; said by place, by age, by its digits or in full."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from normalizer.extract.numerals import DIGITS
from normalizer.text import fold

FIRST, SECOND, BOTH = "first", "second", "both"
OTHER = {FIRST: SECOND, SECOND: FIRST}
NOT_FIRST, NOT_SECOND, NEITHER = "not first", "not second", "neither"
DENIED = {FIRST: NOT_FIRST, SECOND: NOT_SECOND, BOTH: NEITHER}
MEANT = {NOT_FIRST: SECOND, NOT_SECOND: FIRST}

CLAUSE = re.compile(r"([^，,。;!?\n]+)[，,。;!?]*")
RUN = re.compile(rf"[{''.join(DIGITS)}0-9](?:[-\s]?[{''.join(DIGITS)}0-9Xx]){{2,}}")  # 5678, 幺三九, 139 1234 5678
SHORTEST = 2  # characters of a name
DENIAL = 24  # characters of a clause that says of a value that it is wrong as well
MOST = 2000  # characters in which a choice is looked for: further down in a letter is its story

# Words around a choice that change nothing about it.
AROUND = (
    r"(?:就是?|请|以|用|按|选|打|要|是|应该|我|的|那|这|个|一个|号码?|电话|手机|联系|尾号|开头|结尾|末?[后尾][四4]位|名字?|姓名|叫"
    r"|邮箱|邮件|身份证|证件|登记|为[准主]|吧|行|好|可以|即可|正确|对|没错|呀|啊|呢|了|嗯|哦|拨|找|还|也|仍然?|继续|[说给留报发写填]|麻烦|谢谢|您|你们?"
    r"|\s|[:：'.“”\"]|\b(?:the|one|use|please|it|is|s|my|number|phone|name|e-?mail|address|take|keep|that|i|gave|just|correct|right|and|but)\b)*+"
)
NOT = re.compile(
    r"不[用要对是]|别[打用]|停用|作废|[打写说填报]错|错[了的]|打不通|注销|\b(?:not|wrong|no longer)\b", re.I
)
PLACES = {
    FIRST: r"第[一1]个|前[面边一](?:那?个)?|前者|上[一面]个|\b(?:first|former)\b",
    SECOND: r"第[二2]个|后[面边一](?:那?个)?|后者|\b(?:second|latter)\b",
}
# A word of time or age alone (现在呢, 之前, later) may be about anything.
TIMES = {
    FIRST: r"之前|原来|原先|以前|先前|[旧老]|最[早初先]|一开始|\b(?:old|previous|earlier)\b",
    SECOND: r"刚[才刚]|新|最[后新近]|现在|下面|\b(?:new|latest|later)\b",
}
OF_THEM = (
    r"(?=(?:[说给留报发写填用打叫我您你]|登记|联系)*+(?:的|[那这一]?个|那|号|尾号|为[准主])"
    r"|(?<=[旧老新来])(?:电话|手机|邮箱|邮件|名字?|姓名|身份证|证件)"
    r"|\s+(?:one|number|phone|name|e-?mail|address)\b)"
)
CHOICES = {
    FIRST: rf"{PLACES[FIRST]}|(?:{TIMES[FIRST]}){OF_THEM}",
    SECOND: rf"{PLACES[SECOND]}|(?:{TIMES[SECOND]}){OF_THEM}",
    BOTH: (
        r"(?:[两2]个|哪[一个]个?|这[两2]个)?都(?:可以|行|能[^，。]{0,5}|对|是我?的?|用|要|留|没错|打得通)"
        r"|随便(?:哪个)?|任[意一](?:一?个)?|无所谓|\b(?:both|either|any)\b"
    ),
}
BARE = {
    which: re.compile(rf"{AROUND}(?:都[用以按要是]?)?(?:{words}){AROUND}", re.I) for which, words in CHOICES.items()
}
REST = re.compile(AROUND, re.I)
BEGINS = {which: re.compile(rf"{AROUND}(?:{words})", re.I) for which, words in PLACES.items()}
TIMED = {which: re.compile(words, re.I) for which, words in TIMES.items()}  # beside digits they need nothing further
NONE = re.compile(
    rf"(?:{AROUND}(?:[两2]个|第[一1]个[和跟与、]?第[二2]个)?{AROUND}都(?:{NOT.pattern}|不[行能]){AROUND}"
    rf"|{AROUND}\bneither\b.{{0,20}})",
    re.I,
)
KEYS = {"1": FIRST, "一": FIRST, "2": SECOND, "二": SECOND}  # pressed or typed alone
NAMED = {
    "phone": re.compile(r"电话|手机|号码|phone", re.I),
    "complainant_name": re.compile(r"名|叫|\bname", re.I),
    "email": re.compile(r"邮|mail", re.I),
    "id_number": re.compile(r"身份证|证件|\bid\b", re.I),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Two values of one field, in the order in which they were told."""

    first: str
    second: str


def choices(text: str, pairs: Mapping[str, Pair], *, keys: bool = True) -> tuple[Mapping[str, str], str]:
    """({field: first, second or both}, the text with the words that chose blanked); by field for each that is clear.

    A digit alone is a choice only with ``keys``, and only between the two values of one field.
    """
    alone = KEYS.get(fold(text).strip())
    if alone:
        return (dict.fromkeys(pairs, alone), "") if keys and len(pairs) == 1 else ({}, text)
    heard, rest = _heard(text, pairs)
    meant = {name: {MEANT.get(which, which) for which in found} for name, found in heard.items()}
    clear = {name: found.pop() for name, found in meant.items() if len(found) == 1 and NEITHER not in found}
    return (clear, rest) if clear else ({}, text)


def denied(text: str, pairs: Mapping[str, Pair]) -> frozenset[str]:
    """The fields of which both values are said to be wrong."""
    heard, _ = _heard(text, pairs)
    return frozenset(name for name, found in heard.items() if NEITHER in found or {NOT_FIRST, NOT_SECOND} <= found)


def _heard(text: str, pairs: Mapping[str, Pair]) -> tuple[dict[str, set[str]], str]:
    """All that was chosen and denied of each pair, and the text without it."""
    heard: dict[str, set[str]] = {name: set() for name in pairs}
    rest = text
    for match in CLAUSE.finditer(fold(text[:MOST])):
        chosen = {name: which for name in _about(match[1], pairs) if (which := _choice(match[1], name, pairs[name]))}
        for name, which in chosen.items():
            heard[name].add(which)
        if chosen:
            rest = f"{rest[: match.start()]}{' ' * len(match[0])}{rest[match.end() :]}"
    return heard, rest


def _about(clause: str, pairs: Mapping[str, Pair]) -> list[str]:
    """The fields that a clause names, or all of them."""
    named = [name for name in pairs if name in NAMED and NAMED[name].search(clause)]
    return named or list(pairs)


def _choice(clause: str, name: str, pair: Pair) -> str:
    """What a clause that does nothing but choose chooses or denies; the empty string for every other clause."""
    if NONE.fullmatch(clause):
        return NEITHER
    which, left = _by_value(clause, name, pair)
    if which and REST.fullmatch(_without_time(NOT.sub("", left), which)):
        return _told(which, clause, is_denied=bool(NOT.search(left)))
    left = NOT.sub("", clause)
    which = next((which for which, words in BARE.items() if words.fullmatch(left)), "")
    if not which and left != clause:  # the second has not been in use for years either
        which = next((which for which, words in BEGINS.items() if words.match(left)), "")
        return DENIED[which] if which and len(clause) <= DENIAL and ("也" in clause or "either" in clause) else ""
    return _told(which, clause, is_denied=left != clause) if which else ""


def _told(which: str, clause: str, *, is_denied: bool) -> str:
    """第二个也不对: neither is right; 第二个也行: both are."""
    if "也" in clause:
        return NEITHER if is_denied else BOTH
    return DENIED[which] if is_denied else which


def _without_time(left: str, which: str) -> str:
    """现在3210, 之前的5678; a word for the age of the other value stays, and nothing is chosen."""
    return TIMED[which].sub("", left)


def _by_value(clause: str, name: str, pair: Pair) -> tuple[str, str]:
    """The one value that a clause spells, in full or by its ends, and what else the clause says."""
    if name in ("phone", "id_number"):
        return _by_digits(clause, pair)
    at = {
        which: clause.casefold().find(fold(value).casefold()) for which, value in _both(pair) if len(value) >= SHORTEST
    }
    found = {which: place for which, place in at.items() if place >= 0}
    if not found:
        return "", clause
    values = dict(_both(pair))
    which = max(found, key=lambda each: len(values[each]))  # 李晓 stands in 李晓明
    if any(values[each] not in values[which] for each in found):
        return "", clause
    return which, clause[: found[which]] + clause[found[which] + len(values[which]) :]


def _by_digits(clause: str, pair: Pair) -> tuple[str, str]:
    runs = [_digits(run) for run in RUN.findall(clause)]
    fitting = {which for which, value in _both(pair) if runs and all(_fits(run, value) for run in runs)}
    return (fitting.pop(), RUN.sub("", clause)) if len(fitting) == 1 else ("", clause)


def _fits(run: str, value: str) -> bool:
    """138, 5678 and the whole of it; +86 and a leading zero are no difference."""
    national = value.upper().removeprefix("+86")
    given = run.removeprefix("86") if len(run) > len(national) else run
    return national.startswith(given) or national.endswith(given) or given == f"0{national}"


def _digits(run: str) -> str:
    return "".join(DIGITS.get(character, character) for character in run.upper() if character not in "- \t")


def _both(pair: Pair) -> tuple[tuple[str, str], tuple[str, str]]:
    return (FIRST, pair.first), (SECOND, pair.second)
