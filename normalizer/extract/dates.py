"""Days named in a text, resolved against the day it was received."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice

from normalizer.extract import days
from normalizer.extract.numerals import small, unprinted, year_of
from normalizer.text import Found, Reading

Seen = Iterator[tuple[int, int, date]]
Known = list[tuple[int, int, date]]  # what was found before, with its place
COMING = 45  # days: a date without a year lies in the last twelve months or so soon ahead
MOST = 120  # days of one kind in one text: nobody tells more, and hostile text shall not cost more
REACH = 160  # characters in which 14号 still means the month named before


def dates(reading: Reading, received_on: date, passing: list[int]) -> list[Found]:
    """Dates as ISO strings in the order of the text, each day once; bare years and holidays are not dates.
    ``passing``: numbers of the finders that may find any, not known for a letter, which is read without misprints."""
    if reading.channel == "letter":
        passing = [*range(len(FINDERS))]
    text = unprinted(reading.flat) if reading.channel == "letter" else reading.flat
    found: list[Found] = []
    taken: Known = []
    for number in passing:
        rule, _, finder = FINDERS[number]
        for start, end, day in list(islice(finder(text, received_on, taken), MOST)):
            if not any(start < b and a < end for a, b, _ in taken):
                found.append(Found(value=day.isoformat(), start=start, end=end, rule=f"date.{rule}"))
                taken.append((start, max(end, start + 1), day))
    return _once(sorted(found, key=lambda f: f.start)) if found else found


def _full(text: str, today: date, taken: Known) -> Seen:
    known: tuple[int, date] | None = None  # end and day of the last date with a year: what follows stays in it
    for match in days.FULL.finditer(text):
        month, number = _month_number(match["m"]), small(match["d"])
        day = _day(_year(match, text, today, month, number, known), month, number)
        if day is None:
            continue
        if match["y"] or match["ry"]:
            known = match.end(), day
        more = match.start("more") if match["more"] else match.end()
        yield match.start(), more, day
        yield from _further(match, day)


def _further(match: re.Match[str], day: date) -> Seen:
    """8月6日、7日; 3月5号到7号: the days that share the month."""
    for one in days.MORE.finditer(match["more"] or ""):
        if other := _day(day.year, day.month, small(one["d"])):
            offset = match.start("more")
            yield offset + one.start(), offset + one.end(), other


def _year(
    match: re.Match[str], text: str, today: date, month: int | None, number: int | None, known: tuple[int, date] | None
) -> int:
    if match["y"] and (year := year_of(match["y"])):
        return year
    if match["ry"]:
        return _relative_year(match["ry"], today, known)
    if (
        known
        and "。" not in text[known[0] : match.start()]
        and (same := _day(known[1].year, month, number))
        and known[1] <= same <= today
    ):
        return same.year
    return _nearest_year(_day(today.year, month, number), text, match.end(), today)


def _nearest_year(this: date | None, text: str, end: int, today: date) -> int:
    """A day still ahead is meant when it is near and nothing says that it has passed; else last year's."""
    if this is None or this <= today:
        return today.year
    ahead = (this - today).days
    soon = ahead <= COMING and not days.PAST.match(text, end)
    return today.year if soon or (ahead <= 2 * COMING and days.BEFORE.match(text, end)) else today.year - 1


def _relative_year(word: str, today: date, known: tuple[int, date] | None) -> int:
    base = known[1].year if known else today.year
    if word in ("同年", "当年"):
        return base
    if word in ("次年", "翌年"):
        return base + 1
    return today.year + {"去年": -1, "上年": -1, "上一年": -1, "前年": -2, "大前年": -3, "明年": 1, "后年": 2}.get(
        word, 0
    )


def _dotted(text: str, today: date, taken: Known) -> Seen:
    for match in days.DOTTED.finditer(text):
        if day := _day(year_of(match["y"]) or 0, int(match["m"]), int(match["d"])):
            yield match.start(), match.end(), day


def _solid(text: str, today: date, taken: Known) -> Seen:
    for match in days.SOLID.finditer(text):
        if day := _day(int(match["y"]), int(match["m"]), int(match["d"])):
            yield match.start(), match.end(), day


def _month(text: str, today: date, taken: Known) -> Seen:
    for match in days.MONTH.finditer(text):
        if match["y"] and "年" not in match[0]:
            continue
        if not (match["y"] or match["ry"]) and not _meant(match, text):
            continue
        if day := _day(_month_year(match, text, today, taken), _month_number(match["m"]), 1):
            yield match.start(), match.end(), day


def _meant(match: re.Match[str], text: str) -> bool:
    """Not 都十月份了 (what time it is), nor the girl whose name is 五月."""
    after = text[match.end() : match.end() + 1]
    if after == "了" and days.UNTIL_NOW.search(text, 0, match.start()):
        return False
    return bool(match["part"]) or match["m"].isdigit() or "一" <= after <= "龥"


def _month_year(match: re.Match[str], text: str, today: date, taken: Known) -> int:
    if match["y"]:
        return year_of(match["y"]) or 0
    known = [(end, day) for start, end, day in taken if end <= match.start()]
    if match["ry"]:
        return _relative_year(match["ry"], today, known[-1] if known else None)
    return _nearest_year(_day(today.year, _month_number(match["m"]), 1), text, match.end(), today)


