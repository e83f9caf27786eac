"""What our mails look like."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.base import Outbound, OutboundKind
from channels.email.addresses import number_of_reply
from channels.email.message import build, subject
from channels.email.settings import EmailSettings
from normalizer.record import Contact, ContactKind

SETTINGS = EmailSettings(
    address="tousu@insurer.example",
    imap_url="imaps://tousu:secret@mail.insurer.example",
    smtp_url="smtps://tousu:secret@mail.insurer.example",
    secret=b"a secret of the tests",
    org_name="平安示例保险",
)
PLAIN = Outbound(
    id="0a1b",
    channel="email",
    to=Contact(kind=ContactKind.EMAIL, value="wang@example.cn"),
    text="您好",
    kind=OutboundKind.STATUS,
    number="TS261123000010",
    created_at=datetime(2026, 11, 23, 1, 30, tzinfo=UTC),
)


def parsed(outbound: Outbound, settings: EmailSettings = SETTINGS) -> email.message.EmailMessage:
    message = email.message_from_bytes(build(outbound, settings), policy=email.policy.default)
    assert isinstance(message, email.message.EmailMessage)
    return message


def test_it_says_that_no_person_wrote_it_and_wants_no_automatic_answer() -> None:
    message = parsed(PLAIN)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["X-Tousu-Loop"] == "insurer.example"
    assert message["Content-Language"] == "zh-CN"
    assert message["From"] == "平安示例保险 <tousu@insurer.example>"


def test_without_a_mail_to_answer_it_has_a_subject_of_its_own() -> None:
    assert subject(PLAIN) == "投诉处理通知 [投诉 TS261123000010]"
    assert subject(replace(PLAIN, number="", subject="请补充材料")) == "请补充材料"
    assert subject(replace(PLAIN, language="en")) == "Your complaint [Complaint TS261123000010]"


@pytest.mark.parametrize("theirs", ["投诉", "Re: 投诉", "回复：Re: 回复: 投诉", "答复: 投诉"])
def test_re_is_said_once(theirs: str) -> None:
    assert subject(replace(PLAIN, context={"subject": theirs})) == "Re: 投诉 [投诉 TS261123000010]"


def test_a_subject_that_has_the_number_is_left_alone() -> None:
    theirs = "Re: 投诉 [投诉 TS261123000010]"
    assert subject(replace(PLAIN, context={"subject": theirs})) == theirs


def test_a_long_thread_keeps_its_first_and_its_last_mails() -> None:
    chain = [f"<{number}.{'x' * 90}@example.cn>" for number in range(40)]
    message = parsed(replace(PLAIN, context={"message_id": chain[-1], "references": " ".join(chain[:-1])}))
    kept = message["References"].split()
    assert len(kept) == 20
    assert (kept[0], kept[-1]) == (chain[0], chain[-1])
    assert message["In-Reply-To"] == chain[-1]


@pytest.mark.parametrize("theirs", ["<[b378@microsoft.com]>", "no brackets", "<a b@c>", "<王@example.cn>", ""])
def test_a_message_id_that_is_none_is_not_repeated(theirs: str) -> None:
    raw = build(replace(PLAIN, context={"message_id": theirs}), SETTINGS)
    if not theirs.startswith("<["):
        assert b"In-Reply-To" not in raw


def test_an_answer_may_carry_the_number_in_its_address() -> None:
    settings = replace(SETTINGS, reply_token=True)
    reply_to = str(parsed(PLAIN, settings)["Reply-To"])
    assert number_of_reply(reply_to, address=settings.address, secret=settings.secret) == "TS261123000010"
    assert number_of_reply(reply_to, address=settings.address, secret=b"somebody else's") == ""


EXPECTED = {
    "Date",
    "From",
    "To",
    "Subject",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "X-Tousu-Loop",
    "Content-Language",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
}
WILD = st.text(max_size=200)


@given(theirs=WILD, references=WILD, words=WILD, text=WILD, number=WILD, name=WILD)
def test_nothing_that_a_customer_wrote_adds_a_header_or_breaks_the_mail(
    theirs: str, references: str, words: str, text: str, number: str, name: str
) -> None:
    wild = replace(
        PLAIN,
        number=number,
        text=text,
        subject=words,
        context={"subject": theirs, "references": references, "message_id": references},
    )
    raw = build(wild, replace(SETTINGS, org_name=name))
    head, _, _ = raw.partition(b"\r\n\r\n")
    known = {line.partition(b":")[0].decode() for line in head.split(b"\r\n") if not line.startswith(b" ")}
    assert known <= EXPECTED
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) < 998
