"""Days named in a text, resolved against the day it was received."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from normalizer.extract.numerals import small, year_of
from normalizer.text import Found, Reading

CN = "零〇一二两三四五六七八九十廿"
DAY_MARK = r"[日号曰]"
CD = "[一二三四五六七八九]"
CY = "[零〇一二三四五六七八九]"
MONTH_NUMBER = rf"(?P<m>1[0-2]|0?[1-9](?!\d)|十[一二]?|{CD})"
DAY_NUMBER = rf"[12]\d|3[01]|0?[1-9](?!\d)|[二三]?十{CD}?|廿{CD}?|{CD}"
YEAR = (
    rf"(?:(?P<y>(?:19|20)\d{{2}}|\d{{2}}(?=\s?年)|{CY}{{4}}|{CY}{{2}}(?=年))\s?年?\s?"
    r"|(?P<ry>去年|今年|前年|明年|上一年|本年)(?:的)?\s?)"
)
FULL = re.compile(
    rf"(?<![\d.]){YEAR}?{MONTH_NUMBER}\s?月份?\s?(?P<d>{DAY_NUMBER})\s?(?P<mark>{DAY_MARK}|(?=[-~至到]))"
    rf"(?P<to>\s?[-~至到]\s?(?P<d2>[12]\d|3[01]|0?[1-9]|[二三]?十{CD}?)\s?{DAY_MARK})?"
)
DOTTED = re.compile(
    r"(?<![\d.-])(?P<y>(?:19|20)\d{2})\s?[-/.]\s?(?P<m>1[0-2]|0?[1-9])\s?[-/.]\s?(?P<d>[12]\d|3[01]|0?[1-9])(?![\d-])"
)
SLASHED = re.compile(r"(?<![\d./-])(?P<m>1[0-2]|0?[1-9])/(?P<d>[12]\d|3[01]|0?[1-9])(?![\d/.%])")
MONTH = re.compile(
    rf"(?<![\d.]){YEAR}(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s?月(?:份)?(?!\s?[\d{CN}]{{1,3}}\s?{DAY_MARK})"
)
RELATIVE_MONTH = re.compile(
    rf"(?P<rm>上上个?月|上个?月|这个?月|本月|当月|下个?月)(?:的|份)?\s?(?P<d>[12]\d|3[01]|0?[1-9](?!\d)|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])\s?{DAY_MARK}"
)
WEEKDAY = re.compile(
    r"(?P<w>上上个?|上个?|这个?|本|下个?)?\s?(?:周|星期|礼拜)(?P<d>[一二三四五六日天末1-6](?![年个月天周期次]))"
)
DAYS = {
    "大前天": -3,
    "大前日": -3,
    "前天": -2,
    "前日": -2,
    "前晚": -2,
    "昨天": -1,
    "昨日": -1,
    "昨晚": -1,
    "昨夜": -1,
    "昨儿": -1,
    "今天": 0,
    "今日": 0,
    "今早": 0,
    "今晚": 0,
    "今儿": 0,
    "明天": 1,
    "明日": 1,
    "明早": 1,
    "后天": 2,
}
RELATIVE_DAY = re.compile("|".join(DAYS))
AGO = re.compile(rf"(?P<n>\d{{1,2}}|[{CN}]{{1,3}})(?P<u>天|日)(?:之)?前")
LONE_DAY = re.compile(
    rf"(?<![\d{CN}路街巷弄第编账卡尾楼工月/.-])(?P<d>[12]\d|3[01]|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?:号|日)(?=[，。、\s\n早上中下晚那就才去我来到交报打又出给你他还申提拿办寄发]|$)"
)
NOT_MINE = re.compile(r"今天[^。]{0,16}明天|今日事")
FUTURE = re.compile(r"\s?(?:前|之前|以前|到期|前后)")
WEEK = "一二三四五六日"


def dates(reading: Reading, received_on: date) -> list[Found]:
    """Dates as ISO strings in the order of the text, each day once; bare years and holidays are not dates."""
    text, characters = reading.flat, frozenset(reading.flat)
    found: list[Found] = []
    taken: list[tuple[int, int]] = []
    for rule, needed, finder in FINDERS:
        if needed.isdisjoint(characters):
            continue
        for start, end, day in finder(text, received_on):
            if not any(start < b and a < end for a, b in taken):
                found.append(Found(value=day.isoformat(), start=start, end=end, rule=f"date.{rule}"))
                taken.append((start, max(end, start + 1)))
    return _once(sorted(found, key=lambda f: f.start))


Seen = Iterator[tuple[int, int, date]]


def _full(text: str, today: date) -> Seen:
    known: tuple[int, date] | None = None  # end and day of the last date with a year: what follows stays in it
    for match in FULL.finditer(text):
        if match["mark"] == "" and not match["to"]:
            continue
        month, number = small(match["m"]), small(match["d"])
        day = _day(_year(match, text, today, month, number, known), month, number)
        if day is None:
            continue
        if match["y"] or match["ry"]:
            known = match.end(), day
        yield match.start(), match.end("mark"), day
        if match["d2"] and (until := _day(day.year, month, small(match["d2"]))):
            yield match.start("d2"), match.end(), until


def _year(
    match: re.Match[str], text: str, today: date, month: int | None, number: int | None, known: tuple[int, date] | None
) -> int:
    if match["y"] and (year := year_of(match["y"])):
        return year
    if match["ry"]:
        return today.year + _year_shift(match["ry"])
    if (
        known
        and "。" not in text[known[0] : match.start()]
        and (same := _day(known[1].year, month, number))
        and known[1] <= same <= today
    ):
        return same.year
    this = _day(today.year, month, number)
    if this is None or this <= today:
        return today.year
    coming = (this - today).days <= 62 and FUTURE.match(text, match.end())
    return today.year if coming else today.year - 1


def _year_shift(word: str) -> int:
    return {"去年": -1, "上一年": -1, "前年": -2, "明年": 1}.get(word, 0)


def _dotted(text: str, today: date) -> Seen:
    for match in DOTTED.finditer(text):
        if day := _day(int(match["y"]), int(match["m"]), int(match["d"])):
            yield match.start(), match.end(), day


def _month(text: str, today: date) -> Seen:
    for match in MONTH.finditer(text):
        month = small(match["m"])
        year = year_of(match["y"]) if match["y"] else today.year + _year_shift(match["ry"])
        if match["y"] and "年" not in match[0]:
            continue
        if year and (day := _day(year, month, 1)):
            yield match.start(), match.end(), day


def _relative_month(text: str, today: date) -> Seen:
    for match in RELATIVE_MONTH.finditer(text):
        shift = {"上上": -2, "上个": -1, "上月": -1, "下个": 1, "下月": 1}.get(match["rm"][:2], 0)
        months = today.year * 12 + today.month - 1 + shift
        if day := _day(months // 12, months % 12 + 1, small(match["d"])):
            yield match.start(), match.end(), day


def _weekday(text: str, today: date) -> Seen:
    monday = today - timedelta(days=today.weekday())
    for match in WEEKDAY.finditer(text):
        word = match["d"].replace("天", "日").replace("末", "六")
        if match["d"] == "末" or (match["w"] is None and match["d"].isdigit()):
            continue
        index = int(word) - 1 if word.isdigit() else WEEK.index(word)
        weeks = {"上上": -2, "上": -1, "上个": -1, "下": 1, "下个": 1}.get(
            (match["w"] or "").replace("上上个", "上上"), 0
        )
        day = monday + timedelta(days=index + 7 * weeks)
        if match["w"] is None and day > today:
            day -= timedelta(days=7)
        yield match.start(), match.end(), day


def _relative_day(text: str, today: date) -> Seen:
    figures = [m.span() for m in NOT_MINE.finditer(text)]
    for match in RELATIVE_DAY.finditer(text):
        if not any(a <= match.start() < b for a, b in figures):
            yield match.start(), match.end(), today + timedelta(days=DAYS[match[0]])


def _ago(text: str, today: date) -> Seen:
    for match in AGO.finditer(text):
        days = small(match["n"])
        if days and days < 100:
            yield match.start(), match.end(), today - timedelta(days=days)


def _lone_day(text: str, today: date) -> Seen:
    for match in LONE_DAY.finditer(text):
        number = small(match["d"])
        day = _day(today.year, today.month, number)
        if day and day > today:
            months = today.year * 12 + today.month - 2
            day = _day(months // 12, months % 12 + 1, number)
        if day:
            yield match.start(), match.end(), day


def _slashed(text: str, today: date) -> Seen:
    for match in SLASHED.finditer(text):
        day = _day(today.year, int(match["m"]), int(match["d"]))
        if day:
            yield match.start(), match.end(), day if day <= today else day.replace(year=today.year - 1)


def _day(year: int, month: int | None, number: int | None) -> date | None:
    try:
        return date(year, month or 0, number or 0)
    except ValueError:
        return None


def _once(found: list[Found]) -> list[Found]:
    seen: dict[str, Found] = {}
    for one in found:
        seen.setdefault(one.value, one)
    return list(seen.values())


# name, the characters without which there is nothing to find, finder; in the order in which they claim their places
FINDERS: tuple[tuple[str, frozenset[str], Callable[[str, date], Seen]], ...] = (
    ("full", frozenset("月"), _full),
    ("dotted", frozenset("12"), _dotted),
    ("relative_month", frozenset("月"), _relative_month),
    ("month", frozenset("月"), _month),
    ("weekday", frozenset("周期拜"), _weekday),
    ("relative_day", frozenset("天日昨今前明"), _relative_day),
    ("ago", frozenset("前"), _ago),
    ("lone_day", frozenset("号日"), _lone_day),
)
