"""A mail of ours that came back: to whom it did not get, whether for ever, and which one it was.

RFC 3464 (delivery status), RFC 3463 (status codes), and the letters that QQ, 163, qmail and old Exchange write instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from channels.email.reading import limits
from channels.email.reading.headers import Headers, addresses, message_ids, parse_fields
from channels.email.reading.mime import split_headers
from channels.email.reading.threads import number_of_message_id, numbers_in

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.])(?:#|SMTP[^\d]{0,20})?\b([45])([0-5]\d)\b(?=[ \-:,，(]|$)", re.M)
_MESSAGE_ID_LINE = re.compile(r"^[>\s]*Message-ID:\s*(<[^<>\s]+>)", re.I | re.M)
_COPY_BEGINS = re.compile(
    r"(?im)^(?:[-\s>]*(?:below this line is a copy|--- .*returned)|[->]{2,}\s*(?:original message|原始?邮件|邮件原文))"
)
_FAILED_ADDRESS = re.compile(
    r"(?:收件人|收信人|收件者|recipient|address|to|无法(?:送达|发送|投递)到?|無法(?:傳送|送達"
    r"|遞送)到?|failed:?|地址)[^\n@]{0,60}?"
    r"[<(（“\"]?([\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+\.\w+)",
    re.I,
)
_NO_SUCH_USER = re.compile(
    r"(?:user|mailbox|recipient|account|address)[^.\n]{0,40}(?:not found|unknown|does(?:n't"
    r"| not) exist|unavailable|invalid|no such|disabled)"
    r"|no such (?:user|recipient|mailbox)|unknown user|(?:用户|收件人|邮箱|郵箱|帐号|账号|地址"
    r"|使用者)[^。\n]{0,20}(?:不存在|未找到|已注销|被禁用|无效|不正確|有误)|不存在的?(?:用户"
    r"|邮箱|邮箱地址)",
    re.I,
)
_FULL = re.compile(
    (
        r"(?:mailbox|quota|inbox)[^.\n]{0,20}(?:full|exceed)|over quota|(?:邮箱|郵箱|信箱|容量|空间"
        r"|空間)[^。\n]{0,12}(?:已满|已滿|满了|不足|超限)"
    ),
    re.I,
)
_DELAYED = re.compile(
    (
        r"\bdelayed?\b|will (?:retry|keep trying|be retried)|still (?:trying|being retried)|稍后重试"
        r"|继续(?:尝试|重试|投递)|延迟|暂时|延遲|暫時"
    ),
    re.I,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounce:
    """One failed delivery. ``permanent``: this address will never do."""

    recipient: str = ""
    status: str = ""
    permanent: bool = False
    message_id: str = ""  # of the mail of ours that came back
    number: str = ""  # the complaint it was about
    by: str = ""  # returned_message or returned_subject: how the number is known


def read_bounce(
    text: str,
    subject: str,
    headers: Headers,
    reports: list[tuple[str, bytes]],
    returned: list[bytes],
    *,
    ours: str,
    domain: str,
) -> Bounce:
    """What came back, from the report if there is one, else from the letter's words."""
    recipient, status, action = _from_reports(reports)
    recipient = recipient or _recipient(text, headers, ours)
    status = status or _status(text)
    message_id, returned_subject, returned_to = _returned(text, reports, returned, domain)
    number = number_of_message_id(message_id, domain)
    by = "returned_message" if number else ""
    if not number:
        number = next(iter((*numbers_in(returned_subject), *numbers_in(subject), *numbers_in(text))), "")
        by = "returned_subject" if number else ""
    return Bounce(
        recipient=recipient or returned_to,
        status=status,
        permanent=_is_permanent(status, action, f"{subject}\n{text}"),
        message_id=message_id,
        number=number,
        by=by,
    )


def _from_reports(reports: list[tuple[str, bytes]]) -> tuple[str, str, str]:
    """Recipient, status and action of the first failed recipient in a delivery-status part."""
    best = ("", "", "")
    for kind, content in reports:
        if "delivery-status" not in kind:
            continue
        for block in re.split(rb"\r?\n[ \t]*\r?\n", content)[:50]:
            group = Headers(fields=parse_fields(block.lstrip(b"\r\n")))
            recipient = _typed(group.text("final-recipient")) or _typed(group.text("original-recipient"))
            action = group.plain("action").split(" ")[0]
            if not recipient and not action:
                continue
            status = _STATUS.search(group.plain("status")) or _STATUS.search(group.plain("diagnostic-code"))
            found = (recipient, status[0] if status else "", action)
            if action in {"failed", "failure"}:
                return found
            best = best if best[0] else found
    return best


def _typed(value: str) -> str:
    """rfc822; a@b → a@b."""
    found = addresses(value.rpartition(";")[2])
    return found[0] if found else ""


def _recipient(text: str, headers: Headers, ours: str) -> str:
    failed = headers.text("x-failed-recipients")
    if failed:
        return next(iter(addresses(failed)), "")
    letter = _before_returned(text)
    named = [match[1].lower().rstrip(".") for match in _FAILED_ADDRESS.finditer(letter)]
    others = [*named, *addresses(letter)]
    domain = ours.rpartition("@")[2].lower()
    return next((found for found in others if not _is_machine(found) and found.rpartition("@")[2] != domain), "")


def _is_machine(address: str) -> bool:
    return bool(re.match(r"(?:mailer-daemon|postmaster|mail-daemon|no-?reply)\b", address, re.I))


def _before_returned(text: str) -> str:
    """The letter without the copy of our mail below it."""
    return _COPY_BEGINS.split(text)[0][:20_000]


def _status(text: str) -> str:
    letter = _before_returned(text)
    if match := _STATUS.search(letter):
        return match[0]
    if _FULL.search(letter):
        return "5.2.2" if not _DELAYED.search(letter) else "4.2.2"
    if _NO_SUCH_USER.search(letter):
        return "5.1.1"
    if match := _REPLY_CODE.search(letter):
        return f"{match[1]}.0.0"
    return ""


def _is_permanent(status: str, action: str, text: str) -> bool:
    if action in {"delayed", "delivered", "relayed", "expanded"}:
        return False
    if status:
        return status.startswith("5")
    if action in {"failed", "failure"}:
        return True
    return not _DELAYED.search(text)


def _returned(text: str, reports: list[tuple[str, bytes]], returned: list[bytes], domain: str) -> tuple[str, str, str]:
    """Message-ID, subject and recipient of our mail, from its copy, its headers, or the words around."""
    copies = [content for kind, content in reports if "headers" in kind]
    for content in (*returned, *copies):
        block, _ = split_headers(content[: limits.HEADER_BYTES].lstrip(b"\r\n"))
        fields = Headers(fields=parse_fields(block))
        ids = message_ids(fields.raw("message-id"))
        to = next(iter(addresses(fields.text("to"))), "")
        if ids or fields.has("subject"):
            return (ids[0] if ids else ""), fields.text("subject"), to
    ids_in_words = [
        found for found in _MESSAGE_ID_LINE.findall(text[:200_000]) if found.lower().endswith(f"@{domain}>")
    ]
    named = re.search(r"(?im)^[>\s]*(?:Subject|主题|主旨|邮件主题)\s*[:：]\s*(.+)$", text)
    return (ids_in_words[0] if ids_in_words else ""), (named[1] if named else ""), ""
