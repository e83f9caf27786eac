"""An outgoing mail, byte for byte: the same message of ours is the same bytes at every attempt.

The lines are put together here and not by ``email.message``: its folding encodes long Message-IDs as if they were
words, and then no mail program finds the thread (cpython 79986).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from email.header import Header
from email.utils import format_datetime

from channels.base import Outbound, OutboundKind
from channels.email.addresses import deliverable, domain_of, reply_address
from channels.email.settings import EmailSettings

# What the channel said of the item that is answered (Outbound.context).
MESSAGE_ID, REFERENCES, SUBJECT = "message_id", "references", "subject"

# RFC 3834: an answer to a mail, or a mail by our own motion.
AUTO_SUBMITTED = {
    OutboundKind.ANSWER: "auto-replied",
    OutboundKind.RECEIPT: "auto-replied",
    OutboundKind.REMINDER: "auto-generated",
    OutboundKind.STATUS: "auto-generated",
    OutboundKind.NOTICE: "auto-generated",
}
LANGUAGES = {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW", "en": "en"}
SUBJECT_WITHOUT = {"zh-Hans": "投诉处理通知", "zh-Hant": "投訴處理通知", "en": "Your complaint"}
OTHER_TAG = re.compile(r"\s*\[[^\[\]]{0,20}TS\d{12}\]")
NUMBER_TAG = {"zh-Hans": "投诉", "zh-Hant": "投訴", "en": "Complaint"}

LOOP_HEADER = "X-Tousu-Loop"
VALID_ID = re.compile(r"<[!-;=?A-~]{1,250}@[!-;=?A-~]{1,250}>")
CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")
REPLY_PREFIX = re.compile(r"^\s*((re|fwd?|回复|回覆|答复|答覆|转发|轉發)\s*(\[\d+\])?\s*[:：]\s*)+", re.I)
UNSAFE_IN_ID = re.compile(r"[^A-Za-z0-9_-]")
MOST_REFERENCES = 20
LONGEST_SUBJECT = 120


def message_id(outbound: Outbound, address: str) -> str:
    """Our Message-ID for it, the same at every attempt; the complaint number in it lets an answer find its thread."""
    own = UNSAFE_IN_ID.sub("_", outbound.id)
    number = UNSAFE_IN_ID.sub("_", outbound.number)
    return f"<ack.{number}.{own}@{domain_of(address)}>" if number else f"<msg.{own}@{domain_of(address)}>"


def build(outbound: Outbound, settings: EmailSettings) -> bytes:
    """The whole mail with CRLF line ends. Raises Rejected when the address cannot be written to."""
    lines = [f"{name}: {value}" for name, value in _headers(outbound, settings)]
    body = base64.encodebytes(_crlf(outbound.text).encode("utf-8", "replace")).decode("ascii").splitlines()
    return "\r\n".join([*lines, "", *body, ""]).encode("ascii")


def _headers(outbound: Outbound, settings: EmailSettings) -> Iterator[tuple[str, str]]:
    yield "Date", format_datetime(outbound.created_at)
    yield "From", _named(settings.org_name, settings.address)
    yield "To", deliverable(outbound.to.value)
    if settings.reply_token and outbound.number:
        yield "Reply-To", reply_address(outbound.number, address=settings.address, secret=settings.secret)
    yield "Subject", _encoded(subject(outbound), "Subject")
    yield "Message-ID", message_id(outbound, settings.address)
    yield from _thread(outbound)
    yield "Auto-Submitted", AUTO_SUBMITTED.get(outbound.kind, "auto-generated")
    yield "X-Auto-Response-Suppress", "All"
    yield LOOP_HEADER, domain_of(settings.address)
    yield "Content-Language", LANGUAGES.get(outbound.language, "zh-CN")
    yield "MIME-Version", "1.0"
    yield "Content-Type", "text/plain; charset=utf-8"
    yield "Content-Transfer-Encoding", "base64"


def subject(outbound: Outbound) -> str:
    """``Re: <theirs> [投诉 TS…]`` when it answers a mail, else our own subject."""
    theirs = REPLY_PREFIX.sub("", _plain(outbound.context.get(SUBJECT, "")))[:LONGEST_SUBJECT]
    if outbound.number and outbound.number not in theirs:
        theirs = OTHER_TAG.sub("", theirs).strip()  # one mail, one number
    ours = _plain(outbound.subject) or SUBJECT_WITHOUT.get(outbound.language, SUBJECT_WITHOUT["zh-Hans"])
    words = f"Re: {theirs}" if theirs else ours
    if not outbound.number or outbound.number in words:
        return words
    return f"{words} [{NUMBER_TAG.get(outbound.language, NUMBER_TAG['zh-Hans'])} {_plain(outbound.number)}]"


def _thread(outbound: Outbound) -> Iterator[tuple[str, str]]:
    parents = VALID_ID.findall(outbound.context.get(MESSAGE_ID, ""))[:1]
    earlier = [known for known in VALID_ID.findall(outbound.context.get(REFERENCES, "")) if known not in parents]
    if parents:
        yield "In-Reply-To", parents[0]
    if chain := list(dict.fromkeys([*earlier, *parents])):
        # The first names the thread, the last ones its end; what falls out is between them (RFC 5322 3.6.4).
        kept = chain if len(chain) <= MOST_REFERENCES else [chain[0], *chain[-(MOST_REFERENCES - 1) :]]
        yield "References", "\r\n ".join(kept)


def _named(name: str, address: str) -> str:
    return f"{_encoded(_plain(name), 'From')} <{address}>" if _plain(name) else address


def _encoded(words: str, header: str) -> str:
    if words.isascii() and len(words) < 60 and "=?" not in words:
        return words if header == "Subject" else '"{}"'.format(words.replace("\\", "").replace('"', ""))
    return Header(words.encode("utf-8", "replace"), "utf-8", header_name=header).encode(linesep="\r\n")


def _plain(words: str) -> str:
    return " ".join(CONTROL.sub(" ", words).split())


def _crlf(text: str) -> str:
    return "\r\n".join(text.replace("\x00", "").splitlines()) + "\r\n"
