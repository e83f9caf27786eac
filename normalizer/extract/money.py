"""Sums of money named in a text, in yuan, in the order of the text."""

from __future__ import annotations

import re

from normalizer.extract.numerals import number
from normalizer.extract.phones import EXTENSION
from normalizer.extract.sentences import Place
from normalizer.text import Found, Reading

D = r"(?>\d{1,3}(?:[,，]\d{3})+(?!\d)|\d+)(?:\.\d+)?"  # atomic: a long number is tried once, not in all its parts
C = "零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖俩仨"
U = "十百千万亿拾佰仟"
CHINESE = rf"(?:[{C}]|十)(?:\s{{0,6}}[{C}{U}])*"
MORE = rf"(?<=[千百万wWkK])(?:\d{{1,4}}[千百十]?|[{C}](?:[千百十][{C}千百十]*)?)"  # 3万|六, 2千|4百
MIXED = rf"{D}(?:\s?[千百万亿wWkK]+(?![A-Za-z]))?(?:{MORE})*"
UNIT = r"(?:元整?|块钱|圆整?|块(?!(?:地|田|玻璃|屏|板|砖|石|木|瓷|布|表|牌|电池|肉|皮|硬)))"
CENTS = rf"(?:\s?[0-9{C}](?:毛|角)?(?![0-9{C}年月日号点个次天]))?"
FILL = r"(?:\s?(?:余|多|来|几))?(?:\s?(?:人民币|大洋))?\s?"
WITH_UNIT = re.compile(
    rf"(?<![\d.A-Za-z第-])(?P<n>{MIXED}|{CHINESE}){FILL}(?P<u>{UNIT})(?P<c>{CENTS})|(?P<m>[0-9{C}])(?P<mao>毛|角)钱?"
)
WITH_SIGN = re.compile(
    rf"(?:[¥￥]|RMB|CNY|人民币)\s?(?P<n>{D}(?:\s?万)?)|(?<![\d.])(?P<n2>{D})\s?(?:RMB|CNY|yuan)(?![a-z])", re.I
)
LARGE = re.compile(
    rf"(?<![\d.A-Za-z第{C}{U}])(?P<n>{D}\s?(?:[万亿千百]|[wWkK](?![A-Za-z0-9]))(?:\d{{1,4}}[千百]?|[{C}][千百]?)?|(?:[{C}]|十|\d)(?:\s{{0,6}}[{C}十百千])*(?:万|千|百)(?:\s{{0,6}}[{C}十百千])*)(?P<after>.{{0,3}})",
    re.S,
)
PLAIN = re.compile(
    rf"(?P<verb>(?:把|涨|各|花|交|扣|赔|退|收|付|报|给|转账|转了|补|垫|缴|少|多|才|只|报销|保费|金额|费用|一笔|到账|赔款|价格|报价|定损|共|共计|合计|总计|扣款|退款|每年|每月|一年|一个月|年费|罚款|损失|定|工资|维修费|修理费|医疗费|住院费|门诊费|挂号费|拖车费|急救费)(?:了|的是|是|为|给我|我|到|掉|走|销了|要|就|出|回|:|约|大概|只|才)*\s?)(?P<n>{D})(?![\d.,]|[A-Za-z%/:：-]|号|折|楼|月|日|点|分|级|比|型|款|后|折|以|保|倍|年|岁|周|星期|人|小时|几)(?!\s?(?:个|名|位|户|次|里|亩|条|辆|件|天|斤|头|只|株|台|张|份|笔|页|封|通|遍|趟|回|本|套|级|楼|层|亩|吨|克|毫|万|千|百|元|块|多))|(?<![\d.A-Za-z-])(?P<n2>\d{{3,6}})(?=的(?:活|东西|保费|赔款|费用|损失|货|修理|维修|发票))"
)
DECIMAL = re.compile(r"(?<![\d.])(?P<n>\d(?:\d{0,2}(?:,\d{3})+|\d*)\.\d{2})(?![\d%.])")
COUNTED = re.compile(
    r"\s?(?:个|人|名|位|户|次|公里|里|亩|平|字|步|份|条|辆|件|股|粉|天|小时|米|斤|吨|头|只|株|棵|遍|岁|年|倍|分之|%|多个|多人|多户|多亩|多次|多公里|余人|余户|余亩|火急|把|句|种|遍|台|艘|张|元医|医疗险|医疗|多天|多岁|万|美元|美金|港币|港元|欧元|日元|英镑|兆|卡路里|kg|公斤|双|袋|包|瓶|斤|口人|来个|来人|来天|来岁|几个|几人|几天|几岁|分|点|\+)"
)
FOREIGN = re.compile(r"\s?(?:美元|美金|港币|港元|欧元|日元|英镑|韩元)")
FIGURES = re.compile(
    r"一分钱|一毛钱|一毛不拔|(?<![0-9一二两三四五六七八九十百千几])万一|百分之|千万别|千万不|退一赔三|一百个|一万个|十万个|百万医疗|百万身价|百万驾"
)
MONEY_VERB = re.compile(
    r"(?:花|交|扣|赔|退|收|付|报|给|转|补|垫|缴|少|多|才|只|费|额|款|价|计|钱|共|近|约|要|值|存|亏|损失|定|工资|每年|一年|每月|一个月|到账|不到|顶多|最多|剩|省|骗|吞|拿|取|领|贷|欠|罚|卖|买|为|是|了|成|去|合)(?:了|走|我|到|回|出|掉|给我|的|是|过|大概|差不多|几乎|将近|约|去)*\s?$"
)
RANGE_TAIL = re.compile(rf"({D})(?:\s?[-~至到]\s?)$")


