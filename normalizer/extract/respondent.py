"""Whom the complaint is about: branch, person, number of a clerk, company."""

from __future__ import annotations

import re
from collections.abc import Callable

from normalizer.extract.names import Named
from normalizer.extract.sentences import Place
from normalizer.rulebook import cached_rule, rules
from normalizer.text import Found, Reading

STATED = re.compile(
    r"(?:被投诉(?:人|方|机构|单位|对象)|投诉对象|被举报人|被反映人)(?:是|为|:|\s)*(?P<v>[^，。;\n]{2,40})"
)
NUMBER = r"[A-Za-z0-9OolI]{1,8}(?:[-_][A-Za-z0-9]{1,8})?|[零〇一二三四五六七八九幺洞拐勾]{3,8}"
CLERK = re.compile(
    rf"(?:工号|座席号|坐席号|员工号|员工编号|员编|工牌)(?:是|为|:|\s)*(?P<v>{NUMBER})(?:号)?(?:的[座坐]席)?"
    rf"|(?P<w>{NUMBER})号(?=话务员|客服|[坐座]席|接线员|窗口|柜台|柜员|业务员|员工)"
)
HEAD = re.compile(
    r"^\s{0,20}(?:致|尊敬的)?[:：\s]{0,20}(?P<v>[一-鿿]{2,24}(?:公司|人寿|财险|保险|分公司|支公司|中心))(?=[:：，,\n]|负责人|领导|客服|财务部|消保)"
)
THEIR = re.compile(r"(?:你们|你司|贵司)(?:那个|的|在)?(?P<v>[一-鿿]{2,4}公司)")
SELLER = re.compile(
    r"[“\"‘](?P<q>[^”\"’\n]{2,14})[”\"’](?=的?(?:直播间|平台|[Aa][Pp][Pp]|公众号|小程序|网店|旗舰店|店|广场|公司|车行|机构|商城))"
    r"|(?P<v>[一-鿿]{2,4}(?:4S|四S|4s|四s)店|[一-鿿]{2,18}(?:保险代理|保险经纪|代理|经纪|公估|担保|科技|汽贸)(?:股份|责任)?(?:有限)?公司)"
)
LEAD = re.compile(r".*(?:就在|投诉|举报|反映|我[是在]|[在去到找给跟被向和将])(?=.{2})")
TITLE = re.compile(
    r"经理|主任|主管|专员|总监|店长|行长|部长|组长|队长|顾问|督导|(?P<polite>姐|哥|女士|先生|小姐|老师|师傅|某|总(?![公部经监]))"
)
SAYS = re.compile(r"说|讲|答应|承诺|推荐|介绍|让|叫|推|给我|拉我|骗|打|跟我|当时|拍|来|[，,(]|$")
LONGEST = 80
Places = Callable[[str, re.Pattern[str]], list[Place]]


def respondents(reading: Reading, named: list[Named], passing: list[int], own: str = "") -> list[Found]:
    """Everything complained about, the most particular first; ``own`` is the complainant's own organisation,
    ``passing`` the numbers of the ways that may be open."""
    text = reading.flat
    stated: list[Found] = []
    others = [_staff(one, text) for one in named if one.role == "staff"]
    for number in passing:
        rule, pattern, places = ways()[number]
        found = [_found(start, end, text, rule) for start, end in places(text, pattern)]
        if rule == "stated":
            stated += found
        else:
            others += found
    return _distinct([one for one in stated + others if not own or one.value not in own])


@cached_rule
def ways() -> list[tuple[str, re.Pattern[str], Places]]:
    """(rule, pattern, how the places are read off it) in the order in which they may claim a place."""
    return [
        ("stated", STATED, _valued),
        ("clerk", CLERK, _whole),
        ("titled", TITLE, _titled),
        ("titled", _small(), _called_small),
        ("branch", _branch(), _branches),
        ("local", _local(), _whole),
        ("their", THEIR, _valued),
        ("seller", SELLER, _either),
        ("company", _companies(), _whole),
        ("address", HEAD, _valued),
    ]


def _valued(text: str, pattern: re.Pattern[str]) -> list[Place]:
    return [match.span("v") for match in pattern.finditer(text)]


def _whole(text: str, pattern: re.Pattern[str]) -> list[Place]:
    return [match.span() for match in pattern.finditer(text)]


def _either(text: str, pattern: re.Pattern[str]) -> list[Place]:
    return [match.span(match.lastgroup or 0) for match in pattern.finditer(text)]


