"""Where an address ends: at a mark, at the next heading, or on the next line of the paper."""

from __future__ import annotations

import re
from collections.abc import Iterator

from normalizer.text import Reading

LONGEST = 80  # characters of an address on one line
LINES = 12  # under a letter
REACH = 360  # characters from the end
HEADINGS = (
    r"邮政编码|邮政区码|邮编|邮码|联系|电话|手机|座机|传真|邮箱|微信|身份证|姓名|投诉人|收件人|收信人|寄信人|申请人|签名|签字|签章|日期"
    r"|此致|特此|谢谢|编号"
)
DAY = r"(?<!\d)(?:19|20)\d{2}年|二[〇零]..年"
NUMBER = r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)\d{6}(?!\d)"  # a mobile, a postcode
ASIDE = r"\((?![一-鿿0-9A-Za-z-]{1,12}\))"  # (东区) belongs to it, (邮编 215000) does not
NAME = r"(?<=[号室户楼组栋幢村座]) +[一-鿿·]{2,4}(?: *\([^()]{0,6}\)| +[寄缄])? *$"
STOP = re.compile(rf"[，。;!?,:\n“”\"的]|{HEADINGS}|{DAY}|{NUMBER}|{ASIDE}|{NAME}")
ENDS = r"(?:[号室户楼组栋幢村屯座层队院弄苑]|单元|小区|社区|公寓|大厦|花园|广场|信箱|\d-?[A-Za-z]?)"
WHOLE_WORDS = re.compile(rf"(?:{ENDS}|[镇乡村])$")
WHOLE = re.compile(r"[室户]$")
GOES_ON = re.compile(rf"[ ]{{0,30}}(?P<v>[一-鿿0-9A-Za-z#()·-]{{1,30}}?{ENDS})[ ]{{0,8}}$")
NO_PLACE = re.compile(
    r"^\s*(?:\d{4}[年./-]|\d{5,}|[一二三四五六七八九十]+[、.]|\d{1,2}[、.])|[元月日]|我|你|您|请|因|于"
)


def line_end(reading: Reading, start: int, most: int = LONGEST) -> int:
    """Where the line of the paper ends that holds this place, also where a paragraph runs on; ``most`` characters."""
    text, at = reading.flat, reading.at
    last = min(len(text), start + most)
    for place in range(start, last):
        if text[place] == "\n":
            return place
        if at is not None and place + 1 < len(text) and at[place + 1] - at[place] > 1:
            return place + 1
    return last


def is_whole(words: str) -> bool:
    """Whether it ends as addresses do: 502室, 平江路12, 小圩村."""
    return bool(WHOLE_WORDS.search(words))


def end_of(reading: Reading, start: int) -> int:
    """Where the address that begins here ends."""
    first = line_end(reading, start)
    end = _stopped(reading.flat, start, first)
    if end < first or WHOLE.search(reading.flat, start, end):
        return end
    following = first + (reading.flat[first : first + 1] == "\n")
    last = line_end(reading, following)
    until = _stopped(reading.flat, following, last)
    goes_on = GOES_ON.match(reading.flat, following, until)
    return goes_on.end("v") if goes_on and not NO_PLACE.search(goes_on["v"]) else end


def _stopped(text: str, start: int, end: int) -> int:
    match = STOP.search(text, start, end)
    stop = match.start() if match else end
    return start + len(text[start:stop].rstrip(" (#-、·"))


def last_lines(reading: Reading) -> Iterator[tuple[int, int]]:
    """Start and end of the last lines of the paper, from the top; the first line of a text is none of them."""
    place = max(0, len(reading.flat) - REACH)
    lines = []
    while place < len(reading.flat):
        end = line_end(reading, place, REACH)
        lines.append((place, end))
        place = end + 1 if reading.flat[end : end + 1] == "\n" else max(end, place + 1)
    yield from (line for line in lines[1:][-LINES:])
