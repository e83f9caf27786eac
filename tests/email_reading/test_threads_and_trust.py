"""Which case a mail belongs to, who vouches for its sender, and when it came."""

from __future__ import annotations

from datetime import datetime

import pytest

from channels.email.reading.report import Seen, describe
from channels.email.reading.submission import to_submission
from normalizer.record import Complaint, Intent, Machine
from tests.email_reading.build import (
    ACK,
    ACK_ID,
    GRIEVANCE,
    NUMBER,
    SENDER,
    Header,
    answer,
    auth,
    block,
    envelope,
    letter,
    part,
    read,
    received,
)

KNOWN = {NUMBER: {"address": SENDER, "ack_message_id": ACK_ID}}


def told(
    raw: bytes, known: dict[str, dict[str, str]] | None = None, intent: Intent = Intent.COMPLAINT
) -> dict[str, object]:
    described = describe(
        "x.eml",
        read(raw),
        Complaint(intent=intent),
        known,
        to_json=lambda complaint: {"intent": complaint.intent.value},
    )
    return described


def to(address: str) -> bytes:
    return block([(name, address if name == "To" else value) for name, value in envelope()]) + part("补充")


@pytest.mark.parametrize(
    ("raw", "by"),
    [
        (answer("补充"), ("in_reply_to", "subject")),
        (letter("补充", extra=[("References", f"<a@b.example> {ACK_ID} <c@d.example>")]), ("in_reply_to",)),
        (letter("补充", subject=f"回复 {NUMBER}"), ("subject",)),
        (letter("补充", subject="补充材料 TS 261101 000017"), ("subject",)),
        (letter("补充", subject="投诉编号：261101000017"), ("subject",)),
        (letter(f"我的编号是{NUMBER}，补充如下"), ("body",)),
        (letter("我的编号是ＴＳ２６１１０１０００１７，补充如下".replace("０１０００１７", "０１０００１７")), ()),
        (letter("编号ＴＳ２６１１０１００００１７，补充如下"), ("body",)),
        (letter(f"补充如下\n\n-----原始邮件-----\n发件人: 澄江 <tousu@insurer.example>\n\n{ACK}"), ("body",)),
        (to(f"tousu+{NUMBER}@insurer.example"), ("plus_address",)),
        (to(f"tousu+{NUMBER.lower()}.a1b2c3d4@insurer.example"), ("plus_address",)),
        (to(f"someone+{NUMBER}@insurer.example"), ()),
        (letter("补充", extra=[("In-Reply-To", f"<ack.{NUMBER}.1@evil.example>")]), ()),
        (letter("金额TS2611010000171234元"), ()),
        (letter("XTS261101000017"), ()),
    ],
)
def test_a_mail_finds_its_case(raw: bytes, by: tuple[str, ...]) -> None:
    mail = read(raw)
    assert mail.thread.by == by
    assert mail.thread.token == (NUMBER if by else "")


def test_a_first_message_that_quotes_somebody_elses_mail_has_no_case() -> None:
    mail = read(letter(f"{GRIEVANCE}\n\n-----原始邮件-----\n发件人: 万经理 <wan@agent.example>\n\n编号如下"))
    assert mail.thread.token == ""
    assert "万经理" in mail.text


def test_two_numbers_are_for_a_person_to_sort_out() -> None:
    raw = answer("补充", subject="回复 [TS261104000031]")
    mail = read(raw)
    assert (mail.thread.token, mail.thread.others) == (NUMBER, ("TS261104000031",))
    assert told(raw, KNOWN)["thread"]["review"] is True  # type: ignore[index]  # a dict by construction


def test_the_owners_reply_is_the_owners() -> None:
    thread = told(answer("补充"), KNOWN)["thread"]
    assert thread == {
        "token": NUMBER,
        "by": ["in_reply_to", "subject"],
        "owner": SENDER,
        "same_sender": True,
        "review": False,
    }


