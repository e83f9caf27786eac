"""How old people are, in every spelling: 八十有二, 年近七旬, 一九五四年生人, 属马五四年的."""

from __future__ import annotations

import re
from typing import NamedTuple

from normalizer.extract.numerals import small, spoken_digits
from normalizer.rulebook import rules
from normalizer.text import Found

D = "一二三四五六七八九"
N = rf"(1[01]\d|\d{{1,2}}|[{D}]?十[{D}]?|[{D}两])"  # 1…119, 七十二, 五
OLD = rf"([6-9]\d|10\d|[六七八九]十[{D}]?)"  # what is said of a person's age without the word 岁
TWO, MAYBE_OLD = re.compile(r"十|\d\d"), re.compile(r"[1六七八九6-9][\d十]")  # without these no age is told so
IN_YEARS = re.compile(rf"(?<![\d.]){N}(?:多|来)?(?:周|虚)?岁")
TENS = re.compile(rf"(?<![\d.第]){N}(?![\d.])")  # what may be an age without the word, by what stands beside it
BEFORE = re.compile(
    r"(?:今年|都|已经|已|快|虚岁|周岁|实岁|高寿|年届|年逾|年过|年近|奔|将近|我才|他才|她才|今年才|才刚|刚满"
    r"|年龄[:为是]?|现年"
    r"|妈|爸|父亲|母亲|爹|娘|爷爷|奶奶|外公|外婆|姥姥|姥爷|老人|老伴|婆婆|公公|岳父|岳母|老爷子|老太太|老头"
    r"|(?<![扣退赔给收补差欠问骗让叫帮跟向对])我|俺|他|她|伊|本人|老公|老婆|丈夫|爱人)\s?$"
)
AFTER = re.compile(
    r"(?:多|来|好几|出头|上下|挂零|有[一二三四五六七八九]|又[一二三四五六七八九])?(?:周岁|岁)?"
    r"(?:了|咯|啦|喽|嘞|哩|的人|(?=[，。,;；、!？?的\s耳眼身腿不老我一你上]|$))"
)
ALONE = re.compile(
    r"(?:了|咯|啦|喽|嘞|哩|的人)(?=[，。,;；、!?\s耳眼身腿不老头咯我你]|$)|有[一二三四五六七八九](?=[，。,\s]|$)"
    r"|(?:多岁|好几|来岁|挂零|出头|开外)"
)
# 我妈宓香珠，六十二，…; 他叫连方舟六十七
ASIDE = re.compile(rf"(?<=[，,、（(]){OLD}(?:多)?(?=[，,、）)。])|[一-鿿]{OLD}$")
NAMED = re.compile(r"妈|爸|父|母|爷|奶|婆|公|姥|岳|老伴|他叫|她叫|我叫|男|女|姓名|本人")
OF_MONEY = re.compile(r"元|块|万|千|百|保费|扣|退|交|付|花|赔|费|价|号|路|第|共|分|%|条|页")
DECADE = re.compile(
    r"(?:年近|年逾|年过|年届|已近|快|将近|奔|近|过|年)?(六|七|八|九)(?:旬|秩)|古稀|花甲|耄耋|杖朝|(?:快"
    r"|奔)([六七八九])张"
)
WRITTEN_YEAR = (
    rf"(?:(19[2-9]\d|20[0-2]\d)|(一九[零〇{D}]{{2}}|二零[零〇一二][零〇{D}])|([3-9]\d"
    rf"|[三四五六七八九][零〇{D}]))"
)
BORN = re.compile(
    rf"(?<![\d]){WRITTEN_YEAR}\s?年(?:[\d一二三四五六七八九十]{{1,2}}月(?:[\d一二三四五六七八九十]{{1,3}}[日号])?)?\s?(?:生人"
    rf"|出生|生的|出世|的人|生(?![效存意成]))"
    rf"|(?:生于|出生于|出生年月[:：]?|出生日期[:：]?)\s?{WRITTEN_YEAR}"
)
NUMBERED = re.compile(r"(?<!\d)[1-6]\d{5}[ -]?(19[2-9]\d)[ -]?(?:0[1-9]|1[0-2])[ -]?[0-3]\d[ -]?\d{3}[\dXx](?!\d)")
UNTIL_AGE = re.compile(r"(?:到|至|保|超过|未满|不满|低于|高于|过了|大于|小于|年满|满|前|限|等我|改成|改到|给付到)$")
ABOUT_AGE = re.compile(r"开始|起|才能|可以领|领取|以上|以下|之前|到|满|退休|领|周岁以|那年|时")
GONE = re.compile(r"享年|终年|走的时候|去世|年仅|死时")
BIRTHDAY = re.compile(rf"{N}周?岁(?:的)?生日")
OWN_CHILD = re.compile(r"孩|儿|女|娃|宝|孙|学生|弟|妹|侄|被保险人|崽|仔|囡|伢|丫头|小子|被保人|妞|小朋友|儿童|患儿")
ANIMAL = re.compile(r"猫|狗|犬|宠|毛孩|兔|鹦鹉|马儿|喵|汪|金毛|泰迪|布偶|柯基|拉布拉多")
CHILD_ROOM = 12


