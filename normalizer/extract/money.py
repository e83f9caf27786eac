"""Sums of money named in a text, in yuan, in the order of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from normalizer.extract.numerals import ABOUT, SPOKEN_NUMBER, Z, number, unprinted
from normalizer.extract.numerals import D as DIGIT
from normalizer.extract.phones import EXTENSION
from normalizer.extract.sentences import Place
from normalizer.extract.sums import FIRM, Named, joins, sense
from normalizer.rulebook import cached_rule
from normalizer.text import Found, Reading

C = "零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖俩仨"
D = r"(?>\d{1,3}(?:[,，]\d{3})+(?!\d)|\d+)(?:\.\d+)?"  # atomic: a long number is tried once, not in all its parts
LOWER = (
    rf"(?:\s?\d(?:\.\d)?[千百kK](?:\s?\d百?(?!\d))?|\d{{4}}(?![\d年])|\d(?![\d.年月日号个天%])|\s?{Z}?{SPOKEN_NUMBER})"
)
WRITTEN = (
    rf"{D}(?:\s?(?:万亿?|亿|[wW](?![A-Za-z0-9]))(?:{LOWER})?|\s?(?:千万?|百万?|[kK](?![A-Za-z]))"
    rf"(?:\s?\d(?:百|(?![\d.年月日号个天%]))|{DIGIT}百?(?![十千万]))?)?"
)
SIGN = r"(?:[¥￥]|RMB|CNY|人民币|(?<![A-Za-z])rmb)"
PIECE = "地|田|玻璃|屏|板|砖|石|木|瓷|布|表|牌|电池|肉|皮|硬|儿糖|糖|糕"
YUAN = rf"(?:元整?|块钱|圆整?|块(?!{PIECE})|蚊|人民币|RMB|CNY|rmb|yuan)"
FILL = r"(?:\s?(?:余|多|来|几|大几))?\s?(?:人民币|大洋)?\s?"
NOT_CENTS = rf"[\d{C}十百千万分毛个天次年月日号点人家趟回斤头亩件条辆张笔份块]"
CENTS = (
    rf"(?:\s?[\d{C}]\s?[毛角](?:\s?[\d{C}]分?(?![\d{C}]))?|\s?[1-9{C}]\s?分(?![之钟不没都也钱])"
    rf"|(?<=块)\s?[\d{C}](?!{NOT_CENTS}))"
)
BEGINS = re.compile(rf"[\d{C}十拾¥￥RCr人]")
GAPS = re.compile(r"[\s,，]")
HINT = re.compile(r"\d|[百千万块元毛角亿佰仟]")
FIGURES = re.compile(
    r"一分钱|一毛钱|一毛不拔|(?<![0-9一二两三四五六七八九十百千几])万一(?!千)|百分之[一二三四五六七八九十百零点\d]*|千万别|千万不"
    r"|退一赔[三十]|假一赔[三十]|一百个|一万个|十万个|百万医疗|百万身价|百万驾|一元复始|一块儿|十万火急|千百[次遍]|一千零一夜"
)
FOREIGN = re.compile(
    r"\s?(?:多|余)?(?:美元|美金|美刀|刀|港币|港元|欧元|日元|英镑|韩元|泰铢|卢布|澳元|加元|台币|新台币|日币|USD|HKD)"
)


def amounts(reading: Reading, numbers: list[Place]) -> list[Found]:
    """Every sum of money, insured sums included; no percentages, counts, nor ``numbers`` (telephones, policies …)."""
    text = unprinted(reading.flat) if reading.channel == "letter" else reading.flat
    if not HINT.search(text):
        return []
    named = list(_named(_mask(text, numbers)))
    sums = joins(named)
    return [
        Found(value=_written(value), start=one.start, end=one.end, rule=f"money.{one.rule}")
        for one in sums
        for value in one.values
    ]


def _mask(text: str, numbers: list[Place]) -> str:
    """Numbers of other kinds and figures of speech are blanked, their length kept."""
    for start, end in numbers:
        tail = EXTENSION.match(text, end)
        stop = tail.end() if tail else end
        text = f"{text[:start]}{'_' * (stop - start)}{text[stop:]}"
    return FIGURES.sub(lambda m: "_" * len(m[0]), text)


def _named(text: str) -> Iterator[Named]:
    """All numbers of the text, each with the rule that makes it a sum, or with none."""
    for match in _numbers(text):
        raw, said = match["n"], match["unit"] or match["sign"] or match["mao"]
        start, end = match.span("n")
        if len(raw) == 1 and not said:
            continue
        values = _values(match)
        if not values or FOREIGN.match(text, end):
            continue
        if said:
            rule = "" if match["unit"] and _one_piece(match, text) else "sign" if match["sign"] else "unit"
            yield Named(text=text, raw=raw, values=values, start=match.start(), end=match.end(), rule=rule)
        else:
            yield sense(text, start, end, raw, values)


@cached_rule
def _money() -> re.Pattern[str]:
    """Compiled when the first sum is looked for: it takes a tenth of what importing the whole package may take."""
    return re.compile(
        rf"(?P<sign>{SIGN}\s?:?\s?)?(?<![\d._])(?:(?P<n>(?<![A-Za-z]){WRITTEN}|(?<!第)(?<!分之){SPOKEN_NUMBER})"
        rf"(?P<unit>{FILL}{YUAN}(?P<cents>{CENTS})?)?(?P<mao>[毛角](?:钱|(?=[，。一每的])))?)"
    )


def _numbers(text: str) -> Iterator[re.Match[str]]:
    """Sums in order, tried only where one may begin: that halves the time, as most characters are none of those."""
    money, place = _money(), BEGINS.search(text)
    while place:
        match = money.match(text, place.start())
        if match:
            yield match
        place = BEGINS.search(text, match.end() if match else place.end())


def _values(match: re.Match[str]) -> tuple[float, ...]:
    raw = GAPS.sub("", match["n"])
    if about := ABOUT.fullmatch(raw):
        low, high = (number(about[i] + about[3]) or 0 for i in (1, 2))
        near = high <= 2 * low or about[1] in "一三"  # 五六千, 三五百; 二七百 is a slip of hearing
        return (low, high) if low < high and near else ()
    value = number(raw)
    if value is None or not 0 < value < 1e12:
        return ()
    if match["mao"]:
        return (value / 10,)
    return (round(value + _cents(match["cents"]), 2),) if match["cents"] else (value,)


def _cents(words: str) -> float:
    """五, 五毛, 5角8分, 8分 → 0.5, 0.5, 0.58, 0.08."""
    figures = [number(c) or 0.0 for c in words if c.isdigit() or c in C]
    if not figures:
        return 0.0
    if len(figures) == 1:
        return figures[0] / (100 if "分" in words else 10)
    return figures[0] / 10 + figures[1] / 100


def _one_piece(match: re.Match[str], text: str) -> bool:
    """一块 is "together" or "one piece" unless it is paid: 一块钱, 一块五, 退我一块."""
    if match["n"] not in ("一", "两", "1", "2") or match["unit"].strip() != "块" or match["cents"]:
        return False
    return (
        not FIRM.search(text[max(0, match.start() - 8) : match.start()]) or text[match.end() : match.end() + 1] == "儿"
    )


def _written(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.2f}".rstrip("0")