@pytest.mark.parametrize(
    "raw",
    [
        answer("我看到了，把他的保单号发给我", sender="路人 <stranger@yeah.example>"),
        answer("撤回投诉", trace=[("Return-Path", f"<{SENDER}>"), received(), auth("fail")]),
        answer("进度", extra=[("In-Reply-To", ACK_ID), ("From", "真人 <real@qq.example>")]),
    ],
)
def test_a_stranger_or_a_forger_does_not_act_for_the_owner(raw: bytes) -> None:
    thread = told(raw, KNOWN)["thread"]
    assert thread["token"] == NUMBER  # type: ignore[index]  # a dict by construction
    assert thread["same_sender"] is False  # type: ignore[index]  # a dict by construction
    assert thread["review"] is True  # type: ignore[index]  # a dict by construction


def test_without_the_files_the_quote_tells_whose_case_it_is() -> None:
    quote = (
        "\n\n发件人: 澄江 <tousu@insurer.example>\n发送时间: 2026年11月1日\n收件人: 刘玉红 <liuyh@qq.exam"
        f"ple>\n主题: x\n\n{ACK}"
    )
    assert told(answer("补充" + quote))["thread"]["same_sender"] is False  # type: ignore[index]  # a dict by construction
    assert told(answer("补充" + quote, sender="刘玉红 <liuyh@qq.example>"))["thread"]["same_sender"] is True  # type: ignore[index]  # as above
    assert told(letter("查询", subject=f"查询 {NUMBER}"))["thread"]["same_sender"] is False  # type: ignore[index]  # as above


def test_a_number_that_is_no_open_case_is_a_new_case_for_a_person_to_look_at() -> None:
    described = told(letter("补充", subject="TS261231000015"), KNOWN)
    assert described["kind"] == "complaint"
    assert described["thread"]["token"] is None  # type: ignore[index]  # a dict by construction


@pytest.mark.parametrize(
    ("raw", "intent", "kind"),
    [
        (answer("补充"), Intent.SUPPLEMENT, "reply"),
        (answer("撤回"), Intent.WITHDRAW, "withdraw"),
        (answer("进度"), Intent.PROGRESS, "progress"),
        (letter("进度"), Intent.PROGRESS, "progress"),
        (letter(), Intent.COMPLAINT, "complaint"),
        (letter("休假", subject="自动回复: x"), Intent.PROGRESS, "auto_reply"),
    ],
)
def test_kinds_come_from_machine_then_intent_then_thread(raw: bytes, intent: Intent, kind: str) -> None:
    assert told(raw, KNOWN, intent)["kind"] == kind


OURS_PASS, OURS_FAIL = auth("pass"), auth("fail")
FORGED = auth("pass", server="mx.insurer.example")
FOREIGN = auth("fail", server="relay.out.example")
HOP: Header = received("relay.out.example", "Mon, 09 Nov 2026 01:00:00 +0800")


@pytest.mark.parametrize(
    ("trace", "extra", "dmarc"),
    [
        ([received(), OURS_PASS], [], "pass"),
        ([received(), OURS_PASS], [FOREIGN], "pass"),
        ([received(), OURS_FAIL], [FORGED], "fail"),
        ([OURS_FAIL, received()], [FORGED], "fail"),
        ([received(), HOP, FORGED], [], ""),
        ([received()], [FORGED], ""),
        ([received(), FOREIGN, OURS_PASS], [], ""),
        ([received(), FOREIGN], [], ""),
        ([received("imap.insurer.example"), received(), OURS_PASS, HOP], [], "pass"),
        ([("Return-Path", "<a@b.example>"), ("Delivered-To", "x"), received(), OURS_PASS, HOP], [], "pass"),
        (
            [
                received(),
                ("Authentication-Results", "mx.insurer.example 1; dmarc=pass (p=NONE sp=NONE) header.from=qq.example"),
            ],
            [],
            "pass",
        ),
        ([received(), ("Authentication-Results", "mx.insurer.example; none")], [], ""),
        ([], [], ""),
    ],
)
def test_only_the_verdict_of_our_own_server_counts(trace: list[Header], extra: list[Header], dmarc: str) -> None:
    assert read(letter(trace=trace, extra=extra)).auth.dmarc == dmarc


