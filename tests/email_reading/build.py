"""Mails as senders write them, built byte by byte."""

from __future__ import annotations

import base64
import quopri
from collections.abc import Iterable

from channels.email.reading import Mail, Own, read_mail

OWN = Own(address="tousu@insurer.example")
SENDER = "zhang.min@qq.example"
NUMBER = "TS261101000017"
ACK_ID = f"<ack.{NUMBER}.1@insurer.example>"
ACK = (
    f"【收到】已收到您的投诉，编号{NUMBER}，收到时间2026年11月1日。我们将在3个工作日内联系您。\n"
    "为便于处理，请一次补充：1. 保单号；2. 您希望我们怎样解决\n澄江保险消费者权益保护部"
)
GRIEVANCE = (
    "我叫张敏，电话13812345678，保单号CJ32000660018842。你们拒赔我的住院费3,200元，没有道理，要求重新审核并赔付。"
)

Header = tuple[str, str | bytes]


def received(by: str = "mx.insurer.example", date: str = "Mon, 09 Nov 2026 13:20:31 +0800") -> Header:
    return (
        "Received",
        (
            f"from mail.out.example (mail.out.example [198.51.100.24])\r\n\tby {by} (Postfix) with ESMTPS "
            f"id 640C93;\r\n\t{date}"
        ),
    )


def auth(dmarc: str = "pass", domain: str = "qq.example", server: str = "mx.insurer.example") -> Header:
    return (
        "Authentication-Results",
        f"{server}; spf=pass smtp.mailfrom={domain}; dkim=pass header.d={domain}; dmarc={dmarc} header.from={domain}",
    )


def encoded(text: str, charset: str = "utf-8", encoding: str = "B") -> str:
    data = text.encode(charset)
    if encoding == "B":
        return f"=?{charset}?B?{base64.b64encode(data).decode()}?="
    return f"=?{charset}?Q?{''.join(f'={byte:02X}' for byte in data)}?="


def envelope(
    sender: str | bytes = f"张敏 <{SENDER}>",
    subject: str | bytes = "投诉",
    extra: Iterable[Header] = (),
    *,
    trace: Iterable[Header] | None = None,
) -> list[Header]:
    """The fields of an ordinary mail; ``extra`` come last, ``trace`` first."""
    fields: list[Header] = list(trace) if trace is not None else [("Return-Path", f"<{SENDER}>"), received(), auth()]
    if isinstance(sender, str):
        name, _, address = sender.rpartition(" ")
        sender = f"{encoded(name)} {address}" if name else address
    fields += [
        ("From", sender),
        ("To", "tousu@insurer.example"),
        ("Subject", encoded(subject) if isinstance(subject, str) else subject),
        ("Date", "Mon, 09 Nov 2026 13:20:31 +0800"),
        ("Message-ID", "<5e353e3053df6d6a@qq.example>"),
        ("MIME-Version", "1.0"),
    ]
    return [*fields, *extra]


def block(fields: Iterable[Header]) -> bytes:
    return b"".join(
        name.encode() + b": " + (value.encode() if isinstance(value, str) else value) + b"\r\n"
        for name, value in fields
    )


def part(
    content: str | bytes, kind: str = "text/plain; charset=utf-8", *, encoding: str = "base64", **fields: str
) -> bytes:
    """One part, its header block and body; keyword names are header fields with _ for -."""
    data = content.replace("\n", "\r\n").encode() if isinstance(content, str) else content
    head: list[Header] = [("Content-Type", kind), ("Content-Transfer-Encoding", encoding)]
    head += [(name.replace("_", "-"), value) for name, value in fields.items()]
    return block(head) + b"\r\n" + transfer(data, encoding)


def transfer(data: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        return base64.encodebytes(data).replace(b"\n", b"\r\n")
    return quopri.encodestring(data).replace(b"\n", b"\r\n") if encoding == "quoted-printable" else data


def multipart(kind: str, *parts: bytes, boundary: str = "=_b1", parameters: str = "") -> bytes:
    """Header block and body of a multipart."""
    line = f"--{boundary}".encode()
    body = b"".join(line + b"\r\n" + piece + b"\r\n" for piece in parts)
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"{parameters}\r\n'.encode()
    return head + b"\r\n" + body + line + b"--\r\n"


def letter(
    content: str | bytes = GRIEVANCE,
    kind: str = "text/plain; charset=utf-8",
    *,
    encoding: str = "base64",
    **how: object,
) -> bytes:
    """A whole mail of one part."""
    return block(envelope(**how)) + part(content, kind, encoding=encoding)  # type: ignore[arg-type]  # passed through as given


def bundle(inner: bytes, **how: object) -> bytes:
    """A whole mail around a multipart."""
    return block(envelope(**how)) + inner  # type: ignore[arg-type]  # passed through as given


def answer(text: str, kind: str = "text/plain; charset=utf-8", **how: object) -> bytes:
    """A reply to our acknowledgement."""
    fields: dict[str, object] = {
        "subject": f"回复：【收到】已收到您的投诉 [{NUMBER}]",
        "extra": [("In-Reply-To", ACK_ID), ("References", ACK_ID)],
    }
    return letter(text, kind, **(fields | how))  # type: ignore[arg-type]  # passed through as given


def read(raw: bytes, **envelope_facts: str) -> Mail:
    return read_mail(raw, OWN, envelope=envelope_facts)
