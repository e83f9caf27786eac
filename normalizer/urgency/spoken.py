"""Whose words they are and whether they are meant: quotations, negations, jokes, television, other people."""

from __future__ import annotations

import re

from normalizer.rulebook import cached_rule, rules

CLAUSE_END = re.compile(r"[，。;!?,\n]")
SENTENCE_END = re.compile(r"[。;!?\n]")
NEGATION_REACH = 9
REPORT_REACH = 30
JOKE_REACH = 40
BARE_NOT = re.compile(r"(?<![要再是得何])[不没别勿]$")
QUOTE = re.compile(r"[“\"「][^”\"」]{0,80}[”\"」]")
SAID = re.compile(r"(?:说|讲|骂|回|喊|吼|叫|道|称|答复|告诉|问|话|句)[^。，“\"」]{0,5}[:，,]?\s?[“\"「]$")
OWN_SAID = re.compile(
    r"(?:(?<![跟对向冲和给朝叫])我|我妈|我爸|母亲|父亲|老人|老伴|老公|老婆|爱人|儿子|女儿|奶奶|爷爷|他妈|孩子)"
    r"(?:就|当时|直接|都|也|天天|总|只|跟他们|跟你们|对你们|跟我|对我|一直|昨晚|今天)*[说讲喊]"
)

Spans = list[tuple[int, int]]


@cached_rule
def _any(name: str) -> re.Pattern[str]:
    """One of the words of a list in rules/urgency.toml."""
    return re.compile("|".join(map(re.escape, sorted(rules("urgency")[name], key=len, reverse=True))))


def others_quotes(text: str) -> Spans:
    """Words between quotation marks that somebody else is said to have spoken; what the family said stays."""
    quotes = []
    for match in QUOTE.finditer(text):
        lead = text[max(0, match.start() - 24) : match.start() + 1]
        if SAID.search(lead) and not OWN_SAID.search(CLAUSE_END.split(lead)[-1]):
            quotes.append(match.span())
    return quotes


def inside(spans: Spans, place: int) -> bool:
    return any(a <= place < b for a, b in spans)


def clause_before(text: str, start: int, reach: int = NEGATION_REACH) -> str:
    return CLAUSE_END.split(text[max(0, start - reach) : start])[-1]


def denied(text: str, start: int) -> bool:
    """不是要, 不想, 没打算 shortly before in the clause; 不得不 and 不是不敢 deny nothing."""
    before = clause_before(text, start)
    return (_any("negators").search(before) or BARE_NOT.search(before)) is not None and not insisted(before)


def closely_denied(text: str, start: int) -> bool:
    before = clause_before(text, start)
    match = _close().search(before)
    return match is not None and not insisted(before)


@cached_rule
def _close() -> re.Pattern[str]:
    return re.compile(rf"(?:{_any('close_negators').pattern})$")


def insisted(before: str) -> bool:
    return _any("double").search(before) is not None


def taken_back(text: str, start: int, end: int) -> bool:
    """A joke that is called one, or words that are spoken of: 这种话我不会说."""
    after = text[end : end + JOKE_REACH]
    return _any("jokes").search(after) is not None and _any("no_jokes").search(text[start : end + JOKE_REACH]) is None


def reported(text: str, start: int) -> bool:
    """What was on television, what others would do: no deed of the one who writes."""
    lead = SENTENCE_END.split(text[max(0, start - REPORT_REACH) : start])[-1]
    return bool(lead) and _any("reported").search(lead) is not None


def titles(text: str) -> Spans:
    """《…》: names of products, books and films."""
    return [match.span() for match in TITLE.finditer(text)] if "《" in text else []


TITLE = re.compile(r"《[^《》]{1,30}》")