def amounts(reading: Reading, numbers: list[Place]) -> list[Found]:
    """Every sum of money, insured sums included; no percentages, counts, nor ``numbers`` (telephones, policies …)."""
    masked = _mask(reading.flat, numbers)
    taken: list[tuple[int, int]] = []
    found: list[Found] = []
    for pattern in (WITH_UNIT, WITH_SIGN, LARGE, DECIMAL, PLAIN):
        for match in pattern.finditer(masked):
            place = _place(match)
            if any(place[0] < end and start < place[1] for start, end in taken):
                continue
            value = _value(match, masked)
            if value is None or not 0 < value < 1e12:
                continue
            found.append(Found(value=_written(value), start=place[0], end=place[1], rule=f"money.{_NAMES[pattern]}"))
            taken.append(place)
    return sorted(found, key=lambda f: f.start)


def _mask(text: str, numbers: list[Place]) -> str:
    """Numbers of other kinds and figures of speech are blanked, their length kept."""
    for start, end in numbers:
        tail = EXTENSION.match(text, end)
        stop = tail.end() if tail else end
        text = f"{text[:start]}{'_' * (stop - start)}{text[stop:]}"
    return FIGURES.sub(lambda m: "_" * len(m[0]), text)


def _place(match: re.Match[str]) -> tuple[int, int]:
    groups = match.groupdict()
    if groups.get("after") is not None:
        return match.span("n")
    return match.span("n") if groups.get("verb") is not None else match.span()


def _value(match: re.Match[str], text: str) -> float | None:
    groups = match.groupdict()
    if groups.get("mao"):
        return (number(groups["m"]) or 0) / 10
    if groups.get("after") is not None and not _is_sum(match, text):
        return None
    raw = groups["n"] or groups["n2"]
    if groups.get("u") and _one_piece(match, text):
        return None
    if FOREIGN.match(text, match.end()) or FOREIGN.match(text, max(match.end("n"), 0)):
        return None
    value = number(raw.replace("，", "").replace(",", "").replace(" ", "").replace("\n", ""))
    cents = groups.get("c")
    if value is not None and cents and (digit := number(cents.strip(" 毛角"))) is not None:
        value += digit / 10
    return value


def _one_piece(match: re.Match[str], text: str) -> bool:
    """一块 is "together" or "one piece" unless money follows: 一块钱, 一块五."""
    return (
        match["n"] in ("一", "两", "1", "2")
        and match["u"] == "块"
        and not match["c"]
        and bool(re.match(r"[一-鿿]", text[match.end() : match.end() + 1]))
    )


def _is_sum(match: re.Match[str], text: str) -> bool:
    """A large number without a unit is money unless it counts something; a small one needs a money word before it."""
    if COUNTED.match(text, match.end("n")):
        return False
    before = text[max(0, match.start() - 8) : match.start()]
    raw = match["n"]
    if re.match(r"[，。;、\s]?(?:多|余|几)", match["after"]) and not MONEY_VERB.search(before):
        return False
    if "万" in raw or re.search(r"[wW]$", raw):
        return True
    return bool(MONEY_VERB.search(before)) and len(raw) > 1


def _written(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.2f}".rstrip("0")


_NAMES = {WITH_UNIT: "unit", WITH_SIGN: "sign", LARGE: "large", DECIMAL: "cents", PLAIN: "verb"}