class Age(NamedTuple):
    """Years and where they stand; ``said`` with the word for years of age."""

    years: int
    start: int
    end: int
    said: bool
    birthday: bool = False


def ages(text: str, this_year: int) -> list[Age]:
    """Everybody's age that the text tells, children's and old people's."""
    found = [*_plain(text), *(_aside(text) if MAYBE_OLD.search(text) else ())]
    if "年" in text or "生" in text:
        found += _born(text, this_year)
    if DECADES.intersection(text):
        found += _decades(text)
    return found


def by_number(text: str, this_year: int) -> Found | None:
    """elderly by the year of birth in an identity number, GB 11643."""
    if "19" not in text:
        return None
    limit = rules("urgency")["elderly_age"]
    for match in NUMBERED.finditer(text):
        if this_year - int(match[1]) > limit:
            return Found(
                value="elderly", start=match.start(), end=match.end(), rule="flag.elderly.number", confidence=0.8
            )
    return None


DECADES = frozenset("旬秩古花耄杖张")


def _plain(text: str) -> list[Age]:
    found = [
        Age(years, match.start(), match.end(), True, BIRTHDAY.match(text, match.start()) is not None)
        for match in (IN_YEARS.finditer(text) if "岁" in text else ())
        if (years := _years(text, match)) is not None
    ]
    for match in TENS.finditer(text) if TWO.search(text) else ():
        if len(match[1]) < 2 or OF_MONEY.match(text, match.end()):
            continue
        end = _end(text, match)
        if end and (years := _years(text, match)) is not None:
            found.append(Age(years + _more(text[match.end() : end]), match.start(), end, False))
    return found


def _end(text: str, match: re.Match[str]) -> int:
    """Where an age ends that is told without the word; 0 when it is none."""
    if (alone := ALONE.match(text, match.end())) or (
        BEFORE.search(text, max(0, match.start() - 4), match.start()) and (alone := AFTER.match(text, match.end()))
    ):
        return alone.end()
    return 0


def _more(words: str) -> int:
    """八十有二: the two."""
    return small(words[1]) or 0 if words[:1] in ("有", "又") else 0


def _years(text: str, match: re.Match[str]) -> int | None:
    years = small(match[1])
    if years is None or not 0 < years < 111 or ANIMAL.search(text, max(0, match.start() - 8), match.end() + 4):
        return None
    return years


def _aside(text: str) -> list[Age]:
    return [
        Age(small(match[1] or match[2]) or 0, match.start() if match[1] else match.start(2), match.end(), False)
        for match in ASIDE.finditer(text)
        if NAMED.search(text, max(0, match.start() - 12), match.start() + 1)
        and not OF_MONEY.search(text, max(0, match.start() - 5), match.start() + 1)
    ]


def _born(text: str, this_year: int) -> list[Age]:
    found = []
    for match in BORN.finditer(text):
        year = _year(next(group for group in match.groups() if group), this_year)
        if 0 <= this_year - year < 111:
            found.append(Age(this_year - year, match.start(), match.end(), True))
    return found


def _year(written: str, this_year: int) -> int:
    year = int(spoken_digits(written))
    return year if year > 99 else year + (1900 if year > this_year % 100 else 2000)


def _decades(text: str) -> list[Age]:
    found = []
    for match in DECADE.finditer(text):
        tens = match[1] or match[2]
        years = (small(tens) or 0) * 10 if tens else {"花": 60, "古": 70}.get(match[0][0], 80)
        found.append(Age(years, match.start(), match.end(), False))
    return found


def elderly(text: str, told: list[Age]) -> Found | None:
    """Somebody is old now: not the age at which a pension begins, nor at which somebody died."""
    limit = rules("urgency")["elderly_age"]
    for age in told:
        future = not age.birthday and (
            ABOUT_AGE.match(text, age.end) or UNTIL_AGE.search(text, max(0, age.start - 4), age.start)
        )
        if age.years >= limit and not future and not GONE.search(text, max(0, age.start - 5), age.start):
            return Found(value="elderly", start=age.start, end=age.end, rule="flag.elderly.age", confidence=0.9)
    return None


def minor(text: str, told: list[Age]) -> Found | None:
    """A child of one's own, or an insured one."""
    limit = rules("urgency")["minor_age"]
    for age in told:
        about = text[max(0, age.start - CHILD_ROOM) : age.start]
        after = text[age.end : age.end + 4]
        if age.years < limit and age.said and (OWN_CHILD.search(about) or OWN_CHILD.search(after)):
            return Found(value="minor", start=age.start, end=age.end, rule="flag.minor.age", confidence=0.8)
    return None


def young(told: list[Age]) -> bool:
    """Somebody's age is told, and nobody's is high."""
    return any(age.years < 55 for age in told) and not any(age.years >= 60 for age in told)


def grown_child(text: str, told: list[Age]) -> bool:
    """The only child whose age is told is one no more."""
    limit = rules("urgency")["minor_age"]
    children = [age for age in told if age.said and OWN_CHILD.search(text, max(0, age.start - CHILD_ROOM), age.start)]
    return bool(children) and all(limit <= age.years < 60 for age in children)
