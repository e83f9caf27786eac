"""What each line of a plain text is in a letter: its title, the salutation, a paragraph, the signature, the date."""

from __future__ import annotations

import re
from enum import StrEnum

LONGEST_TITLE = 24
LONGEST_SALUTATION = 30
LONGEST_SIGNATURE = 24
TITLE = re.compile(r".*(?:信|书|函|诉|材料|说明|申请|情况|反映|报告|举报|状)$")
SALUTATION = re.compile(
    r"(?:尊敬|敬爱|致|您好|你好|贵|.*(?:公司|部|局|中心|会|领导|经理|同志|先生|女士|负责人)[：:]).*"
)
CLOSING = re.compile(r"(?:此致|敬礼[！!。]?|顺颂.*|谢谢[！!。]?)$")
LABEL = re.compile(r"[^\s，。：:]{1,8}\s*[：:].{1,30}$")
SIGNATURE = re.compile(
    r"(?:投诉人|申请人|具名人|举报人|反映人|被保险人|投保人|客户|代理人|签名|签字|署名|落款)"
    r"[\w（）() ]{0,14}[：:]?.{0,20}$"
    r"|.{1,12}(?:敬上|谨上|上|亲笔|（签名）|（盖章）)$|.{2,20}公司(?:（盖章）)?$|[㐀-鿿𠀀-𲎯·]{2,6}$"
)
DATE = re.compile(r"(?:日期[：:])?[\d〇零一二三四五六七八九十元年月日号./\- 　]{6,24}$")


class Part(StrEnum):
    TITLE = "title"
    SALUTATION = "salutation"
    LABEL = "label"  # 联系电话：…
    PARAGRAPH = "paragraph"
    CLOSING = "closing"  # 此致 敬礼
    SIGNATURE = "signature"
    DATE = "date"
    GAP = "gap"  # a line left empty


def parts_of(text: str) -> list[tuple[Part, str]]:
    """The lines of a text, whatever breaks them, each with the place it has in a letter."""
    lines = [_plain(line) for line in text.expandtabs(2).splitlines()]
    ending = _ending(lines)
    return [(_part(lines, place, ending), line) for place, line in enumerate(lines)]


def _plain(line: str) -> str:
    return "".join(c for c in line if c.isprintable() or c == "　").strip()


def _ending(lines: list[str]) -> int:
    """From which line on only a signature and a date may follow."""
    place = len(lines)
    while place and (not lines[place - 1] or DATE.fullmatch(lines[place - 1]) or _signs(lines[place - 1])):
        place -= 1
    return max(place, 1)


def _signs(line: str) -> bool:
    return len(line) <= LONGEST_SIGNATURE and bool(SIGNATURE.fullmatch(line)) and not CLOSING.fullmatch(line)


def _part(lines: list[str], place: int, ending: int) -> Part:
    line = lines[place]
    if not line:
        return Part.GAP
    if place >= ending:
        return Part.DATE if DATE.fullmatch(line) else Part.SIGNATURE
    first = not any(lines[:place])
    if first and len(line) <= LONGEST_TITLE and TITLE.fullmatch(line):
        return Part.TITLE
    if CLOSING.fullmatch(line):
        return Part.CLOSING
    if len(line) <= LONGEST_SALUTATION and line.endswith(("：", ":")) and SALUTATION.fullmatch(line):
        return Part.SALUTATION
    return Part.LABEL if LABEL.fullmatch(line) else Part.PARAGRAPH
