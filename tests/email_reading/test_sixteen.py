"""The sixteen mails with which other ticket systems lose, mangle or answer what they should not."""

from __future__ import annotations

import time

import pytest

from channels.email.reading.report import Seen, describe
from normalizer.record import Complaint, Intent, Machine
from tests.email_reading.build import (
    ACK_ID,
    GRIEVANCE,
    NUMBER,
    SENDER,
    answer,
    auth,
    block,
    bundle,
    envelope,
    letter,
    multipart,
    part,
    read,
    received,
)
from tests.email_reading.test_machines import dsn

LONG = "陶喆堃说：镕、€、—，" + GRIEVANCE
OWNER = {NUMBER: {"address": SENDER, "ack_message_id": ACK_ID}}


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(letter(LONG), id="01 UTF-8 base64"),
        pytest.param(letter(LONG, encoding="8bit"), id="02 UTF-8 8bit"),
        pytest.param(letter(LONG.encode("gb18030"), "text/plain; charset=gb18030"), id="03 GB18030 base64"),
        pytest.param(
            letter(LONG.encode("gb18030"), "text/plain; charset=gb2312", encoding="8bit"), id="04 gb2312 that is GBK"
        ),
        pytest.param(
            letter(f"<p>{LONG}</p>".encode("gb18030"), "text/html; charset=gb2312"), id="05 HTML only, gb2312"
        ),
        pytest.param(
            letter(LONG.encode("gb18030"), "text/plain", encoding="8bit", subject="投诉".encode("gbk")),
            id="06 raw GBK everywhere",
        ),
        pytest.param(
            letter(LONG).replace(b"Message-ID: <5e353e3053df6d6a@qq.example>\r\n", b""), id="10 no Message-ID"
        ),
        pytest.param(letter(LONG, subject=""), id="14 empty subject"),
        pytest.param(
            letter(LONG, extra=[("Precedence", "bulk"), ("List-Unsubscribe", "<mailto:u@corp.example>")]),
            id="16 bulk headers",
        ),
    ],
)
def test_a_complaint_is_readable_and_acknowledged(raw: bytes) -> None:
    mail = read(raw)
    assert mail.text == LONG
    assert mail.machine is None
    assert mail.may_acknowledge
    assert mail.sender == SENDER


def test_07_and_08_out_of_office_with_and_without_header() -> None:
    for raw in (
        letter("我正在休假", subject="自动回复: 【收到】", extra=[("Auto-Submitted", "auto-replied")]),
        letter("您好，您的邮件我已经收到，我会尽快给您回复。", subject="自动回复：【收到】"),
    ):
        assert (read(raw).machine, read(raw).may_acknowledge) == (Machine.AUTO_REPLY, False)


def test_09_a_bounce_is_not_acknowledged() -> None:
    assert (read(dsn()).machine, read(dsn()).may_acknowledge) == (Machine.BOUNCE, False)


def test_11_the_same_mail_twice_is_one_message() -> None:
    seen = Seen()
    assert seen.duplicate("a", read(letter())) is None
    assert seen.duplicate("b", read(letter())) == {"of": "a", "same_message": True}


def test_12_a_stranger_in_the_thread_is_for_a_person() -> None:
    mail = read(
        answer("把保单号发给我", sender="路人 <stranger@yeah.example>", trace=[received(), auth(domain="yeah.example")])
    )
    thread = describe("x", mail, Complaint(intent=Intent.OTHER), OWNER, to_json=lambda complaint: {})["thread"]
    assert (thread["token"], thread["same_sender"], thread["review"]) == (NUMBER, False, True)


def test_13_unknown_charset_and_broken_base64_are_read_as_far_as_they_go() -> None:
    body = part(LONG.encode("gb18030"), "text/plain; charset=x-nobody-knows")
    assert LONG in read(block(envelope()) + body[:-6] + b"!" + body[-6:]).text


def test_15_twenty_one_megabytes_are_read_in_a_moment() -> None:
    content = bytes(range(256)) * 60_000
    raw = bundle(multipart("mixed", part(LONG), part(content, "video/mp4; name=a.mp4")))
    started = time.process_time()
    mail = read(raw)
    assert time.process_time() - started < 5.0
    assert (mail.text, mail.attachments[0].content) == (LONG, content)
