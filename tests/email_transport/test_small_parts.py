"""The pieces that can be looked at by themselves: settings, addresses, IMAP words, keys."""

from __future__ import annotations

import imaplib
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email.addresses import bounce_address, deliverable, outbound_of_bounce
from channels.email.fetching import planned
from channels.email.imap_words import Record, found_uids, mailbox_name, quoted, records, uid_set
from channels.email.keys import key_of, sender_of, split
from channels.email.limits import Limits
from channels.email.settings import EmailSettings, Security, parse_imap_url, parse_smtp_url
from channels.errors import Rejected
from tests.email_transport.mails import mail

# -- settings ---------------------------------------------------------------------------------------------------------


def test_a_mailbox_is_named_by_one_url() -> None:
    server = parse_imap_url("imaps://tousu%40insurer.example:p%40ss%3Aw%2Frd@imap.163.com/INBOX")
    assert (server.user, server.password) == ("tousu@insurer.example", "p@ss:w/rd")
    assert (server.host, server.port, server.security, server.mailbox) == (
        "imap.163.com",
        993,
        Security.TLS,
        "INBOX",
    )
    assert "p@ss" not in repr(server)


def test_the_usual_ports_are_known() -> None:
    assert parse_smtp_url("smtps://a:b@mail.example.cn").port == 465
    assert parse_smtp_url("smtp+starttls://a:b@mail.example.cn").port == 587
    assert parse_smtp_url("smtp://127.0.0.1:2525").port == 2525


@pytest.mark.parametrize(
    "url",
    [
        "imap://tousu:geheim99@mail.example.cn",
        "imaps://mail.example.cn",
        "pop3://tousu:geheim99@mail.example.cn",
        "imaps://tousu:geheim99@",
        "imaps://tousu:geheim99@mail.example.cn:port",
        "imaps://tousu:geheim99@[mail",
        "imaps://tousu:geheim99%0d%0aLOGOUT@mail.example.cn",
        "",
    ],
)
def test_settings_that_cannot_work_are_refused_by_name_and_without_the_password(url: str) -> None:
    with pytest.raises(ValueError, match="TOUSU_EMAIL_IMAP_URL") as raised:
        EmailSettings(address="tousu@insurer.example", imap_url=url, smtp_url="smtp://127.0.0.1:25")
    assert "geheim99" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_no_password_shows_when_settings_are_printed() -> None:
    settings = EmailSettings(
        address="tousu@insurer.example",
        imap_url="imaps://tousu:geheim99@mail.example.cn",
        smtp_url="smtps://tousu:geheim99@mail.example.cn",
        secret=b"geheim99geheim99",
        verp=True,
    )
    assert "geheim99" not in repr(settings)
    assert "geheim99" not in repr(settings.imap) + repr(settings.smtp)


def test_signed_addresses_need_a_secret() -> None:
    with pytest.raises(ValueError, match="secret"):
        EmailSettings(
            address="tousu@insurer.example",
            imap_url="imaps://tousu:secret@mail.example.cn",
            smtp_url="smtps://tousu:secret@mail.example.cn",
            verp=True,
        )


# -- addresses --------------------------------------------------------------------------------------------------------


@given(st.text(max_size=80))
def test_an_address_is_either_refused_or_safe_in_a_command(address: str) -> None:
    try:
        found = deliverable(address)
    except Rejected:
        return
    assert found.isascii()
    assert found.isprintable()
    assert not set(found) & set("<>() \r\n,;")


@given(st.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True), st.text(max_size=60))
def test_a_bounce_address_opens_only_with_our_secret(outbound_id: str, forged: str) -> None:
    ours = {"address": "tousu@insurer.example", "secret": b"a secret of the tests"}
    made = bounce_address(outbound_id, address="tousu@insurer.example", secret=b"a secret of the tests")
    assert outbound_of_bounce(made.upper().replace(made.upper()[:7], "bounce+", 1), **ours) in ("", outbound_id)  # type: ignore[arg-type] # both are what they say
    assert outbound_of_bounce(made, address="tousu@insurer.example", secret=b"a secret of the tests") == outbound_id
    assert outbound_of_bounce(made, address="tousu@insurer.example", secret=b"another secret") == ""
    assert outbound_of_bounce(forged, address="tousu@insurer.example", secret=b"a secret of the tests") == ""


# -- IMAP words -------------------------------------------------------------------------------------------------------


@given(st.sets(st.integers(1, 5000), max_size=300))
def test_a_set_of_uids_says_exactly_these(uids: set[int]) -> None:
    said: set[int] = set()
    for part in filter(None, uid_set(uids).split(",")):
        first, _, last = part.partition(":")
        said |= set(range(int(first), int(last or first) + 1))
    assert said == uids


def test_mailbox_names_are_in_modified_utf7() -> None:
    assert mailbox_name("已处理") == '"&XfJZBHQG-"'
    assert mailbox_name("R&D") == '"R&-D"'
    assert mailbox_name("Kunden/Entwürfe") == '"Kunden/Entw&APw-rfe"'
    assert mailbox_name('a"b\\c') == '"a\\"b\\\\c"'


