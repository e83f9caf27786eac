"""Postal addresses of the one who writes: announced by a word, under a signature, or known by their shape.

The value is the address on one line without spaces; a postcode that stands beside it follows after one space:
江苏省苏州市姑苏区平江路12号3幢502室 215000.
"""

from __future__ import annotations

import re

from normalizer.extract.blocks import end_of, is_whole, last_lines, line_end
from normalizer.extract.whereabouts import is_house_of_others, is_own, is_where_it_happened
from normalizer.rulebook import cached_rule, rules
from normalizer.text import Found, Reading

POSTED = "address.posted"  # begins the rule of an address by which the writer of a letter can be answered
SURENESS = {"reply": 0.97, "own": 0.95, "signed": 0.85, "lives": 0.8, "registered": 0.75, "shape": 0.6}
SURE = 0.7
FORMAL = ("letter", "email")  # media that people sign with their address
GAP = r"(?:[是为在:\s]|如下|改为|变更为|更改为|更正为|换成){0,8}"
POSTCODE = re.compile(r"[ ]{0,40}(?:\(?(?:邮政编码|邮编|邮码|邮政区码)?[ :]{0,4}(?<!\d)\d{6}(?!\d)\)?[ ,，]{0,4})?")
MARKS = re.compile("[，。;!?]")
BESIDE = re.compile(r"[\s,，(]{0,6}(?:(?:邮政编码|邮编|邮码|邮政区码)[\s:]{0,4}|(?<=[ ,，(]))(?P<code>\d{6})(?!\d)")
BEFORE = re.compile(r"(?<!\d)(?P<code>\d{6})[)\s,，]{0,4}$")
DETAIL = re.compile(
    r"自治[区州县旗]|大道|胡同|大厦|小区|社区|单元|公寓|花园|广场|信箱|[省市区县镇乡村路街道巷弄号栋幢室楼组户旗盟屯队座层苑]"
)
PLACED = re.compile(r"[号栋幢室楼组户村屯路街道巷弄镇乡苑座]|小区|社区|公寓|花园|大厦|广场|信箱")
LEAST = 2  # words of places in an address
HEADING = 2  # characters
SPACES = re.compile(r"\s*\n\s*|(?<![A-Za-z0-9])\s+|\s+(?![A-Za-z0-9])")


def addresses(reading: Reading, passing: list[int]) -> list[Found]:
    """The surest first, none within another; ``passing``: which of the patterns may match."""
    found = [*(_labelled(reading) if 0 in passing else ()), *(_signed(reading) if 1 in passing else ())]
    found += _shaped(reading) if 2 in passing else []
    kept: list[Found] = []
    for one in sorted(found, key=lambda each: -each.confidence):
        if all(one.end <= other.start or other.end <= one.start for other in kept) and one.value not in {
            each.value for each in kept
        }:
            kept.append(one)
    return kept


def patterns() -> list[re.Pattern[str]]:
    return [_labels(), _block(), _shape()]


def _labelled(reading: Reading) -> list[Found]:
    found = []
    for match in _labels().finditer(reading.flat):
        kind, start = str(match.lastgroup), _begin(reading.flat, match.end())
        if match[kind] == "住" and reading.flat.startswith("院", start):
            continue
        end = end_of(reading, start)
        words = reading.flat[start:end]
        if _is_address(words) and is_own(reading.flat, match.start(kind)) and not is_house_of_others(words):
            found.append(_found(reading, start, end, kind))
    return found


def _begin(text: str, place: int) -> int:
    """Behind a postcode that stands before the address."""
    before = POSTCODE.match(text, place)
    return before.end() if before else place


def _is_address(words: str) -> bool:
    return (
        "一" <= words[:1] <= "鿿"
        and len(DETAIL.findall(words)) >= LEAST
        and bool(PLACED.search(words) or words[-1:].isdigit())
    )


def _signed(reading: Reading) -> list[Found]:
    """A line under a letter that is an address and nothing else."""
    if reading.channel not in FORMAL:
        return []
    found, taken = [], 0
    for first, _ in last_lines(reading):
        start = _begin(reading.flat, first)
        alone = _block().match(reading.flat, start) and not MARKS.search(reading.flat, start, line_end(reading, start))
        if start < taken or not alone:
            continue
        taken = end_of(reading, start)
        words = reading.flat[start:taken]
        if is_whole(words) and _is_address(words) and is_own(reading.flat, first) and not is_house_of_others(words):
            found.append(_found(reading, start, taken, "signed"))
    return found


def _shaped(reading: Reading) -> list[Found]:
    return [
        _found(reading, match.start(), match.end(), "shape")
        for match in _shape().finditer(reading.flat)
        if not is_where_it_happened(reading.flat, match.start(), match.end())
    ]


def _found(reading: Reading, start: int, end: int, kind: str) -> Found:
    sureness = SURENESS[kind]
    posted = reading.channel == "letter" and sureness >= SURE
    return Found(
        value=f"{SPACES.sub('', reading.words(start, end)).strip()}{_postcode(reading.flat, start, end)}",
        start=start,
        end=end,
        rule=f"{POSTED if posted else 'address'}.{kind}",
        confidence=sureness,
    )


def _postcode(text: str, start: int, end: int) -> str:
    beside = BESIDE.match(text, end) or BEFORE.search(text, max(0, start - 12), start)
    return f" {beside['code']}" if beside else ""


@cached_rule
def _labels() -> re.Pattern[str]:
    words = rules("places")["address"]
    kinds = (
        f"(?P<{kind}>{'|'.join(_spaced(word) for word in sorted(words[kind], key=len, reverse=True))})"
        for kind in ("reply", "registered", "own", "lives")
    )
    return re.compile(rf"(?:{'|'.join(kinds)}){GAP}")


def _spaced(word: str) -> str:
    """地　　址: a heading of two characters is as wide as one of four."""
    return " {0,6}".join(word) if len(word) == HEADING and word.endswith("址") else word


@cached_rule
def _block() -> re.Pattern[str]:
    places = rules("places")
    begins = rf"(?:{places['provinces']}|{places['cities']}|[一-鿿]{{2,6}}(?:省|市|县|区|州|旗|盟|镇|乡|村))"
    return re.compile(begins)


@cached_rule
def _shape() -> re.Pattern[str]:
    places = rules("places")
    area = f"(?:{places['provinces']}|{places['cities']})"
    return re.compile(
        rf"{area}(?:省|市)?[一-鿿]{{1,12}}?(?:区|县|市|镇|乡)[一-鿿0-9]{{1,16}}?(?:路|街|道|巷|村|小区)[一-鿿0-9-]{{0,12}}(?:号|室|栋|幢|楼|组)"
    )