def _branches(text: str, pattern: re.Pattern[str]) -> list[Place]:
    return [_trimmed(match) for match in pattern.finditer(text)]


def _titled(text: str, pattern: re.Pattern[str]) -> list[Place]:
    """陶经理, 投诉王芳经理, 老板娘邓姐, 查勘员小范: people known by a surname and a title."""
    places = []
    for title in pattern.finditer(text):
        before = _surname_last().search(text, max(0, title.start() - 4), title.start())
        polite = title.lastgroup == "polite"
        if before and (
            _spoken_of().search(text, max(0, before.start() - 8), before.start()) or not (polite or before[1])
        ):
            places.append((before.start(), title.end()))
    return places


def _called_small(text: str, pattern: re.Pattern[str]) -> list[Place]:
    """姓季的主管, 小马说."""
    places = []
    for small in pattern.finditer(text):
        told = small.lastgroup == "called" or _spoken_of().search(text, max(0, small.start() - 8), small.start())
        if told or (_starts(text, small.start()) and SAYS.match(text, small.end())):
            places.append(small.span())
    return places


def _starts(text: str, place: int) -> bool:
    return not place or not "一" <= text[place - 1] <= "鿿"


@cached_rule
def _surname_last() -> re.Pattern[str]:
    names = rules("names")
    return re.compile(rf"(?:{'|'.join(names['compound'])}|[{names['surnames']}])([一-鿿]{{1,2}})?$")


@cached_rule
def _small() -> re.Pattern[str]:
    names, staff = rules("names"), rules("respondents")["staff"]
    family = f"(?:{'|'.join(names['compound'])}|[{names['surnames']}])"
    return re.compile(rf"姓(?P<called>{family})的[^，。\n]{{0,4}}?{staff}|(?:小|老|阿){family}")


@cached_rule
def _spoken_of() -> re.Pattern[str]:
    """A clerk is spoken of just before."""
    staff = rules("respondents")["staff"]
    return re.compile(rf"(?:{staff}|投诉|举报|叫|找|客服|理赔|推销|卖保险|那个|这个|一个|老板娘)的?[“\"]?$")


def joined(found: list[Found], reading: Reading) -> Found | None:
    """One value for the record that holds them all."""
    if not found:
        return None
    value = "；".join(reading.words(one.start, one.end) for one in found[:5])
    return Found(value=value[:LONGEST], start=found[0].start, end=found[0].end, rule=found[0].rule, confidence=0.8)


def _trimmed(match: re.Match[str]) -> tuple[int, int]:
    """三十个人现在就在郑州你们分公司: what stands before the place is no part of its name."""
    lead = LEAD.match(match["v"])
    start = match.start("v") + (lead.end() if lead else 0)
    return (start, match.end("v")) if match.end("v") - start >= 2 else match.span("v")


@cached_rule
def _branch() -> re.Pattern[str]:
    kind = rules("respondents")["branch"]
    return re.compile(
        rf"(?:(?:我要|要|想|我想)?投诉(?:一下)?)?(?P<v>(?:[一-鿿]{{2,8}}(?:人寿|财险|保险|产险|寿险|银行))?(?:你们|你司|贵司|贵公司)?(?:的)?[一-鿿]{{1,8}}?(?:你们)?{kind})"
    )


@cached_rule
def _local() -> re.Pattern[str]:
    """成都的理赔员, 郑州你们分公司, 你们昆明北市区网点."""
    data, places = rules("respondents"), rules("places")
    names = f"{places['cities']}|{places['provinces']}"
    city = f"(?:{names})"
    begins = "".join(sorted({name[0] for name in names.split("|")}))
    return re.compile(  # most characters begin no city: without the look ahead each is compared with 400 of them
        rf"(?=[{begins}]){city}(?:市|省)?(?:的|你们|你们的)?(?:[一-鿿]{{0,6}}?)(?:{data['staff']}|{data['branch']}|公司)|你们(?:的)?{city}[一-鿿]{{0,6}}"
    )


@cached_rule
def _companies() -> re.Pattern[str]:
    return re.compile("|".join(sorted(rules("respondents")["companies"], key=len, reverse=True)))


@cached_rule
def _staff_last() -> re.Pattern[str]:
    return re.compile(rules("respondents")["staff"] + r"[^，。\n]{0,4}$")


def _staff(one: Named, text: str) -> Found:
    found = one.found
    titled = _staff_last().search(text[max(0, found.start - 10) : found.start])
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
