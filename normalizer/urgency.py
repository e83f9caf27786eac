"""Flags and priority: a layer of its own, OR-ed; nothing in a text can lower it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from normalizer.extract.numerals import small
from normalizer.lexicon import Hit
from normalizer.rulebook import cached_rule, rules
from normalizer.text import Found

NEGATION_REACH = 9
CLAUSE_END = re.compile(r"[，。;!?,\n]")
N = r"(\d{1,3}|[一二两三四五六七八九十]{1,3}|几十|十几|好几十|上百)"
AGE = re.compile(
    rf"(?<![\d.]){N}(?:多)?(?:周)?岁|(?:今年|都|已经|已|快)\s?{N}(?:多)?(?:周)?(?:岁)?了?(?=[，。,;了岁\s耳眼身腿不]|$)|{N}了(?=[，。;\s耳眼身腿不]|$)|(?:妈|爸|父亲|母亲|爷爷|奶奶|外公|外婆|姥姥|姥爷|老人|老伴|婆婆|公公|岳父|岳母|老爷子|老太太)(?:今年|都|已经|也|快|马上)*{N}(?:多)?(?:岁|了|，|,|。|$)"
)
UNTIL_AGE = re.compile(r"(?:到|至|保|超过|未满|不满|低于|高于|过了|大于|小于|年满|满|前|限)$")
ABOUT_AGE = re.compile(r"开始|起|才能|可以领|领取|以上|以下|之前|到|满")
BIRTHDAY = re.compile(rf"{N}周?岁(?:的)?生日")
PEOPLE = re.compile(
    rf"(?:我们|一共|总共|共|有|涉及|带|叫|约|现场|联名|来了|聚了|门口)[^。，\n]{{0,8}}?{N}(?:多|来|余)?(?:个|名|位|户|家)(?:多)?(?:人|客户|业主|投保人|受害者|受害人|家庭|老人|邻居|同事|村民|农户|员工|储户|保户|姐妹|兄弟|老乡|投诉人|家属|群众|消费者|人家|老板|车主|司机|学生|家长|股东)?|{N}(?:多|来|余)?(?:个|名|位|户)?(?:人|客户|业主|村民|农户|保户|储户|家长|司机)(?:在|都|一起|联名|集体|已经|现在|被|要|联合)"
)
TOGETHER = re.compile(r"一起|联名|集体|都被|都是|联合|门口|现场|聚|围|共同|我们|代表|签名|维权|投诉|讨")
SPAN = re.compile(
    rf"(?:{N})\s?(多)?(?:个)?(?:多|半)?(天|周|星期|礼拜|(?<=[个半多])月|季度|年)(?:多)?|半年|大半年|半个月|一年多"
)
LATE = re.compile(
    r"没赔|未赔|没到账|未到账|没下来|赔下来|没结|不赔|拖|没理|审核|走流程|没消息"
    r"|没给|没有给|没收到|没动静|没处理|没人|压|等|至今|到现在|迟|没办|没修|没打|未给|未付|没付|才|no payment"
    r"|waiting"
)
UNITS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "季度": 90, "年": 365}
STAFF_SAID = re.compile(
    r"(?:客服|业务员|查勘员|定损员|理赔员|你们的?人?|经理|他们|工作人员|座席|坐席|对方|柜员|主管|领导|对我|跟我|冲我|向我)[^。，“\"]{0,10}(?:说|讲|骂|回|喊|吼|叫)[^。，“\"]{0,4}[:，,]?\s?[“\"]"
)
OWN_SAID = re.compile(r"(?:我妈|我爸|母亲|父亲|老人|我老公|我老婆|他妈|我儿|我女|奶奶|爷爷|我对|我跟|我就说|我说)")
QUOTE = re.compile(r"[“\"][^”\"]{0,60}[”\"]")
PERIOD = re.compile(r"等待期|观察期|犹豫期|宽限期|免赔|缴费期")
NUMERAL = re.compile(r"[\d一二两三四五六七八九十几上]")  # with one of these begins every age and every number of people
LEVELS = ("P0", "P1", "P2", "P3")
Ages = list[tuple[int, re.Match[str]]]


@cached_rule
def _flags() -> dict[str, Any]:
    return {flag["code"]: flag for flag in rules("urgency")["flag"]}


def flags(text: str, hits: list[Hit]) -> list[Found]:
    """Every flag that the text raises, each once, with the words."""
    quoted = _staff_quotes(text)
    found: dict[str, Found] = {}
    for hit in hits:
        code = hit.tag.removeprefix("flag:")
        if hit.tag.startswith("flag:") and code not in found and not _taken_back(text, hit, code, quoted):
            found[code] = Found(value=code, start=hit.start, end=hit.end, rule=f"flag.{code}:{hit.cue}", confidence=0.9)
    for extra in _counted(text):
        if extra and extra.value not in found:
            found[extra.value] = extra
    if "death" in found and "illness" in found and "ICU" not in text:
        del found["illness"]  # what a person died of is no illness to hurry for
    return list(found.values())


def _taken_back(text: str, hit: Hit, code: str, quoted: list[tuple[int, int]]) -> bool:
    if any(a <= hit.start < b for a, b in quoted) and code not in ("data_leak", "fraud", "death", "elderly"):
        return True
    before = CLAUSE_END.split(text[max(0, hit.start - NEGATION_REACH) : hit.start])[-1]
    data = rules("urgency")
    if any(word in before for word in data["double"]):
        return False
    if _flags()[code].get("negatable"):
        return any(word in before for word in data["negators"])
    return _flags()[code]["level"] == "P0" and any(before.endswith(word) for word in data["close_negators"])


def _staff_quotes(text: str) -> list[tuple[int, int]]:
    """Words between quotation marks that staff are said to have spoken; what the family said stays."""
    quotes = []
    for match in QUOTE.finditer(text):
        lead = text[max(0, match.start() - 24) : match.start() + 1]
        if STAFF_SAID.search(lead) and not OWN_SAID.search(lead[-12:]):
            quotes.append(match.span())
    return quotes


def _counted(text: str) -> tuple[Found | None, ...]:
    """The flags that ages and numbers of people raise."""
    if not NUMERAL.search(text):
        return ()
    ages = _ages(text)
    return (*((_elderly(text, ages), _minor(text, ages)) if ages else ()), _group(text))


def _ages(text: str) -> Ages:
    ages = []
    for pattern in (AGE, BIRTHDAY):
        for match in pattern.finditer(text):
            value = small(next(group for group in match.groups() if group))
            if value is not None and 0 < value < 111:
                ages.append((value, match))
    return ages


def _elderly(text: str, ages: Ages) -> Found | None:
    limit = rules("urgency")["elderly_age"]
    for age, match in ages:
        future = "生日" not in match[0] and (
            ABOUT_AGE.match(text, match.end()) or UNTIL_AGE.search(text, max(0, match.start() - 4), match.start())
        )
        if age >= limit and not future:
            return Found(value="elderly", start=match.start(), end=match.end(), rule="flag.elderly.age", confidence=0.9)
    return None


def _minor(text: str, ages: Ages) -> Found | None:
    limit = rules("urgency")["minor_age"]
    for age, match in ages:
        about = text[max(0, match.start() - 12) : match.start()]
        if age < limit and "岁" in match[0] and re.search(r"孩|儿|女|娃|宝|孙|学生|弟|妹|侄|被保险人", about):
            return Found(value="minor", start=match.start(), end=match.end(), rule="flag.minor.age", confidence=0.8)
    return None


def _group(text: str) -> Found | None:
    for match in PEOPLE.finditer(text):
        count = people_in(match)
        around = text[max(0, match.start() - 14) : match.end() + 20]
        if count >= rules("urgency")["group_joint"] and TOGETHER.search(around):
            return Found(value="group", start=match.start(), end=match.end(), rule="flag.group.count", confidence=0.8)
    return None


def people_in(match: re.Match[str]) -> int:
    word = next((group for group in match.groups() if group), "")
    rough = {"几十": 30, "好几十": 30, "十几": 13, "上百": 100}
    return rough.get(word) or small(word) or 0


def priority(
    text: str, found_flags: list[Found], hits: list[Hit], claim: bool, largest: float, oldest: date | None, today: date
) -> Found:
    """P0…P3 by the highest trigger of complaint-rules 3.1, with the words that pulled it."""
    triggers = [_by_flag(text, flag) for flag in found_flags]
    triggers += _by_sign(hits)
    data = rules("urgency")
    if claim and largest >= data["large_sum"]:
        triggers.append(Found(value="P1", start=0, end=0, rule="priority.large_sum"))
    if claim and (late := _overdue(text, oldest, today)):
        triggers.append(late)
    triggers += [
        Found(value="P2", start=hit.start, end=hit.end, rule=f"priority.vulnerable:{hit.cue}")
        for hit in hits
        if hit.tag == "sign:vulnerable"
    ]
    best = min(triggers, key=lambda found: LEVELS.index(found.value), default=None)
    return best or Found(value="P3", start=0, end=0, rule="priority.ordinary", confidence=0.8)


def _by_flag(text: str, flag: Found) -> Found:
    level = _flags()[flag.value]["level"]
    if flag.rule == "flag.group.count":
        match = PEOPLE.match(text, flag.start)
        level = "P0" if match and people_in(match) >= rules("urgency")["group_on_site"] else "P1"
    return Found(value=level, start=flag.start, end=flag.end, rule=f"priority.{flag.value}", confidence=flag.confidence)


def _by_sign(hits: list[Hit]) -> list[Found]:
    levels = {
        "sign:on_site": "P0",
        "sign:third_time": "P1",
        "sign:handler": "P1",
        "sign:crime": "P1",
        "sign:joint": "P2",
    }
    return [
        Found(value=levels[hit.tag], start=hit.start, end=hit.end, rule=f"priority.{hit.tag}:{hit.cue}")
        for hit in hits
        if hit.tag in levels
    ]


def _overdue(text: str, oldest: date | None, today: date) -> Found | None:
    limit = rules("urgency")["overdue_days"]
    for match in SPAN.finditer(text):
        if (
            _days(match) >= limit
            and not PERIOD.search(text, match.end(), match.end() + 6)
            and LATE.search(text[max(0, match.start() - 24) : match.end() + 24])
        ):
            return Found(value="P2", start=match.start(), end=match.end(), rule="priority.overdue", confidence=0.8)
    if (
        oldest
        and (today - oldest).days > limit
        and (
            late := re.search(
                r"到现在|至今|一直[^。]{0,6}[没未不]|还没|还未|仍未|迟迟|没有人处理|没人处理|再也没|没消息|没下文|没动静",
                text,
            )
        )
    ):
        return Found(value="P2", start=late.start(), end=late.end(), rule="priority.overdue.since", confidence=0.7)
    return None


def _days(match: re.Match[str]) -> int:
    if match[0].endswith("年") and "半" in match[0]:
        return 182
    if match[0] == "半个月":
        return 15
    if match[0] == "一年多":
        return 365
    return (small(match[1]) or 0) * UNITS[match[3]] if match[1] not in ("几十", "十几") else 40