def _year_month(text: str, today: date, taken: Known) -> Seen:
    for match in days.YEAR_MONTH.finditer(text):
        if day := _day(int(match["y"]), int(match["m"]), 1):
            yield match.start(), match.end(), day


def _relative_month(text: str, today: date, taken: Known) -> Seen:
    for match in days.RELATIVE_MONTH.finditer(text):
        shift = {"上上": -2, "上个": -1, "上月": -1, "下个": 1, "下月": 1}.get(match["rm"][:2], 0)
        before = [day for _, end, day in taken if end <= match.start() and match["rm"] in ("同月", "当月")]
        base = before[-1] if before else today
        months = base.year * 12 + base.month - 1 + shift
        if day := _day(months // 12, months % 12 + 1, small(match["d"])):
            more = match.start("more") if match["more"] else match.end()
            yield match.start(), more, day
            yield from _further(match, day)


def _weekday(text: str, today: date, taken: Known) -> Seen:
    monday = today - timedelta(days=today.weekday())
    named, last = "", 0
    for match in days.WEEKDAY.finditer(text):
        listed = named and text[last : match.start()] in ("、", "和", "跟", "，")  # 上周四、周五
        named, last = match["w"] or (named if listed else ""), match.end()
        word = match["d"].replace("天", "日")
        if not named and (match["d"].isdigit() or days.BEFORE.match(text, match.end())):
            continue
        index = int(word) - 1 if word.isdigit() else days.WEEK.index(word)
        weeks = {"上上": -2, "上": -1, "下": 1, "下下": 2}.get(named.replace("个", ""), 0)
        day = monday + timedelta(days=index + 7 * weeks)
        if not named and day > today:
            day -= timedelta(days=7)
        yield match.start(), match.end(), day


def _relative_day(text: str, today: date, taken: Known) -> Seen:
    figures = [m.span() for m in days.FIGURES.finditer(text)]
    for match in days.RELATIVE_DAY.finditer(text):
        if any(a <= match.start() < b for a, b in figures):
            continue
        shift = days.DAYS[match[0]]
        if shift == 0 and not days.TODAY.match(text, match.start()):
            continue
        yield match.start(), match.end(), today + timedelta(days=shift)


def _ago(text: str, today: date, taken: Known) -> Seen:
    for match in days.AGO.finditer(text):
        number = small(match["n"])
        if number and number < 100:
            yield match.start(), match.end(), today - timedelta(days=number)


def _lone_day(text: str, today: date, taken: Known) -> Seen:
    """14号: of the month named before it, else the last one that has passed."""
    found = list(islice(days.LONE_DAY.finditer(text), MOST))
    for match in days.no_houses(text, found) if found else ():
        number = small(match["d"])
        near = [(end, day) for _, end, day in taken if 0 <= match.start() - end <= REACH]
        month = max(near)[1] if near else today
        day = _day(month.year, month.month, number)
        if day and day > today and not near:
            months = today.year * 12 + today.month - 2
            day = _day(months // 12, months % 12 + 1, number)
        if day:
            yield match.start(), match.end(), day


def _slashed(text: str, today: date, taken: Known) -> Seen:
    written = {text[start + 4] for start, end, _ in taken if end - start >= 8}  # 2026-10-08…: 10-20 is a day as well
    for match in days.SLASHED.finditer(text):
        if match["s"] == "-" and "-" not in written:
            continue
        month, number = int(match["m"]), int(match["d"])
        this = _day(today.year, month, number)
        if day := _day(_nearest_year(this, text, match.end(), today), month, number):
            yield match.start(), match.end(), day


def _english(text: str, today: date, taken: Known) -> Seen:
    for match in days.ENGLISH.finditer(text):
        number = match["d"] or match["d2"]
        if not (number or match["y"]):
            continue
        month = days.MONTHS.index(match["m"]) + 1
        this = _day(today.year, month, int(number or 1))
        year = int(match["y"]) if match["y"] else _nearest_year(this, text, match.end(), today)
        if day := _day(year, month, int(number or 1)):
            yield match.start(), match.end(), day


def _month_number(word: str) -> int | None:
    return 1 if word == "元" else small(word)


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


# name, how it is written, finder; in the order in which they claim their places
FINDERS: tuple[tuple[str, re.Pattern[str], Callable[[str, date, Known], Seen]], ...] = (
    ("full", days.FULL, _full),
    ("dotted", days.DOTTED, _dotted),
    ("relative_month", days.RELATIVE_MONTH, _relative_month),
    ("month", days.MONTH, _month),
    ("year_month", days.YEAR_MONTH, _year_month),
    ("solid", days.SOLID, _solid),
    ("slashed", days.SLASHED, _slashed),
    ("weekday", days.WEEKDAY, _weekday),
    ("relative_day", days.RELATIVE_DAY, _relative_day),
    ("ago", days.AGO, _ago),
    ("lone_day", days.LONE_DAY, _lone_day),
    ("english", days.ENGLISH, _english),
)
