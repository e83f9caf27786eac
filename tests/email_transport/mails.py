"""Customers' mails for these tests."""

from __future__ import annotations


def mail(
    number: int = 1,
    *,
    sender: str = "wang@example.cn",
    body: str = "",
    message_id: str = "",
    headers: tuple[str, ...] = (),
) -> bytes:
    """A complaint by mail; each number is another mail."""
    lines = [
        *headers,
        f"From: =?utf-8?B?546L5aeQ?= <{sender}>",
        "To: tousu@insurer.example",
        "Date: Mon, 23 Nov 2026 09:30:00 +0800",
        "Subject: =?utf-8?B?5oqV6K+J?=",
        f"Message-ID: {message_id or f'<mail.{number}@example.cn>'}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        body or f"第{number}封：我要投诉，理赔拖了两个月。",
        "",
    ]
    return "\r\n".join(lines).encode()


def huge_mail(size: int) -> bytes:
    """A mail of about so many bytes, its lines all different, so that a piece in the wrong place shows."""
    line = "{:010d}:证据照片证据照片证据照片证据照片证据照片证据照片证据照片"
    lines = size // (len(line.format(0).encode()) + 2)
    return mail(900, body="\r\n".join(line.format(number) for number in range(lines)))
