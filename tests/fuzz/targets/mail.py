"""Mails, from their first byte to what is submitted."""

from __future__ import annotations

import json
import re

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from channels.email.keys import key_of, sender_of, split
from channels.email.reading import Mail, read_mail, to_submission, wire
from channels.email.reading.limits import ATTACHMENTS, SUBJECT_CHARS, TEXT_CHARS, WARNINGS
from tests.email_reading.build import GRIEVANCE, OWN, answer, bundle, encoded, letter, multipart, part
from tests.email_reading.test_machines import dsn
from tests.email_reading.test_quotes import STYLES
from tests.fuzz.target import Bounds, Target, plainly

# The reader goes on after a mistake of its own and says so; here that is a finding. Others tell of the mail.
LOST = re.compile(r"unreadable_\w+:(?:Type|Attribute|Index|Key|Name|Assertion|Recursion|Overflow|UnboundLocal)Error")
SPREAD = 20  # characters or bytes read for each byte that came: encodings swell, and what is quoted stands twice


def run(data: bytes) -> None:
    mail = read_mail(data, OWN)
    assert not (lost := [each for each in mail.warnings if LOST.match(each)]), lost
    _is_bounded(mail, len(data))
    fields = json.loads(json.dumps(wire.to_fields(mail), ensure_ascii=False).encode("utf-8"))
    assert wire.from_fields(fields, b"".join(file.content for file in mail.attachments)) == mail
    head, body = split(data)
    assert head.rstrip(b"\r\n") + body.lstrip(b"\r\n") == _rejoined(data, head, body)
    key = key_of(data)
    assert to_submission(mail, key, data).raw == data, "what was kept is not what came"
    sender_of(data)


def _rejoined(data: bytes, head: bytes, body: bytes) -> bytes:
    """Head and body are the mail, but for the empty line between them."""
    assert data.startswith(head)
    assert data.endswith(body)
    return head.rstrip(b"\r\n") + body.lstrip(b"\r\n")


def _is_bounded(mail: Mail, size: int) -> None:
    most = SPREAD * size + 2_000
    assert len(mail.text) <= min(most, TEXT_CHARS)
    assert len(mail.quoted) + len(mail.first_text) <= 2 * min(most, 2 * TEXT_CHARS)
    assert sum(len(file.content) for file in mail.attachments) <= most
    assert len(mail.attachments) <= ATTACHMENTS + 1
    assert len(mail.warnings) <= WARNINGS
    assert len(mail.subject) <= SUBJECT_CHARS


def seeds() -> list[bytes]:
    return [
        letter(),
        letter(GRIEVANCE.encode("gbk"), "text/plain; charset=gb2312", encoding="quoted-printable"),
        letter(f"<div>{GRIEVANCE}</div><blockquote>x</blockquote>", "text/html; charset=utf-8", encoding="8bit"),
        *(answer(GRIEVANCE + style, encoding="8bit") for style in STYLES.values()),
        bundle(multipart("mixed", part(GRIEVANCE), part(b"abc" * 50, "application/pdf", Content_Disposition=FILE))),
        bundle(multipart("mixed", part(GRIEVANCE), part(letter(), "message/rfc822"))),
        dsn(),
    ]


FILE = "attachment; filename*=utf-8''%E7%90.pdf"
WORDS = [
    b"\r\n--=_b1\r\n",
    b"--=_b1--\r\n",
    b"\r\n\r\n",
    b"=?gbk?B?",
    b"=?utf-8?Q?=E6",
    b"?=",
    b"Content-Type: multipart/mixed; boundary=b\r\n",
    b"Content-Type: message/rfc822\r\n\r\n",
    b"Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\neJ8+IgA",
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Transfer-Encoding: x-uuencode\r\n",
    b"Content-Disposition: attachment; filename*0*=utf-8''%; filename*1=x\r\n",
    b"filename*=utf-16'';",
    b"Date: Mon, 99 Nov 99999 99:99:99 +9999\r\n",
    b"Received: ",
    b"References: <",
    b"From: ",
    b"charset=utf-7",
    b"charset=utf-16",
    b"charset=idna",
    b"charset=hz-gb-2312",
    b"charset=unicode_escape",
    b"+AGE-",
    b"~{",
    b"\x1b$)A\x0e",
    b"begin 644 x\r\n",
    b"<blockquote>",
    b"<table><tr><td>",
    b"<style>",
    b"<!--",
    b"&#xD800;",
    b"&#99999999;",
    b"\r\n> ",
    "-----原始邮件-----\r\n发件人: ".encode(),
    b"-----BEGIN PGP MESSAGE-----",
    b"\xed\xa0\x80",
]

charsets = st.sampled_from(
    ["utf-8", "gb2312", "gbk", "big5", "hz", "utf-7", "utf-16", "iso-2022-jp", "x-none", "\u7801"]
)
types = st.sampled_from(
    [
        "text/plain",
        "text/html",
        "text/calendar",
        "application/pdf",
        "message/rfc822",
        "application/ms-tnef",
        "message/delivery-status",
        "multipart/alternative",
        "application/pkcs7-mime",
        "TEXT/PLAIN;;",
        "",
        "/",
    ]
)
encodings = st.sampled_from(["7bit", "8bit", "base64", "quoted-printable", "x-uuencode", "", "\u00ff"])
content = st.binary(max_size=120) | st.sampled_from([GRIEVANCE.encode(), GRIEVANCE.encode("gbk"), letter(), b"<p>x"])


def _field(name: str, value: str) -> bytes:
    return f"{name}: {value}\r\n".encode("utf-8", "surrogatepass")


def _part(kind: str, charset: str, encoding: str, name: str, body: bytes) -> bytes:
    head = _field("Content-Type", f'{kind}; charset="{charset}"; boundary=i') + _field(
        "Content-Transfer-Encoding", encoding
    )
    return head + _field("Content-Disposition", f'attachment; filename="{name}"') + b"\r\n" + body


parts = st.builds(_part, types, charsets, encodings, st.text(max_size=12), content)


def _nested(inner: SearchStrategy[bytes]) -> SearchStrategy[bytes]:
    return st.builds(
        lambda kind, mark, held: (
            _field("Content-Type", f"multipart/{kind}; boundary={mark}")
            + b"\r\n"
            + b"".join(b"--" + mark.encode() + b"\r\n" + each + b"\r\n" for each in held)
            + b"--"
            + mark.encode()
        ),
        st.sampled_from(["mixed", "alternative", "related", "report", "signed", "digest"]),
        st.sampled_from(["b", "b1", "=_b", "b b"]),
        st.lists(inner, max_size=4),
    )


headers = st.lists(
    st.builds(
        _field,
        st.sampled_from(
            ["From", "To", "Subject", "Date", "Message-ID", "References", "Auto-Submitted", "Received", "X"]
        ),
        st.text(max_size=40)
        | st.builds(encoded, st.text(max_size=10))
        | st.sampled_from(["<a@b>", '"a" <a@b>, c', ",,<"]),
    ),
    max_size=6,
).map(b"".join)
mails = st.builds(lambda head, body: head + body, headers, st.recursive(parts, _nested, max_leaves=6))

TARGETS = (
    Target(
        name="mail",
        open=plainly(run),
        seeds=seeds,
        shapes=mails,
        words=WORDS,
        bounds=Bounds(steps=60_000, steps_a_byte=150),
    ),
)
