"""The writer's own words, apart from what their mail client quoted below, above or between them.

| who                               | how the quote begins                                                        |
|-----------------------------------|-----------------------------------------------------------------------------|
| QQ, Sina, Sohu, 139, Samsung, …   | a line -----原始邮件-----, Original, 邮件原文, 转发的邮件, …              |
| 163, Gmail, iPhone, Xiaomi, Lark  | "在 2026-11-07 19:20，"x" <y> 写道：", "x 於 … 寫道：", "On … wrote:"            |
| Outlook, Foxmail, Aliyun, 163 app | two and more of 发件人/寄件者/From, 发送时间/寄件日期/Sent, To, 主题   |
| Thunderbird, iPhone, plain text   | > before every line; answers may stand between                               |
| HTML                              | blockquote, divRplyFwdMsg, … as marked by html.py                            |

A cue alone is not enough: "写道：" inside a story, or one line "日期：", cuts nothing. What somebody else wrote and the
writer forwards is evidence and stays; only what we wrote, and what hangs below it, is a quote.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from channels.email.reading.words import QUOTE_ENDS, QUOTE_OPENS, REST_IS_QUOTED, tidy, without_marks

_RULE = r"(?:[-—–_=＿－*~\s>|]|&nbsp;?)"
_SEPARATOR = re.compile(
    rf"^{_RULE}{{2,}}(?P<title>回复的?原?(?:邮件|郵件)|原[始來来](?:的)?(?:邮件|郵件|信息|訊息"
    r"|消息|信件)|原(?:邮件|郵件|信)(?:信息|內容|内容)?"
    r"|(?:邮件|郵件)(?:原文|原件|正文)|源(?:邮件|郵件)|(?:转发|轉發|轉寄|转寄|被转发|已转发"
    r"|已轉寄)的?(?:邮件|郵件|信件|訊息|消息)(?:信息)?"
    r"|Original(?: (?:Message|Email|Mail))?|Forwarded (?:Message|Mail|Email|by [^-]{1,60})"
    r"|Replied Message|Reply message"
    rf"|邮件回复|郵件回覆){_RULE}{{2,}}$",
    re.I,
)
_FORWARD_TITLE = re.compile("转发|轉發|轉寄|转寄|Forward", re.I)
_BEGIN_FORWARD = re.compile(
    r"^(?:开始转发的邮件|下面是被转发的邮件|開始轉寄郵件|以下是轉寄的郵件|Begin forwarded message|转发的邮件)\s*[:：]$",
    re.I,
)

_SAYS = r"(?:写道|写到|寫道|撰写|來信寫道|wrote|schrieb|a écrit)"
_ATTRIBUTION = re.compile(rf"^.{{0,240}}(?:{_SAYS})\s*[:：]\s*$", re.I | re.S)
_ADDRESSED = re.compile(r"[<＜(\[\"“]?[^\s<>\"，,]+@[^\s<>\"]+\.[^\s<>\"]+")
_DAY = (
    r"(?:\d{4}\s*[年/.-]\s*\d{1,2}\s*[月/.-]\s*\d{1,2}|\d{1,2}\s*月\s*\d{1,2}\s*日"
    r"|\d{1,2} \w{3,9},? \d{4}|\w{3,9} \d{1,2},? \d{4}|\d{1,2}/\d{1,2}/\d{2,4})"
)
_DATED = re.compile(rf"{_DAY}.{{0,30}}?\d{{1,2}}[:：]\d{{2}}", re.S)
_OPENS_ATTRIBUTION = re.compile(
    rf"^(?:在|于|於|On\b|Le\b|Am\b)?\s*{_DAY}|^(?:在|于|於|On)\s|^.{{1,60}}?\s*(?:于|於|在|on)\s*{_DAY}", re.I | re.S
)
_BARE_ATTRIBUTION = re.compile(rf"^{_DAY}.{{0,40}}\d{{1,2}}[:：]\d{{2}}.{{0,80}}<[^<>\s]+@[^<>\s]+>\s*[:：]$")
_PROSE = re.compile("我们?在|我于|微信|短信|电话|合同|条款|业务员|聊天")

_LABELS = {
    "from": "发件人|發件人|寄件者|寄件人|发信人|發信人|发送人|傳送者|自|From",
    "date": "发送时间|發送時間|发送日期|寄件日期|傳送時間|傳送日期|发件时间|发信时间|日期|时间|時間|Sent|Date",
    "to": "收件人|收件者|收信人|至|To",
    "cc": "抄送人|抄送者|抄送|副本|密送|Cc|Bcc|回复地址|Reply-To",
    "subject": "主题|主題|主旨|标题|標題|Subject",
}


def _label_pattern() -> re.Pattern[str]:
    """发 件 人 may be spaced out, set in bold stars or in a table's bars."""
    named = []
    for name, alternatives in _LABELS.items():
        spaced = [r"\s*".join(word) if not word.isascii() else re.escape(word) for word in alternatives.split("|")]
        named.append(f"(?P<{name}>{'|'.join(spaced)})")
    return re.compile(rf"^[\s>|*•·]*(?:{'|'.join(named)})[\s*|]*(?:[:：][\s*|]*|(?<=[\s|]))(?P<value>.*)$", re.I)


