"""How long somebody has waited for what is due: by the words for the time, or by the oldest day named."""

from __future__ import annotations

import re
from datetime import date

from normalizer.extract.numerals import small
from normalizer.rulebook import rules
from normalizer.text import Found

N = r"(\d{1,3}|[一二两三四五六七八九十]{1,3}|几十|十几|好几十|好几|俩|仨|几)"
SPAN = re.compile(
    rf"{N}\s?(多|来)?(?:个)?(?:多|来|半)?\s?(天|周|星期|礼拜|(?<=[个半多来俩仨])月|季度|年)(?:多)?"
    r"|大半年|半年|半个月|半拉月|一年多|(?<!半)个把月|好几个月|几个月"
)
LATE = re.compile(
    r"没赔|未赔|没到账|未到账|没下来|赔下来|没结|不赔|拖|没理|审|走流程|没消息|没给|没有给|没收到|没动静|没处理"
    r"|没人|压|等|至今|到现在"
    r"|迟|没办|没修|没打|未给|未付|没付|才|排队|停在|卡|没着落|没回|没信|催|没见|没影|没音|没批|没定|没钱|没款"
    r"|欠|no payment|waiting"
)
SINCE = re.compile(
    r"到现在|至今|到今天|今天都|今天已|到如今|如今|直到|一直[^。]{0,6}[没未不]|还没|还未|仍未|尚未|迟迟|还是"
    r"|还在|仍在|没有人处理|没人处理|再也没"
    r"|没消息|没下文|没动静|没回音|没结果|没到账|未到账|没收到|未收到|未见|没见|没人管|不就是|排队|石沉|催"
    r"|未给出|未能|审了|待初审|审核中"
    r"|往返|再不|一分钱?[都也]?没|分文|钱[都也]?没到"
)
URGED = re.compile("赶紧|抓紧")
DECLINED = re.compile("拒赔|拒付|拒绝|不赔|不给|不予|驳回|不认")  # who was answered disputes, and waits no more
PERIOD = re.compile(
    r"\s?\d|都?没出|\D{0,2}(?:等待期|观察期|犹豫期|宽限期|免赔|缴费期|内|保险|养老|期|后可|以内|一个?交|医保)"
)
OTHERWISE = re.compile(
    r"(?:买|投保|投|保|缴|交|存|用|开|跑|做|干|吃药|吃|当|住|瘫|卧床|透析|病|工作|结婚|离婚|去世|死|走|种|养|租"
    r"|才买|车才|每隔?|犹豫期|等待期|观察期|免赔期|没满|未满|不满|差|第)(?:了|满|才|都|已经|已|是)?\s?$"
)
CLAIM = re.compile(
    r"理赔|报案|出险|定损|查勘|追尾|追的尾|津贴|垫付|核赔|护理金|赔款|医药费|医疗费|报销|自付|直付|住院医疗|公估"
    r"|伤残|工伤|剐蹭|补漆|修车费"
)
NO_CLAIM = re.compile(r"退保|退宝|退款|保费|续保|续费|续期|推销|扣费|发票|合同|保单贷款")
PAID = re.compile(
    r"(?:存|交|投|转|付|打|亏|损失|骗|买)(?:了|进去|进|走|给)[^，。\n]{0,8}?万|(?:赔|认|差额?"
    r"|垫付?)[^，。\n]{0,8}?万|万[^，。\n]{0,5}赔"
)
MONTH = re.compile(
    r"(?<![\d个月年])(1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月(?:份|初|底|末|中旬|中|上旬|下旬)(?!要|才"
    r"|到期)"
)
MOST_YEARS = 5  # a house of sixty years waits for nothing
INSURED = re.compile(r"保额|不要\d|最高[赔保可]")
REFUSED = re.compile(
    r"(?:撤销|撤回|收回)[^，。]{0,6}(?:解约|解除|拒赔|拒付)|解除(?:保险)?合同|解约|按约|按合同(?:约定)?(?:给付|赔)|足额"
)
PAPERS = "合同|保单|发票|批单|批改单|凭证|条款|保险卡|礼品|回执|收据"
PAPER = re.compile(
    rf"(?:没有?|未)(?:收到|寄|送|拿到|见到|开|发|给)[^，。;!?]{{0,8}}(?:{PAPERS})|(?:{PAPERS})[^，。;!?]{{0,8}}(?:没有?|未)(?:收到|寄|送|拿|开|发|见|到|下来)"
)
TIME = frozenset("天周星礼月季年")
UNITS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "季度": 90, "年": 365}
WHOLE = {"大半年": 200, "半年": 182, "半个月": 15, "半拉月": 15, "一年多": 400, "好几个月": 120, "几个月": 90}
ROUGH = {"几十": 40, "十几": 13, "好几十": 50, "好几": 4, "几": 3, "俩": 2, "仨": 3}


def is_claim(text: str) -> bool:
    """Whether money is due for something that happened, also where the cause is told otherwise."""
    return CLAIM.search(text) is not None and NO_CLAIM.search(text) is None


def is_insured(text: str) -> bool:
    """Whether the sum named is the one insured: it is what is asked for only where the contract is at stake."""
    return INSURED.search(text) is not None and REFUSED.search(text) is None


def is_paper(text: str) -> bool:
    """Whether what is waited for is a contract or an invoice, and no money for something that happened."""
    return PAPER.search(text) is not None and CLAIM.search(text) is None


def is_paid(text: str) -> bool:
    """Whether a sum was paid in or lost; an insured sum alone is none."""
    return PAID.search(text) is not None


def overdue(text: str, oldest: date | None, today: date) -> Found | None:
    """A claim unsettled beyond the days of Insurance Law 23, by words for the time or by the day it began."""
    limit = rules("urgency")["overdue_days"]
    for match in () if TIME.isdisjoint(text) else SPAN.finditer(text):
        if (
            days(match) >= limit
            and not PERIOD.match(text, match.end())
            and not OTHERWISE.search(text, max(0, match.start() - 6), match.start())
            and LATE.search(text, max(0, match.start() - 24), match.end() + 24)
        ):
            return Found(value="P2", start=match.start(), end=match.end(), rule="priority.overdue", confidence=0.8)
    if (months := _months(text, today)) and _since(text):
        return months
    if oldest and limit < (today - oldest).days < 3 * 365 and (late := _since(text)):
        return Found(value="P2", start=late.start(), end=late.end(), rule="priority.overdue.since", confidence=0.7)
    return None


def _since(text: str) -> re.Match[str] | None:
    return SINCE.search(text) or (None if DECLINED.search(text) else URGED.search(text))


def _months(text: str, today: date) -> Found | None:
    """7月初就交了, 现在都11月了: a month named without a day, two or more before this one."""
    for match in MONTH.finditer(text) if "月" in text else ():
        if 2 <= (today.month - (small(match[1]) or 0)) % 12 <= 9:
            return Found(
                value="P2", start=match.start(), end=match.end(), rule="priority.overdue.month", confidence=0.7
            )
    return None


def days(match: re.Match[str]) -> int:
    """How many days the words for a time stand for, at least."""
    words = match[0]
    if words in WHOLE:
        return WHOLE[words]
    if match[1] is None:
        return 30  # 个把月
    number = ROUGH.get(match[1]) or small(match[1]) or 0
    if match[3] is None:
        return 0
    if match[3] == "年" and number > MOST_YEARS:
        return 0
    half = UNITS[match[3]] // 2 if "半" in words else 0
    return number * UNITS[match[3]] + half + (1 if match[2] or words.endswith("多") or "来" in words else 0)
