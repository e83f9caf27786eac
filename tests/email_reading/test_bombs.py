"""Mails made to break the reader, and mails that are simply broken: read as far as they go, within a second or so."""

from __future__ import annotations

import time

import pytest

from channels.email.reading import limits
from tests.email_reading.build import GRIEVANCE, NUMBER, block, bundle, encoded, envelope, letter, multipart, part, read


def nested(depth: int, kind: str = "mixed") -> bytes:
    head = b"".join(
        f"Content-Type: multipart/{kind}; boundary=b{at}\r\n\r\n--b{at}\r\n".encode() for at in range(depth)
    )
    return block(envelope()) + head + b"Content-Type: text/plain\r\n\r\nhello"


BOMBS = {
    "2,000 nested multiparts": nested(2_000),
    "1,000 nested messages": block(envelope()) + b"Content-Type: message/rfc822\r\n\r\n" * 1_000 + b"hello",
    "20,000 tiny parts": bundle(multipart("mixed", *[part("a", encoding="7bit")] * 20_000)),
    "20,001 addresses": block([*envelope(), ("Cc", ", ".join(f"a{at}@b.example" for at in range(20_001)))])
    + part(GRIEVANCE),
    "8,000 encoded words": letter(subject=b" ".join([encoded("投").encode()] * 8_000)),
    "100,000 headers": block([*envelope(), *[("X-A", "b")] * 100_000]) + part(GRIEVANCE),
    "one long header": block([*envelope(), ("X-A", "b" * 3_000_000)]) + part(GRIEVANCE),
    "5,000 brackets": letter(sender=b"(" * 5_000 + b" <a@b.example>"),
    "a sender of brackets": letter(sender=b"<" * 50_000),
    "at signs": letter(sender=b"a@" * 50_000),
    "a boundary of nothing": bundle(b'Content-Type: multipart/mixed; boundary=""\r\n\r\n--\r\n\r\nhello\r\n----\r\n'),
    "rules and blanks": letter(
        "-" * 200_000 + "\n" + " " * 200_000 + "\n" + "> " * 100_000,
        extra=[("In-Reply-To", f"<ack.{NUMBER}.1@insurer.example>")],
    ),
    "many attributions": letter("在 2026-11-01 10:02 写道\n" * 20_000, subject=NUMBER),
    "many labels": letter("From: a\n" * 20_000, subject=NUMBER),
    "a parameter without end": block([*envelope(), ("Content-Type", "text/plain; " + "a*0*=x;" * 20_000)])
    + b"\r\nhello",
    "semicolons and quotes": block([*envelope(), ("Content-Disposition", '";' * 15_000)]) + b"\r\nhello",
    "zeros": letter(b"\0" * 1_000_000, encoding="8bit"),
    "an unclosed tag": letter("<" * 300_000, "text/html; charset=utf-8"),
    "a deep table": letter("<table><tr><td>" * 3_000 + GRIEVANCE, "text/html; charset=utf-8"),
    "a style sheet of braces": letter("<style>" + "{" * 100_000 + "</style><p>您好</p>", "text/html; charset=utf-8"),
    "a style of blanks": letter(
        '<p style="overflow:hidden' + ";width:0" * 20_000 + '">您好</p>', "text/html; charset=utf-8"
    ),
    "many small quotes": letter("<blockquote>a</blockquote>b" * 5_000, "text/html; charset=utf-8", subject=NUMBER),
    "brackets of comments": block([("Authentication-Results", "(" * 30_000), *envelope()]) + part(GRIEVANCE),
    "plus signs": letter("+" * 500_000),
    "tildes": letter("~{" * 300_000),
    "a long line of a": letter("a" * 2_000_000),
    "a long line of at signs": letter(
        "a@a." * 300_000, sender="MAILER-DAEMON <mailer-daemon@a.example>", subject="failure notice"
    ),
    "begin and begin": letter("begin 644 a\n" * 20_000),
    "TS and TS": letter("TS-261101-" * 100_000),
    "digits": letter("1" * 1_000_000),
    "Chinese without end": letter("我要投诉" * 200_000),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_costs_little_and_breaks_nothing(bomb: str) -> None:
    started = time.process_time()
    mail = read(BOMBS[bomb])
    assert time.process_time() - started < 3.0
    assert mail.received_at is not None
    assert len(mail.attachments) <= limits.ATTACHMENTS
    assert not [warning for warning in mail.warnings if warning.startswith("unreadable_mail")]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n",
        b"\0",
        b"hello",
        b"\r\n\r\nhello",
        b":\r\n\r\n",
        b"Subject",
        b"\xff\xfe\x00",
        b"From: \r\nSubject:\r\n",
        b"Content-Type: multipart/mixed\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b--\r\n",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\n--b--",
        b"Message-ID: <[b378@microsoft.com]>\r\nFrom: =?UTF-8?Q?=0A...?=\r\n\r\nhello",
        b"From: \xed\xa0\x80@x.example\r\nSubject: \xed\xa0\x80\r\n\r\n\xed\xa0\x80",
        b"From nobody Mon Nov  9 13:20:31 2026\r\nSubject: mbox\r\n\r\nhello",
        b"Content-Type: text/html\r\n\r\n\xed\xa0\x80&#xD800;&#0;",
        b"Content-Type: message/rfc822\r\n\r\n",
        b"Content-Transfer-Encoding: base64\r\n\r\n=",
        b"Date: Mon, 99 Nov 99999 99:99:99 +9999\r\nReceived: by mx.insurer.example; nonsense\r\n\r\nx",
        b"Content-Type: application/pkcs7-mime\r\n\r\n0\x84\xff\xff\xff\xff\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02",
    ],
)
def test_the_broken_are_read_as_far_as_they_go(raw: bytes) -> None:
    read(raw)


