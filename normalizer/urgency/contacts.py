"""How often somebody has come with the same matter: 第三回打, 打了五次电话, 同一件事第二次写邮件."""

from __future__ import annotations

import re

from normalizer.extract.numerals import small
from normalizer.text import Found

N = r"(\d{1,3}|[一二两三四五六七八九十]{1,3}|十几|好几|几十|无数|几|多|数|[Nn])"
TIMES = "[次回遍封通趟个]"
TOLD = (
    r"投诉|反映|来信|去信|写信|写邮件|写|来电|致电|去电|打电话|打来|打给你们|给你们打|打|找你们|找|联系|催|申诉"
    r"|跟你们说|说这|为这|为同|发邮件|发信|发函|提交"
)
NTH = re.compile(
    rf"第\s?{N}\s?{TIMES}(?:{TOLD})(?![款钱折理针算扫底款包开岔])|第\s?{N}\s?[封通](?:信|邮件|电话|来信|去信|函)"
)
OFTEN = re.compile(
    rf"(?:打|拨)(?:了|过)?(?:你们|客服|热线|95\d{{3}}|公司|投诉)?{N}{TIMES}(?:投诉|客服|热线)?(?:电话|热线)"
    rf"|(?:投诉)?(?:电话|热线)(?:我|都|也|已经|前后|来来回回|一共)?(?:打|拨)(?:了|过){N}{TIMES}"
    rf"|(?:投诉|反映|催)(?:了|过)?(?:你们)?{N}(?:多)?[次回遍]"
    rf"|(?:找|问)(?:了|过)你们(?:公司)?{N}(?:多)?[次回遍趟]"
    rf"|{N}[次回遍番]{{1,2}}(?:投诉|反映|来信|来电|致电)"
)
WAYS = frozenset("次回遍封通趟")
MANY = {"好几": 3, "几": 2, "多": 3, "数": 3, "十几": 13, "几十": 30, "无数": 99, "N": 3, "n": 3}
ELSEWHERE = re.compile(r"(?:县|市|省|信访|局|法院|派出所|医院|物业|修理厂|快递)[^，。]{0,4}$|不是$|别")
OF_STAFF = re.compile(r"(?:给我|跟我|对我|你们|他们|她|他|业务员|推销|骚扰)$")


def repeated(text: str) -> Found | None:
    """Somebody says how often they came; the rule's name tells whether it is at least the third time."""
    if WAYS.isdisjoint(text):
        return None
    best: tuple[int, re.Match[str]] | None = None
    for pattern, lead in ((NTH, "第"), (OFTEN, "")):
        if lead and lead not in text:
            continue
        for match in pattern.finditer(text):
            count = _count(next(group for group in match.groups() if group))
            if count >= 2 and not _others(text, match) and (best is None or count > best[0]):
                best = count, match
    if best is None:
        return None
    rule = "flag.repeat.third" if best[0] >= 3 else "flag.repeat.second"
    return Found(value="repeat", start=best[1].start(), end=best[1].end(), rule=rule, confidence=0.85)


def _count(word: str) -> int:
    return MANY.get(word) or small(word) or 0


def _others(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 8) : match.start()]
    return ELSEWHERE.search(before) is not None or OF_STAFF.search(before) is not None
