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
QUOTES = frozenset('“"「')
QUOTE = re.compile(r"[“\"「][^”\"」]{0,80}[”\"」]")
SAID = re.compile(r"(?:说|讲|骂|回|喊|吼|叫|道|称|答复|告诉|问|话|句)[^。，“\"」]{0,5}[:，,]?\s?[“\"「]$")
OWN_SAID = re.compile(
    r"(?:(?<![跟对向冲和给朝叫])我|我妈|我爸|母亲|父亲|老人|老伴|老公|老婆|爱人|儿子|女儿|奶奶|爷爷|他妈|孩子)"
    r"(?:就|当时|直接|都|也|天天|总|只|跟他们|跟你们|对你们|跟我|对我|一直|昨晚|今天)*[说讲喊]"
)

DIED = re.compile(r"[^，。;!?\n]{0,6}(?:身亡|身故|死亡|亡故|去世|过世|离世|抢救无效|没救)")
OF_ONESELF = re.compile(r"(?:我|本人|俺|我们|自己)(?:要是|如果|就|真的?|今天|明天|今晚|现在|也|想|要|敢|去|万一)*$")

WILL_CALL = re.compile(
    r"(?<!已经)(?:就|会|要|准备|打算|明天|后天|下周|只好|只能)(?:去|直接|马上|再)?(?:找|请|叫|喊|联系|通知|约)[^，。;!?\n]{0,4}$"
)

# After a report: 我也想, 我现在也想跳; not 我也想知道.
OWN_TOO = re.compile(
    r"我(?:现在|今天|今晚|明天|真的?|马上|干脆|是不是)*[也都](?:真|好|很|快|现在|有点)*(?:想|要|会|敢|准备|打算|只好|只能)去?"
    r"(?:[了啊呢]?(?=[，。;!?,\s…]|$)|跳(?![槽绳舞过闸])|死|(?:这么|这样|那样|照)(?:做|干|来|死|了|(?=[，。;!?,\s]|$))"
    r"|试试(?=[，。;!?,\s]|$)|[学跟](?:他|她|人家)(?:一样|去|走|那样|(?=[，。;!?,\s]|$)))"
)
OWN_REACH = 40

Spans = list[tuple[int, int]]


@cached_rule
def _any(name: str) -> re.Pattern[str]:
    """One of the words of a list in rules/urgency.toml."""
    return re.compile("|".join(map(re.escape, sorted(rules("urgency")[name], key=len, reverse=True))))


def others_quotes(text: str) -> Spans:
    """Words between quotation marks that somebody else is said to have spoken; what the family said stays."""
    if QUOTES.isdisjoint(text):
        return []
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


def long_past(text: str, start: int, end: int) -> bool:
    """Somebody else died so: 于2024年自缢身亡. Whoever says it of themself still means it."""
    return DIED.match(text, end) is not None and OF_ONESELF.search(text, max(0, start - 6), start) is None


def only_threatened(text: str, start: int) -> bool:
    """再不给我就找记者来你们大厅: who is to come is not there yet."""
    return WILL_CALL.search(text, max(0, start - 16), start) is not None


def reported(text: str, start: int) -> bool:
    """What was on television, what others would do: no deed of the one who writes, unless they mean to do so too."""
    lead = SENTENCE_END.split(text[max(0, start - REPORT_REACH) : start])[-1]
    if not lead or not _any("reported").search(lead):
        return False
    return OWN_TOO.search(text, start, start + OWN_REACH) is None


def titles(text: str) -> Spans:
    """《…》: names of products, books and films."""
    return [match.span() for match in TITLE.finditer(text)] if "《" in text else []


TITLE = re.compile(r"《[^《》]{1,30}》")
