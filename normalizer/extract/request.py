"""What the customer wants: the sentences that ask, demand or hope."""

from __future__ import annotations

import re

from normalizer.extract.sentences import Place, sentences, trim
from normalizer.rulebook import cached_rule, rules
from normalizer.text import Found, Reading

HEADING = re.compile(r"(?:诉求|要求|请求|投诉请求|投诉要求|我的要求|主张|期望)[^，。\n]{0,8}[:：]?\s*$")
ITEM = re.compile(r"\s*(?:\(?[0-9一二三四五六七八九十]{1,2}[)、.．]|[①-⑩•·-])")
POLITE = re.compile(
    r"(?:我|我们|本人|现|特|强烈|故|故此|因此|并|且|现在)?(?:请|要求|希望|恳|望|盼|务必|烦|诉求|我的诉求|我的要求|敬请|[Pp]lease)"
)  # asks whatever follows
CLAUSE_START = re.compile(
    r"(?:^|[，。!?;:,、\s\n)\"”])(?:那|所以|现在|就|我|还|并且?|也|同时|另外|然后|但|总之|反正|\d[.、]|[一二三四][、.])?$"
)
UNPUNCTUATED = 24  # characters without any mark: somebody speaks
LONGEST = 600
SHORT = 10  # characters of an answer that is nothing but the outcome
LOOSE = re.compile(
    r"(?:你们|你司|贵司|贵公司|公司|保险公司)(?:得|要|先|就|帮忙?|把|给我|给|派|再|重新|多|退|赔|补|换)$"
)
TOLD = re.compile(
    r"[了过](?![吧。，!]|$)|我自己|才|只|不|没|错|坏|拖|丢"
)  # 你们把我的保费扣了两次 tells, 你们把保费退了 asks
TOLD_WITHIN = 14  # characters
CLAUSE_MARK = r"[，,。!?;；\n]"
LEAD = r"(?:嗯+|啊|呃|哦|那|就|那就|我们?|你们|你|贵司|公司|还是|最好|只|只要|就是|当然|肯定|都|也|现在)*"


def requests(reading: Reading) -> Found | None:
    """The passages that ask for something, joined; None when nothing is asked."""
    text = reading.flat
    places = _places(text)
    if not places:
        return None
    parts = [reading.words(a, b) for a, b in places]
    first, last = places[0], places[-1]
    return Found(value="\n".join(parts)[:LONGEST], start=first[0], end=last[1], rule="request.cue", confidence=0.85)


def wishes(text: str) -> bool:
    """Whether a bare answer to "how shall we settle it?" names a wish or an outcome: no story, no name, no delay."""
    if not re.search(r"[㐀-鿿]", text):
        return bool(re.search(rules("requests")["english"], text, re.I))
    return any(_wish(clause) for clause in re.split(r"[，,。!?;；、\n\s]+", text) if clause)


def wish_begins(text: str) -> int:
    """Where in such an answer the story ends and the wish begins; 0 when it tells no story first."""
    told = False
    for clause in re.finditer(r"[^，,。!?;；\n]+", text):
        if _wish(clause[0].strip()):
            return clause.start() if told else 0
        told = told or bool(re.search(rf"{rules('requests')['narrative']}|[0-9]", clause[0]))
    return 0


def _wish(clause: str) -> bool:
    data = rules("requests")
    if re.search(data["introduction"], clause) or _never().search(clause):
        return False
    asks = _strong().search(clause)
    if asks and _asks(clause, asks, len(clause)):
        return True
    told = re.search(data["narrative"], clause) and not re.search(data["ban"], clause)
    begins = re.match(LEAD + f"(?:{'|'.join(data['outcome'])})", clause)
    return not told and bool(begins or (len(clause) <= SHORT and re.search(data["outcomes"], clause)))


def _places(text: str) -> list[Place]:
    found: list[Place] = []
    listing = False
    for start, end in sentences(text):
        sentence = text[start:end]
        if listing and ITEM.match(sentence):
            found.append(trim(text, start, end))
            continue
        listing = bool(HEADING.search(sentence))
        if begin := _opening(text, start, end):
            place = trim(text, begin - 1, _ending(text, begin - 1, end))
            if place[1] - place[0] >= 2:
                found.append(place)
    return found


@cached_rule
def _strong() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in rules("requests")["strong"]))


@cached_rule
def _weak() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in rules("requests")["weak"]))


@cached_rule
def _wanted() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, rules("requests")["wanted"])))


@cached_rule
def _never() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, rules("requests")["never"])))


@cached_rule
def _ends() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, rules("requests")["ends"])))


def _opening(text: str, start: int, end: int) -> int:
    """1 + where in a sentence the request begins; 0 when it asks for nothing."""
    barred = [m.span() for m in _never().finditer(text, start, end)]
    spoken = _spoken(text, start, end)
    for pattern, anywhere in ((_strong(), True), (_weak(), False)):
        found = [
            match.start()
            for match in pattern.finditer(text, start, end)
            if not any(a < match.end() and match.start() < b for a, b in barred)
            and (anywhere or _begins(text, match.start(), start, end))
            and _asks(text, match, end)
        ]
        if found:
            return 1 + (found[-1] if spoken else _clause_start(text, found[0], start))
    return 0


def _asks(text: str, match: re.Match[str], end: int) -> bool:
    follows = re.split(CLAUSE_MARK, text[match.end() : end], maxsplit=1)[0][:TOLD_WITHIN]
    if LOOSE.match(match[0]) and not follows.startswith("是") and TOLD.search(follows):
        return False
    if POLITE.match(match[0]):
        return True
    return bool(_wanted().search(text, match.start(), min(end, match.end() + 40)))


def _spoken(text: str, start: int, end: int) -> bool:
    """Speech to text without marks: a request begins in the middle and only its own words tell where."""
    return end - start > UNPUNCTUATED and not re.search(r"[，,]", text[start:end])


def _clause_start(text: str, at: int, start: int) -> int:
    """差额请补足: what is asked for may stand before the asking word."""
    marks = [text.rfind(mark, start, at) for mark in "，,:、"]
    begin = max(marks) + 1
    return max(begin, start) if begin else start


def _begins(text: str, at: int, start: int, end: int) -> bool:
    return _spoken(text, start, end) or bool(CLAUSE_START.search(text[max(0, start - 1) : at])) or at == start


def _ending(text: str, begin: int, end: int) -> int:
    """Where it ends: with the sentence, or where a speaker goes on to something else."""
    if re.search(r"[，,]", text[begin:end]):
        return end
    follow = _ends().search(text, begin + 4, end)
    return follow.start() if follow else end