def test_a_mail_with_unix_line_ends_is_read_like_any() -> None:
    raw = bundle(multipart("mixed", part(GRIEVANCE), part(b"x", "image/png; name=a.png")))
    mail = read(raw.replace(b"\r\n", b"\n"))
    assert mail.text == GRIEVANCE
    assert mail.attachments[0].content == b"x"


def test_a_multipart_that_is_never_closed_is_read_to_its_end() -> None:
    raw = bundle(multipart("mixed", part(GRIEVANCE), part(b"x", "image/png; name=a.png"))).removesuffix(b"--\r\n")[:-6]
    mail = read(raw)
    assert mail.text == GRIEVANCE
    assert [file.name for file in mail.attachments] == ["a.png"]
    assert "multipart_not_closed" in mail.warnings


def test_a_wrong_boundary_is_guessed() -> None:
    raw = bundle(multipart("mixed", part(GRIEVANCE), part(b"x", "image/png; name=a.png"))).replace(
        b'boundary="=_b1"', b'boundary="other"'
    )
    mail = read(raw)
    assert mail.text == GRIEVANCE
    assert "boundary_guessed" in mail.warnings


def test_a_multipart_without_parts_keeps_its_words() -> None:
    mail = read(bundle(f"Content-Type: multipart/mixed; boundary=b\r\n\r\n{GRIEVANCE}".encode()))
    assert GRIEVANCE in mail.text
    assert "multipart_without_parts" in mail.warnings


def test_control_characters_do_not_reach_anybody() -> None:
    mail = read(
        letter(
            "\ufeff我叫郝帅\0，电话13503518842。\b\b\x1b[31m你们的短信\x1b[0m每天三条，\u2028请停止\x1a",
            sender="郝帅\x1b[31m <hao@qq.example>",
        )
    )
    assert mail.text == "我叫郝帅，电话13503518842。你们的短信每天三条，\n请停止"
    assert mail.sender_name == "郝帅"


def test_a_mail_over_the_limit_is_read_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAIL_BYTES", 3_000)
    mail = read(letter(GRIEVANCE + "长" * 5_000, encoding="8bit"))
    assert mail.text.startswith(GRIEVANCE)
    assert "mail_too_large" in mail.warnings


def test_even_a_failing_reader_tells_who_wrote(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr("channels.email.reading.read.read_body", fail)
    mail = read(letter())
    assert mail.sender == "zhang.min@qq.example"
    assert mail.subject == "投诉"
    assert "unreadable_mail:RecursionError" in mail.warnings
    assert not mail.may_acknowledge
