"""Which mail is which: the same mail fetched twice, or delivered twice, has one key; a different one never has it.

Relays rewrite what stands above a mail (Received, Return-Path, verdicts), so the hash of all bytes is too exact. A
Message-ID alone is too loose: broken clients and attackers use one twice, and a second text must not be dropped. So
the key is a hash over what the writer wrote: From, Date, Message-ID, Subject and the body. Without a Message-ID it is a
hash over everything but the lines that relays write.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

WRITERS = (b"from", b"date", b"message-id", b"subject")
TRACE = frozenset(
    b"received return-path delivered-to x-received x-original-to x-delivered-to envelope-to x-envelope-to "
    b"authentication-results received-spf arc-seal arc-message-signature arc-authentication-results "
    b"x-spam-status x-spam-score x-spam-level x-spam-flag x-virus-scanned dkim-signature lines xref".split()
)
HEADER_LIMIT = 256 * 1024  # a longer header block is no header block; the rest counts as body
LINE_END = re.compile(rb"\r\n|\n|\r")
SPACE = re.compile(rb"\s+")
ANGLE = re.compile(rb"<([^<>\s]+)>")

Header = tuple[bytes, bytes]


def key_of(raw: bytes) -> str:
    """The key of a mail: 64 hexadecimal characters."""
    head, body = split(raw)
    headers = list(fields(head))
    named = [header for header in headers if header[0] in WRITERS]
    if not any(name == b"message-id" and value for name, value in named):
        named = [header for header in headers if header[0] not in TRACE]
    return _hashed(sorted(named), body)


def split(raw: bytes) -> tuple[bytes, bytes]:
    """Header block and body, parted at the first empty line."""
    ends = [(at, at + len(gap)) for gap in (b"\r\n\r\n", b"\n\n") if (at := raw.find(gap, 0, HEADER_LIMIT)) >= 0]
    if not ends:
        return raw[:HEADER_LIMIT], raw[HEADER_LIMIT:]
    head_end, body_start = min(ends)
    return raw[:head_end], raw[body_start:]


def fields(head: bytes) -> Iterator[Header]:
    """The header fields: lower-case name, value with its folding and spacing made plain."""
    unfolded: list[list[bytes]] = []
    for line in LINE_END.split(head):
        if line[:1] in (b" ", b"\t") and unfolded:
            unfolded[-1].append(line)
        else:
            unfolded.append([line])
    for lines in unfolded:
        name, colon, value = b" ".join(lines).partition(b":")
        if colon:
            yield name.strip().lower(), SPACE.sub(b" ", value).strip()


def sender_of(raw: bytes) -> bytes:
    """The address in From, enough to keep the mails of one person in order; never to be believed."""
    head, _ = split(raw)
    value = next((value for name, value in fields(head) if name == b"from"), b"")
    angles = ANGLE.findall(value)
    return (angles[-1] if angles else value).lower()


def _hashed(headers: list[Header], body: bytes) -> str:
    digest = hashlib.sha256()
    for name, value in headers:
        digest.update(name + b":" + value + b"\n")
    digest.update(b"\n")
    digest.update(body.replace(b"\r\n", b"\n").rstrip(b"\n"))
    return digest.hexdigest()
