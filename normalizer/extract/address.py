"""Postal addresses."""

from __future__ import annotations

import re

from normalizer.rulebook import cached_rule, rules
from normalizer.text import Found, Reading

LABELLED = re.compile(
    r"(?:联系地址|通讯地址|家庭住址|家庭地址|邮寄地址|收件地址|寄信地址|居住地址|地址|住址|住在|家住|现住|住)(?:是|为|:|\s|在)*(?P<v>[一-鿿][^，。;\n]{4,50})"
)
DETAIL = re.compile(r"(?:省|市|区|县|镇|乡|村|路|街|道|巷|弄|号|栋|幢|单元|室|楼|小区|花园|组|大厦)")


def addresses(reading: Reading, passing: list[int]) -> list[Found]:
    """Those announced by a word, then those known by their shape; ``passing``: which of the two may match."""
    text = reading.flat
    return [*(_labelled(reading, text) if 0 in passing else ()), *(_shaped(reading, text) if 1 in passing else ())]


def _labelled(reading: Reading, text: str) -> list[Found]:
    return [
        Found(
            value=reading.words(m.start("v"), m.end("v")).strip(),
            start=m.start("v"),
            end=m.end("v"),
            rule="address.label",
        )
        for m in LABELLED.finditer(text)
        if len(DETAIL.findall(m["v"])) >= 2
    ]


def _shaped(reading: Reading, text: str) -> list[Found]:
    return [
        Found(
            value=reading.words(*m.span()).strip(), start=m.start(), end=m.end(), rule="address.shape", confidence=0.6
        )
        for m in _shape().finditer(text)
    ]


def patterns() -> list[re.Pattern[str]]:
    return [LABELLED, _shape()]


@cached_rule
def _shape() -> re.Pattern[str]:
    places = rules("places")
    area = f"(?:{places['provinces']}|{places['cities']})"
    return re.compile(
        rf"{area}(?:省|市)?[一-鿿]{{1,12}}?(?:区|县|市|镇|乡)[一-鿿0-9]{{1,16}}?(?:路|街|道|巷|村|小区)[一-鿿0-9-]{{0,12}}(?:号|室|栋|幢|楼|组)"
    )