@given(st.text(max_size=40))
def test_a_quoted_word_is_read_back_as_it_was(word: str) -> None:
    inner = quoted(word)[1:-1]
    assert inner.replace('\\"', '"').replace("\\\\", "\\") == word or "\\" in word
    assert not inner.replace("\\\\", "").replace('\\"', "").count('"')


def test_a_fetch_response_is_read_whatever_the_order_of_its_parts() -> None:
    lines: list[bytes | bytearray] = [
        b"1 FETCH (UID 7 BODY[] {5}",
        bytearray(b"a)(\r\n"),
        b")",
        b"2 FETCH (BODY[]<0> {3}",
        bytearray(b"b{3"),
        b' UID 8 INTERNALDATE " 3-Nov-2026 09:30:00 +0800" RFC822.SIZE 3)',
        b"3 FETCH (UID 9 BODY[] NIL)",
        b'4 FETCH (UID 10 BODY[] "q\\"t")',
        b"5 FETCH (FLAGS (\\Seen))",
        b"Fetch completed.",
    ]
    found = {record.uid: record for record in records(lines)}
    assert [record.body for record in found.values()] == [b"a)(\r\n", b"b{3", b"", b'q"t']
    assert found[8].size == 3
    assert found[8].internaldate == datetime(2026, 11, 3, 1, 30, tzinfo=UTC)


@given(st.lists(st.one_of(st.binary(max_size=60), st.binary(max_size=60).map(bytearray)), max_size=8))
def test_no_response_breaks_the_reading_of_it(lines: list[bytes | bytearray]) -> None:
    assert all(record.uid >= 0 for record in records(lines))
    found_uids([bytes(line) for line in lines])


def test_found_uids_leave_out_the_tagged_line() -> None:
    assert found_uids([b"3 1 2", b"", b"7", b"Search completed (0.001 secs)."]) == [1, 2, 3, 7]
    assert found_uids([b"", b"5"]) == []


@given(st.lists(st.integers(0, 20_000_000), max_size=80))
def test_ranges_hold_every_mail_once_and_stay_within_bounds(sizes: list[int]) -> None:
    limits = Limits()
    known = [Record(uid=number, size=size) for number, size in enumerate(sizes, start=1)]
    ranges = planned(known, limits)
    assert [record for wanted in ranges for record in wanted] == known
    for wanted in ranges:
        assert len(wanted) <= limits.range_mails
        assert len(wanted) == 1 or sum(record.size or 0 for record in wanted) <= limits.range_bytes


# -- keys -------------------------------------------------------------------------------------------------------------


def test_a_mail_that_came_by_another_relay_is_the_same_mail() -> None:
    there = mail(1, headers=("Received: from a by b; Mon, 23 Nov 2026 09:30:01 +0800", "X-Spam-Score: 1"))
    here = mail(1, headers=("Return-Path: <wang@example.cn>", "Received: from c by b; Mon, 23 Nov 2026 10:00:00 +0800"))
    assert key_of(there) == key_of(here) == key_of(there.replace(b"\r\n", b"\n"))


def test_a_mail_with_folded_headers_is_the_same_mail() -> None:
    plain = mail(1)
    folded = plain.replace(b"From: =?utf-8?B?546L5aeQ?= <", b"FROM:  =?utf-8?B?546L5aeQ?=\r\n\t<")
    assert key_of(plain) == key_of(folded)


def test_one_message_id_with_two_texts_is_two_mails() -> None:
    assert key_of(mail(1, message_id="<same@example.cn>")) != key_of(mail(2, message_id="<same@example.cn>"))


def test_without_a_message_id_every_line_of_the_writer_counts_and_none_of_the_relays() -> None:
    plain = mail(1).replace(b"Message-ID: <mail.1@example.cn>\r\n", b"")
    assert key_of(plain) == key_of(b"Received: from a by b\r\nDelivered-To: x@y.cn\r\n" + plain)
    assert key_of(plain) != key_of(b"X-Mailer: Foxmail\r\n" + plain)
    empty = plain.replace(b"Subject", b"Message-ID: \r\nSubject")
    assert key_of(empty) != key_of(mail(1))


def test_a_header_folded_ten_thousand_times_takes_no_time() -> None:
    raw = b"From: a@b.cn\r\nMessage-ID: <1@b.cn>\r\nX:" + b"\r\n y" * 60_000 + b"\r\n\r\nbody"
    began = time.process_time()
    key_of(raw)
    sender_of(raw)
    assert time.process_time() - began < 1


@given(st.binary(max_size=400))
def test_every_heap_of_bytes_has_a_key_and_a_sender(raw: bytes) -> None:
    assert len(key_of(raw)) == 64
    assert isinstance(sender_of(raw), bytes)
    head, body = split(raw)
    assert raw.startswith(head)
    assert raw.endswith(body)


def test_the_library_for_imap_agrees_on_quoting() -> None:
    assert quoted('a "b" \\c') == imaplib.IMAP4._quote(imaplib.IMAP4.__new__(imaplib.IMAP4), 'a "b" \\c')  # type: ignore[attr-defined] # a second opinion