_LABEL = _label_pattern()
_RULER = re.compile(r"^[\s>]*[-_—=＿]{5,}\s*$")
_QUOTED_LINE = re.compile(r"^\s*[>＞]")
_DEVICES = (
    "iPhone|iPad|iOS|手机|手機|Android|安卓|Outlook|Foxmail|邮箱|郵箱|邮件|郵件|大师|客户端|HUAWEI|华"
    "为|小米|vivo|OPPO|荣耀|HONOR|三星|Samsung"
    "|Galaxy|Mac|Windows|Redmi|红米|一加|realme|Yahoo|Gmail|Hotmail|魅族|努比亚|平板|Pad|移动设备|行"
    "動裝置|App|MIUI|鸿蒙"
)
_DEVICE = re.compile(
    rf"^[\s>—–*|-]*(?:(?:发自|發自|来自|來自|寄自|发送自|傳送自)\s*我的\s*\S.{{0,30}}"
    rf"|(?:发自|發自|来自|來自|寄自|发送自|傳送自)\s*.{{0,20}}(?:{_DEVICES}).{{0,40}}"
    rf"|(?:从|從)我的\s*.{{1,25}}(?:发送|傳送|發送|寄出|发出)|(?:从|從|通过|透過"
    rf"|使用)\s*.{{0,25}}(?:{_DEVICES}).{{0,15}}(?:发送|傳送|發送|寄出)"
    r"|Sent (?:from|via|with) .{1,60}|Get Outlook for .{1,60}|(?:获取|取得|下载|下載)\s*.{0,12}Outlook.{0,60}"
    r"|签名由.{0,20}(?:网易邮箱大师|邮箱大师).{0,20}|\|?\s*(?:网易)?邮箱大师\s*)[\s.。|]*$",
    re.I,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cut:
    """A mail in two: own words, and what was set apart, with the names of the rules that did it."""

    text: str
    quoted: str = ""
    rules: tuple[str, ...] = ()


@dataclass(kw_only=True, slots=True)
class _Lines:
    """The lines of a mail, and which of them are quoted."""

    lines: list[str]
    quoted: list[bool]
    rules: dict[str, None] = field(default_factory=dict)

    def mark(self, start: int, end: int, rule: str) -> None:
        for at in range(start, min(end, len(self.lines))):
            self.quoted[at] = True
        self.rules.setdefault(rule)

    def next_said(self, at: int) -> int:
        """The first line from ``at`` on that is not blank."""
        while at < len(self.lines) and not self.lines[at].strip():
            at += 1
        return at


def whole(text: str) -> Cut:
    """A first message: nothing is cut but the line a telephone adds."""
    lines = without_marks(text).split("\n")
    kept = [line for line in lines if not _DEVICE.match(line)]
    devices = [line for line in lines if _DEVICE.match(line)]
    if not any(line.strip() for line in kept):
        return Cut(text=tidy("\n".join(lines)))
    return Cut(text=tidy("\n".join(kept)), quoted="\n".join(devices), rules=("device",) if devices else ())


def reply(text: str, *, ours: str, forward: bool) -> Cut:
    """A message in an open case: without quotes of our mails. ``ours``: our address; ``forward``: by the subject."""
    found = _marked(text)
    _scan(found, ours.lower(), forward)
    own = [line for line, quoted in zip(found.lines, found.quoted, strict=True) if not quoted]
    if not any(line.strip() and not _DEVICE.match(line) for line in own) and not _quotes_us(found, ours.lower()):
        return whole(text)
    return _parted(found)


def _parted(found: _Lines) -> Cut:
    own: list[str] = []
    apart: list[str] = []
    for line, quoted in zip(found.lines, found.quoted, strict=True):
        device = not quoted and _DEVICE.match(line) is not None
        if device:
            found.rules.setdefault("device")
        (apart if quoted or device else own).append(line)
    return Cut(text=tidy("\n".join(own)), quoted=tidy("\n".join(apart)), rules=tuple(found.rules))


def _marked(text: str) -> _Lines:
    """Lines with what html.py already knows to be quoted."""
    found = _Lines(lines=[], quoted=[])
    depth, rest = 0, False
    for piece in re.split(f"([{QUOTE_OPENS}{QUOTE_ENDS}{REST_IS_QUOTED}])", text):
        if piece == QUOTE_OPENS:
            depth += 1
        elif piece == QUOTE_ENDS:
            depth = max(0, depth - 1)
        elif piece == REST_IS_QUOTED:
            rest = True
        else:
            lines = piece.split("\n")
            found.lines += lines
            found.quoted += [bool(depth or rest)] * len(lines)
    if any(found.quoted):
        found.rules.setdefault("html")
    return found


def _scan(found: _Lines, ours: str, forward: bool) -> None:
    at = 0
    while at < len(found.lines):
        line = found.lines[at]
        if found.quoted[at] or not line.strip():
            at += 1
        elif _QUOTED_LINE.match(line):
            found.mark(at, at + 1, "angle")
            at += 1
        elif length := _attribution(found, at):
            found.mark(at, at + length, "attribution")
            at += length
            after = found.next_said(at)
            if after < len(found.lines) and not found.quoted[after] and not _QUOTED_LINE.match(found.lines[after]):
                found.mark(at, len(found.lines), "attribution")
        elif rule := _block(found, at):
            if _is_evidence(found, at, ours, forward):
                return
            found.mark(at, len(found.lines), rule)
            return
        else:
            at += 1


def _attribution(found: _Lines, at: int) -> int:
    """How many lines "x wrote:" takes, broken as it may be; 0 when there is none."""
    for length in (1, 2, 3):
        lines = found.lines[at : at + length]
        if len(lines) < length or not lines[-1].strip() or any(_QUOTED_LINE.match(line) for line in lines):
            return 0
        joined = " ".join(line.strip() for line in lines)
        if len(joined) > 300:
            return 0
        if _is_attribution(joined):
            return length
    return 0


def _is_attribution(line: str) -> bool:
    if _BARE_ATTRIBUTION.match(line):
        return True
    if not _ATTRIBUTION.match(line):
        return False
    if _ADDRESSED.search(line):
        return _DATED.search(line) is not None or re.search(_DAY, line) is not None or len(line) < 120
    return bool(_DATED.search(line) and _OPENS_ATTRIBUTION.match(line) and not _PROSE.search(line))


def _block(found: _Lines, at: int) -> str:
    """The rule by which a quote of the rest begins at this line; empty when none does."""
    line = found.lines[at].strip()
    if _SEPARATOR.match(line) or _BEGIN_FORWARD.match(line):
        return "separator"
    if _RULER.match(line):
        after = found.next_said(at + 1)
        return "block" if after - at <= 3 and _heads_a_mail(found, after) else ""
    return "block" if _heads_a_mail(found, at) else ""


def _heads_a_mail(found: _Lines, at: int) -> bool:
    """Sender and at least one more of a mail's header lines, close together."""
    labels = _labels(found, at)
    return "from" in labels and len(labels) >= 2 and next(iter(labels)) in {"from", "date", "subject"}


def _labels(found: _Lines, at: int) -> dict[str, str]:
    """The header lines from here: which of a mail's fields, with their values."""
    labels: dict[str, str] = {}
    misses = 0
    for line in found.lines[at : at + 14]:
        match = _LABEL.match(line)
        if match and match.lastgroup:
            name = next(name for name in _LABELS if match[name])
            if name in labels:
                break  # a list of something, not the head of a mail
            labels[name] = match["value"]
            misses = 0
        elif not labels or misses >= 2:
            break
        else:
            misses += 1  # a long list of recipients goes on in the next line
    return labels


def _is_evidence(found: _Lines, at: int, ours: str, forward: bool) -> bool:
    """Forwarded, and not from us: what the writer wants us to read."""
    start = found.next_said(at + (0 if _LABEL.match(found.lines[at]) else 1))
    sender = _labels(found, start).get("from", "")
    if not sender or ours in sender.lower():
        return False
    return forward or _FORWARD_TITLE.search(found.lines[at]) is not None


def _quotes_us(found: _Lines, ours: str) -> bool:
    return any(quoted and ours in line.lower() for line, quoted in zip(found.lines, found.quoted, strict=True))


def recipient_of_our_mail(quoted: str, ours: str) -> str:
    """To whom the quoted mail of ours went, as the quote itself says; empty when it does not."""
    found = _Lines(lines=quoted.split("\n")[:200], quoted=[])
    for at, line in enumerate(found.lines):
        match = _LABEL.match(line)
        if match and match["from"] and ours.lower() in match["value"].lower():
            address = _ADDRESSED.search(_labels(found, at).get("to", ""))
            return address[0].strip('<＜(["“;>').lower() if address else ""
    return ""