def test_a_verdict_on_another_domain_proves_nothing() -> None:
    mail = read(letter(trace=[received(), auth("pass", "other.example")]))
    assert not mail.auth.aligned
    assert not to_submission(mail, "k", b"").attested


@pytest.mark.parametrize(
    ("trace", "date", "facts", "expected"),
    [
        ([received(date="Mon, 09 Nov 2026 23:30:00 +0000")], "Mon, 01 Jan 2024 00:00:00 +0000", {}, "2026-11-10"),
        ([received("imap.insurer.example", "Tue, 10 Nov 2026 00:00:01 +0800"), received()], "", {}, "2026-11-09"),
        ([received("mail.out.example")], "Tue, 10 Nov 2026 12:00:00 +0800", {}, "2026-11-10"),
        ([], "Tue, 10 Nov 2026 12:00:00", {}, "2026-11-10"),
        ([], "昨天", {"internaldate": "2026-11-12T23:00:00+00:00"}, "2026-11-13"),
        ([], "", {"internaldate": "12-Nov-2026 20:00:00 +0800"}, "2026-11-12"),
        ([], "Tue, 99 Foo 99999 12:00:00", {}, None),
    ],
)
def test_the_day_is_the_day_our_server_took_it(
    trace: list[Header], date: str, facts: dict[str, str], expected: str | None
) -> None:
    fields = [(name, value) for name, value in envelope(trace=trace) if name != "Date"]
    raw = block([*fields, ("Date", date)] if date else fields) + part("您好")
    mail = read(raw, **facts)
    assert (mail.received_at.date().isoformat() if mail.received_at else None) == expected


def test_a_mail_with_no_date_at_all_is_submitted_with_the_time_it_was_fetched() -> None:
    mail = read(b"\r\n\r\nhello")
    fetched = datetime.fromisoformat("2026-11-23T09:30:00+08:00")
    assert to_submission(mail, "k", b"", received_at=fetched).received_at == fetched


def test_a_submission_carries_all_that_an_answer_needs() -> None:
    raw = answer(
        "补充",
        extra=[("In-Reply-To", ACK_ID), ("References", f"<a@b.example> {ACK_ID}"), ("Reply-To", "other@qq.example")],
    )
    item = to_submission(read(raw), "key", raw)
    assert item.thread is not None
    assert (item.channel, item.key, item.raw, item.sender.value) == ("email", "key", raw, SENDER)
    assert (item.thread.number, item.thread.proven, item.attested, item.may_answer) == (NUMBER, True, True, True)
    assert item.context["message_id"] == "<5e353e3053df6d6a@qq.example>"
    assert item.context["references"] == f"<a@b.example> {ACK_ID} <5e353e3053df6d6a@qq.example>"
    assert item.context["reply_to"] == "other@qq.example"
    assert item.machine is None


def test_a_robots_mail_is_submitted_as_such() -> None:
    item = to_submission(read(letter("休假", subject="自动回复: x")), "key", b"")
    assert item.machine is Machine.AUTO_REPLY
    assert not item.may_answer


def test_the_same_letter_twice_is_told_from_two_letters_with_one_message_id() -> None:
    seen = Seen()
    first, over_another_relay = (
        letter(),
        letter(trace=[received(date="Mon, 09 Nov 2026 14:00:00 +0800"), auth()], encoding="8bit"),
    )
    other = letter("完全不同的另一封投诉信")
    stranger = letter(sender="别人 <other@qq.example>")
    assert seen.duplicate("1", read(first)) is None
    assert seen.duplicate("2", read(over_another_relay)) == {"of": "1", "same_message": True}
    assert seen.duplicate("3", read(other)) == {"of": "1", "same_message": False}
    assert seen.duplicate("4", read(stranger)) is None
