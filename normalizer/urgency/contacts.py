"""How often somebody has come with the same matter: 第三回打, 打了五次电话, 同一件事第二次写邮件."""

from __future__ import annotations

import re
from collections.abc import Iterator

from normalizer.extract.numerals import small
from normalizer.text import Found

N = r"(\d{1,3}|[一二两三四五六七八九十]{1,3}|十几|好几|几十|无数|几|多|数|[Nn])"
TIMES = "[次回遍封通趟个]"
TOLD = (
    r"投诉|反映|来信|去信|写信|写邮件|写|来电|致电|去电|打电话|打来|打给你们|给你们打|打|找你们|找|联系|催|申诉"
    r"|跟你们说|说这|为这|为同|发邮件|发信|发函|提交"
)
NTH = re.compile(
    rf"第\s?{N}\s?{TIMES}(?:又|再|专门|特地|特意)?(?:来(?=了，)|(?:过来|跑来|上门|来)?(?:{TOLD}))(?![款钱折理针算扫底款包开岔])|第\s?{N}\s?[封通](?:信|邮件|电话|来信|去信|函)"
)
OFTEN = re.compile(
    rf"(?:打|拨)(?:了|过)?(?:你们|客服|热线|95\d{{3}}|公司|投诉)?{N}{TIMES}(?:投诉|客服|热线)?(?:电话|热线)"
    rf"|(?:投诉)?(?:电话|热线)(?:我|都|也|已经|前后|来来回回|一共)?(?:打|拨)(?:了|过){N}{TIMES}"
    rf"|(?:投诉|反映|催)(?:了|过)?(?:你们)?{N}(?:多)?[次回遍]"
    rf"|(?:找|问)(?:了|过)你们(?:公司)?{N}(?:多)?[次回遍趟]"
    rf"|{N}[次回遍番]{{1,2}}(?:投诉|反映|来信|来电|致电)"
)
NO_COMPLAINT = "[款钱折理针算扫底包开岔扣赔拒出住]"
TELL = "讲|说|反映|投诉|来|找|打|写|提|登记|申诉|联系|讲解"
AGAIN = re.compile(  # 上上周讲过一遍，上周又讲过一遍: now it is the third time
    rf"(?:{TELL})(?:过|了)(?:你们|客服)?一?[次回遍趟封通](?:电话|信|邮件)?[^。;!?]{{0,20}}又(?:{TELL})(?:过|了)(?:你们|客服)?一?[次回遍趟封通]"
)
BY_NOW = re.compile(  # 第三次了！
    rf"(?:^|[，。;!?\s])(?:这|今天|我|都|已|已经|是|就是|算|现在|加上今天|连今天){{0,4}}第\s?{N}\s?[次回遍趟]了(?=[，。;!?\s]|$)"
)
EARLIER = re.compile(  # 前两回都说三天内回电: now it is the third time
    rf"前(?:面|头)?{N}[次回遍趟](?:反映|投诉|来电|来信|打电话|打来|登记|(?:你们|客服|坐席|贵司)?(?:都|也)?(?:说|答应|讲|承诺)"
    r"[^。;!?]{0,10}(?:回电|回复|答复|回话|联系|处理|解决|登记))"
)
FIRST_THEN = re.compile(rf"第一[次回](?:是)?(?:{TOLD})[^。]{{0,50}}第\s?{N}\s?[次回](?!{NO_COMPLAINT})")
TOLD_BEFORE = re.compile(rf"(?:{TELL})(?:过|了)|投诉|反映|又来|又打|登记|记录")
CALLS = re.compile("电话|热线")
NARRATED = re.compile(r"过[^，。]{0,12}$")
STILL = re.compile(r"\s?(?:了|都|还|也|每次|次次|没|，?(?:都|还|也|没人|每次|次次|全|一直))")
SELLING = re.compile(r"[^，。;!?]{0,6}(?:推销|营销|骚扰|卖|广告|让我买|要我买|叫我买|催我买|劝我)")
WAYS = frozenset("次回遍封通趟")
MANY = {"好几": 3, "几": 2, "多": 3, "数": 3, "十几": 13, "几十": 30, "无数": 99, "N": 3, "n": 3}
ELSEWHERE = re.compile(r"(?:县|市|省|信访|局|法院|派出所|医院|物业|修理厂|快递)[^，。]{0,4}$|不是$|别")
OF_STAFF = re.compile(r"(?:客服|坐席|业务员|经理|一天|每天|天天|给我|跟我|对我|你们|他们|她|他|业务员|推销|骚扰)$")


def repeated(text: str) -> Found | None:
    """Somebody says how often they came; the rule's name tells whether it is at least the third time."""
    if WAYS.isdisjoint(text):
        return None
    best: tuple[int, re.Match[str]] | None = None
    for count, match in _told(text):
        if count >= 2 and not _others(text, match) and (best is None or count > best[0]):
            best = count, match
    if best is None:
        return None
    rule = "flag.repeat.third" if best[0] >= 3 else "flag.repeat.second"
    return Found(value="repeat", start=best[1].start(), end=best[1].end(), rule=rule, confidence=0.85)


def _told(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    for pattern, lead in ((NTH, "第"), (OFTEN, "")):
        if lead in text:
            yield from ((_count(next(filter(None, match.groups()))), match) for match in pattern.finditer(text))
    if "又" in text:
        yield from ((3, match) for match in AGAIN.finditer(text))
    if "前" in text:
        yield from ((_count(match[1]) + 1, match) for match in EARLIER.finditer(text))
    if "第一" in text:
        yield from ((_count(match[1]) + 1, match) for match in FIRST_THEN.finditer(text))  # and now this one
    if "第" in text and TOLD_BEFORE.search(text):
        yield from ((_count(match[1]), match) for match in BY_NOW.finditer(text))


def _count(word: str) -> int:
    return MANY.get(word) or small(word) or 0


def _others(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 8) : match.start()]
    if ELSEWHERE.search(before) or OF_STAFF.search(before) or SELLING.match(text, match.end()):
        return True
    return _asked_about(text, match)


def _asked_about(text: str, match: re.Match[str]) -> bool:
    """我打过三次电话，第一次说…: asked how things stand. 打了三次电话了 and 打过三次都没人回 complain."""
    asked = CALLS.search(match[0]) and "投诉" not in match[0] and NARRATED.search(match[0])
    return asked is not None and asked is not False and STILL.match(text, match.end()) is None
