"""Companies and institutions: the one that complains, and the ones complained about."""

from __future__ import annotations

import re

from normalizer.text import Found, Reading

STEM = r"[一-鿿A-Za-z0-9()·&]"
KIND = (
    r"(?:有限责任公司|股份有限公司|有限公司|集团公司|分公司|支公司|事务所|合作社|经营部|商行|工厂|幼儿园|医院|学校|工作室|"
    r"个体工商户|酒店|宾馆|超市|门市部|养殖场|物流公司|制造厂|加工厂)"
)
ANY_KIND = re.compile(KIND)  # looked for first: most texts name no organisation
NAME = re.compile(rf"(?P<org>{STEM}{{2,24}}?{KIND}(?:{STEM}{{1,12}}?(?:分公司|支公司|营业部|服务部|分店|店))?)")
LEAD = re.compile(
    r"^(?:.*(?:我们是|我司是|我是|本公司是|我单位是|单位是|公司名称|单位名称|投诉人是|投诉人|投诉单位|名称|我方|单位|抬头|全称|代表|在|由|向|是|:|为|到|和|与|至|给|找|从))?[:是为\s]*"
)
INSURER = re.compile(r"保险|人寿|财险|寿险|产险|人保|平安|太保|太平洋|澄江|国诚|嘉佑|恒信")
OWN = re.compile(
    r"(?:我们是|我司是|我是|本公司|我公司|我单位|我们公司|投诉人是?:?|投诉单位:?|(?:我司|我公司|我单位|本公司)\(|公司名称:?|单位名称:?|单位:|名称:)\s*$"
)
SIGN = re.compile(r"(?:^|[\n。])\s*$")
SIGNATURE_TAIL = re.compile(r"[^。\n]{0,12}[\s，,(]*(?:$|\(?0\d{2,3}|1\d{10})")
LAWYERS = re.compile(r"律师事务所|律所")


def own_organisation(reading: Reading, *, speaks_for_one: bool) -> Found | None:
    """The organisation that complains: introduced as "we are", or standing where the signature stands."""
    text = reading.flat
    if not ANY_KIND.search(text):
        return None
    for match in NAME.finditer(text):
        start = match.start() + len(_lead(match["org"]))
        start = max(start, text.rfind("(", start, match.end()) + 1) if ")" not in text[start : match.end()] else start
        name = text[start : match.end()]
        if INSURER.search(name) or LAWYERS.search(name) or len(name) < 5:
            continue
        before = text[max(0, start - 14) : start]
        signs = SIGN.search(text[max(0, start - 4) : start]) and SIGNATURE_TAIL.match(text, match.end())
        if OWN.search(before) or signs or (speaks_for_one and SIGN.search(text[max(0, start - 4) : start])):
            return Found(value=name, start=start, end=match.end(), rule="organisation.own", confidence=0.9)
    return None


def _lead(words: str) -> str:
    match = LEAD.match(words)
    return match[0] if match else ""
