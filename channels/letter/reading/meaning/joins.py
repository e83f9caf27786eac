"""What stands between two lines of a letter: nothing, a space, or a break that its writer meant."""

from __future__ import annotations

import re
from dataclasses import dataclass

from channels.letter.reading.meaning.edges import Edges, width_of
from normalizer.record import ScanLine

INDENTED = 1.2  # characters; a pen does not begin every line at the same place
FULL, RAGGED = 1.2, 3.0  # characters that may be left of a full line, after a full stop and within a sentence
APART = 1.2  # characters between two columns
FAR_RIGHT = 0.3  # of the width: what begins there is a signature, a date, or in the middle
SHORT = 0.6  # of the width
LONGEST_CODE = 5  # digits from which on a word is a number, which a pen breaks anywhere

_ENDED = re.compile(r"[。！？!?；;：:…”」』]$")
_ITEM = re.compile(
    r"(?:[（(]?[一二三四五六七八九十]{1,3}[、，.．)）]|[（(]\d{1,2}[)）]|\d{1,2}(?:[、)）]|[.．](?!\d))"
    r"|[①-⑳⒈-⒛●•·■◆-]|第[一二三四五六七八九十\d]{1,3}[，、,：:]|其[一二三四五][，、：]|[一二三四五]是)"
)
_LABEL = re.compile(
    r"(?:投诉|申诉|反映|申请|被投诉|投保|被保险|保险|受益|代理|委托|联系|签)?(?:人|单位|公司)?(?:的)?"
    r"(?:姓名|名称|称呼|性别|年龄|民族|出生日期|电话|手机|手机号码?|联系方式|地址|住址|通讯地址|邮编|邮政编码|邮箱|电子邮箱|微信号?"
    r"|身份证号码?|证件号码?|公民身份号码|保单号码?|保险单号码?|合同号码?|赔案号|理赔号|报案号|车牌号码?|银行卡号|账号|开户行|户名"
    r"|日期|时间|诉求|投诉请求|请求事项|投诉事项|投诉事由|事实(?:与|和)理由|事实经过|具体要求|附件?|此致|抄送|主题|签名|签字|落款)"
    r"\s*(?:[（(][^）)]{1,8}[)）])?\s*[：:]|投诉人\s*[：:]|被投诉人\s*[：:]|此致|敬礼|特此投诉|附[：:件]"
)
_LAST_WORD = re.compile(r"[A-Za-z0-9@._/-]+$")
_FIRST_WORD = re.compile(r"[（(《“‘\"']?(?:[A-Za-z0-9@._/-]+|.)[，。、；：？！）》”’,.;:?!)]*")
_LATIN_START = re.compile(r"[A-Za-z0-9@._/-]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A line and the margins of the page that it stands on."""

    line: ScanLine
    edges: Edges


def between(one: Placed, other: Placed, *, page: bool = False) -> str:
    """What the writer meant between a line and the next one; on another page when ``page``."""
    if not page and one.edges.same_row(one.line, other.line):
        gap = (other.line.box[0] - one.line.box[2]) / one.edges.character
        return " " if gap > APART else glue(one.line.text, other.line.text)
    return "\n" if breaks(one, other) else glue(one.line.text, other.line.text)


def breaks(one: Placed, other: Placed) -> bool:
    """Did the writer end a paragraph, an item, a heading here?"""
    ended = _ENDED.search(one.line.text) is not None
    if _LABEL.match(other.line.text) or (ended and _ITEM.match(other.line.text)):
        return True
    return _stands_apart(one) or not _full(one, other, ended) or _begins_anew(one, other, ended)


def _stands_apart(one: Placed) -> bool:
    """A signature, a date, a title: begins far to the right and is short."""
    width = one.edges.share(one.line)
    return width < SHORT and one.edges.indent(one.line) * one.edges.character > FAR_RIGHT * _width(one)


def _width(one: Placed) -> float:
    y = (one.line.box[1] + one.line.box[3]) / 2
    return one.edges.right.beside(y) - one.edges.left.beside(y)


def _full(one: Placed, other: Placed, ended: bool) -> bool:
    """Whether the first word of the next line would not have found room in this one."""
    word = _FIRST_WORD.match(other.line.text)
    wanted = width_of(word[0]) if word else 1.0
    return one.edges.room(one.line) < wanted + (FULL if ended else RAGGED)


def _begins_anew(one: Placed, other: Placed, ended: bool) -> bool:
    """An indented line, unless it goes on below another that is indented as far."""
    indent = other.edges.indent(other.line)
    if indent < INDENTED:
        return False
    return ended or abs(indent - one.edges.indent(one.line)) > INDENTED / 2


def glue(one: str, other: str) -> str:
    """Between the two halves of a broken sentence: nothing, but a space between Latin words."""
    last, first = _LAST_WORD.search(one), _LATIN_START.match(other)
    if first and one[-1:] in ",;:!?)":
        return " "
    if not last or not first or _one_number(last[0], first[0]) or _one_address(last[0], first[0]):
        return ""
    return " "


def _one_number(last: str, first: str) -> bool:
    """A telephone, identity or policy number over the end of a line."""
    if last[-1] in "-/" or first[0] in "-/":
        return True
    if last[-1].isdigit() and first[0].isdigit():
        return True
    digits = max(sum(sign.isdigit() for sign in word) for word in (last, first))
    return digits >= LONGEST_CODE and not re.search("[a-z]", last + first)


def _one_address(last: str, first: str) -> bool:
    """A mail address over the end of a line; a full stop alone may end a sentence."""
    return last[-1] == "@" or first[0] in "@." or ("@" in last and last[-1] == ".")
