"""Whom the complaint is about: branch, person, number of a clerk, company."""

from __future__ import annotations

import re

from normalizer.extract.names import Named
from normalizer.rulebook import cached_rule, rules
from normalizer.text import Found, Reading

STATED = re.compile(r"(?:被投诉(?:人|方|机构|单位|对象)|投诉对象)(?:是|为|:|\s)*(?P<v>[^，。;\n]{2,40})")
CLERK = re.compile(r"(?:工号|座席号|坐席号|员工号)(?:是|为|:|\s)*(?P<v>[A-Za-z0-9]{2,12})(?:号)?(?:的[座坐]席)?")
TITLED = re.compile(
    r"(?:理赔部|客服部|公司|你们|贵司|那个|一个|姓|的|叫)(?:的|那个)?(?P<v>[一-鿿](?:经理|主任|主管|专员|总监|总))"
)
HEAD = re.compile(
    r"^\s{0,20}(?:致|尊敬的)?[:：\s]{0,20}(?P<v>[一-鿿]{2,24}(?:公司|人寿|财险|保险|分公司|支公司|中心))(?=[:：，,\n]|负责人|领导|客服|财务部|消保)"
)
LEAD = re.compile(r".*(?:就在|[在去到找给跟被向和])(?=.{2})")
LONGEST = 80


def respondents(reading: Reading, named: list[Named], own: str = "") -> list[Found]:
    """Everything complained about, the most particular first; ``own`` is the complainant's own organisation."""
    text = reading.flat
    found = [_found(m.start("v"), m.end("v"), text, "stated") for m in STATED.finditer(text)]
    found += [_found(m.start(), m.end(), text, "clerk") for m in CLERK.finditer(text)]
    found += [_staff(one, text) for one in named if one.role == "staff"]
    found += [_found(m.start("v"), m.end("v"), text, "titled") for m in TITLED.finditer(text)]
    if _branch_kind().search(text):
        found += [_found(*_trimmed(m), text, "branch") for m in _branch().finditer(text)]
    if _city().search(text):
        found += [_found(m.start(), m.end(), text, "local") for m in _local().finditer(text)]
    found += [_found(m.start(), m.end(), text, "company") for m in _companies().finditer(text)]
    found += [_found(m.start("v"), m.end("v"), text, "address") for m in HEAD.finditer(text)]
    return _distinct([one for one in found if not own or one.value not in own])


def joined(found: list[Found], reading: Reading) -> Found | None:
    """One value for the record that holds them all."""
    if not found:
        return None
    value = "；".join(reading.words(one.start, one.end) for one in found[:4])
    return Found(value=value[:LONGEST], start=found[0].start, end=found[0].end, rule=found[0].rule, confidence=0.8)


def _trimmed(match: re.Match[str]) -> tuple[int, int]:
    """三十个人现在就在郑州你们分公司: what stands before the place is no part of its name."""
    lead = LEAD.match(match["v"])
    start = match.start("v") + (lead.end() if lead else 0)
    return (start, match.end("v")) if match.end("v") - start >= 2 else match.span("v")


@cached_rule
def _branch_kind() -> re.Pattern[str]:
    return re.compile(rules("respondents")["branch"])


@cached_rule
def _branch() -> re.Pattern[str]:
    kind = rules("respondents")["branch"]
    return re.compile(
        rf"(?:(?:我要|要|想|我想)?投诉(?:一下)?)?(?P<v>(?:[一-鿿]{{2,8}}(?:人寿|财险|保险|产险|寿险|银行))?(?:你们|你司|贵司|贵公司)?(?:的)?[一-鿿]{{1,8}}?(?:你们)?{kind})"
    )


@cached_rule
def _city() -> re.Pattern[str]:
    places = rules("places")
    return re.compile(f"{places['cities']}|{places['provinces']}")


@cached_rule
def _local() -> re.Pattern[str]:
    """成都的理赔员, 郑州你们分公司, 你们昆明北市区网点."""
    data, city = rules("respondents"), f"(?:{_city().pattern})"
    return re.compile(
        rf"{city}(?:市|省)?(?:的|你们|你们的)?(?:[一-鿿]{{0,6}}?)(?:{data['staff']}|{data['branch']}|公司)|你们(?:的)?{city}[一-鿿]{{0,6}}"
    )


@cached_rule
def _companies() -> re.Pattern[str]:
    return re.compile("|".join(sorted(rules("respondents")["companies"], key=len, reverse=True)))


def _staff(one: Named, text: str) -> Found:
    found = one.found
    titled = re.search(rules("respondents")["staff"] + r"[^，。\n]{0,4}$", text[max(0, found.start - 10) : found.start])
    start = found.start - (len(titled[0]) if titled else 0)
    return _found(start, found.end, text, "staff")


def _found(start: int, end: int, text: str, rule: str) -> Found:
    return Found(value=text[start:end], start=start, end=end, rule=f"respondent.{rule}", confidence=0.8)


def _distinct(found: list[Found]) -> list[Found]:
    kept: list[Found] = []
    for one in found:
        if not any((one.start < other.end and other.start < one.end) or one.value in other.value for other in kept):
            kept.append(one)
    return kept
