"""Who wrote: a person, or a robot that must not be answered. And the real complaints that look like robots."""

from __future__ import annotations

import pytest

from normalizer.record import Machine
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
    bundle,
    envelope,
    letter,
    multipart,
    part,
    read,
    received,
)

IN_THREAD: list[Header] = [("In-Reply-To", ACK_ID), ("References", ACK_ID)]
NOBODY: list[Header] = [("Return-Path", "<>"), received(), auth()]
RE = f"【收到】已收到您的投诉 [{NUMBER}]"


@pytest.mark.parametrize(
    "raw",
    [
        letter(
            "我正在休年假，急事请联系王敏 010-88230000。",
            subject=f"自动回复: {RE}",
            extra=[*IN_THREAD, ("Auto-Submitted", "auto-generated")],
            trace=NOBODY,
        ),
        letter("您好，您的邮件我已经收到，我会尽快给您回复。", subject=f"自动回复：{RE}", extra=IN_THREAD),
        letter("您好，您的邮件我已经收到，我会尽快给您回复。", subject=f"回复：{RE}", extra=IN_THREAD),
        letter(
            (
                "这是来自QQ邮箱的假期自动回复邮件。\n您好，我最近正在休假中，无法亲自回复您的邮件。我将在"
                "假期结束后，尽快给您回复。"
            ),
            subject=f"自动回复:{RE}",
        ),
        letter(
            "这是来自QQ邮箱的假期自动回复邮件。\n您好，我最近正在休假中，无法亲自回复您的邮件。", subject=f"Re: {RE}"
        ),
        letter("I am out of the office until Monday.", subject="Automatic reply: 【收到】"),
        letter("I am currently out of the office with limited access to email.", subject=f"Re: {RE}", extra=IN_THREAD),
        letter("您好，我在外地出差，暂时不便回复邮件，请拨打电话13800000000。", subject=f"Re: {RE}", extra=IN_THREAD),
        letter(
            "您好！本人正在度假，11月12日前無法回覆您的郵件。",
            subject=f"自動回覆: {RE}",
            extra=[("X-Autoreply", "yes")],
        ),
        letter("出差中", subject="[自动回复] " + RE),
        letter("OK", subject=RE, extra=[("Auto-Submitted", "auto-replied")]),
        letter("vacation", subject=RE, extra=[("Precedence", "auto_reply")]),
        letter("您的邮件已被阅读", subject=f"已读：{RE}", extra=IN_THREAD),
        letter("您的邮件\n主题: 投诉\n已于 2026年11月5日 被阅读。", subject=f"已读: {RE}"),
        letter("Your message was read on Monday", subject=f"Read: {RE}"),
        letter(ACK, subject=RE, extra=[("X-Tousu-Loop", "insurer.example")]),
    ],
)
def test_automatic_answers_and_receipts_are_not_answered(raw: bytes) -> None:
    mail = read(raw)
    assert mail.machine is Machine.AUTO_REPLY
    assert not mail.may_acknowledge


def test_a_read_receipt_with_its_report_is_a_receipt() -> None:
    report = part(
        f"Original-Message-ID: {ACK_ID}\nDisposition: manual-action/MDN-sent-manually; displayed\n",
        "message/disposition-notification",
        encoding="7bit",
    )
    raw = bundle(
        multipart("report", part("您的邮件已被阅读"), report, parameters="; report-type=disposition-notification"),
        subject=f"已读: {RE}",
        extra=IN_THREAD,
    )
    mail = read(raw)
    assert mail.machine is Machine.AUTO_REPLY
    assert mail.thread.token == NUMBER


@pytest.mark.parametrize(
    "raw",
    [
        letter(GRIEVANCE, subject="自动回复太敷衍，我要投诉"),
        letter(GRIEVANCE + "你们只会自动回复！", subject="投诉"),
        answer("不要再给我发自动回复了，我要真人处理，保单号CJ32000660018842"),
        answer("邮件已收到，我正在住院，保单号是CJ32000660018842，请尽快处理。"),
        answer("我下周出差，电话打不通，有事请发邮件。退款请打到原账户。"),
        letter(GRIEVANCE, extra=[("Precedence", "bulk"), ("List-Unsubscribe", "<mailto:u@corp.example>")]),
        letter(GRIEVANCE, extra=[("List-Id", "<all.corp.example>"), ("Precedence", "list")]),
        letter(GRIEVANCE, extra=[("X-Auto-Response-Suppress", "All")]),
        letter(GRIEVANCE, extra=[("Auto-Submitted", "no")]),
        letter(GRIEVANCE, extra=[("X-Spam-Flag", "NO")]),
        letter(GRIEVANCE, subject="我发给你们的邮件被退信了"),
        letter("退信", subject="投诉：贵司邮件被退回三次，要求处理我的理赔"),
        letter(GRIEVANCE, subject="休假期间被拒赔"),
        answer("已读，没有意见，谢谢"),
        letter("", subject="投诉：保单CJ22000110088754重复扣费不退，要求马上退款，傅国强13844036612"),
    ],
)
def test_people_who_look_like_robots_are_people_and_get_their_receipt(raw: bytes) -> None:
    mail = read(raw)
    assert mail.machine is None
    assert mail.may_acknowledge


def test_a_complaint_from_a_form_that_cannot_be_answered_is_a_complaint_without_receipt() -> None:
    for raw in (
        letter(GRIEVANCE, extra=[("Auto-Submitted", "auto-generated")]),
        letter(
            GRIEVANCE,
            sender="网上表单 <no-reply@portal.example>",
            trace=[("Return-Path", "<no-reply@portal.example>"), received()],
        ),
    ):
        mail = read(raw)
        assert mail.machine is None
        assert not mail.may_acknowledge


@pytest.mark.parametrize(
    "raw",
    [
        letter(
            "本期要闻：保险行业投诉数据发布，理赔纠纷占比上升……\n如不想再收到，请点击退订。",
            sender="保险周刊 <newsletter@media.example>",
            subject="【保险周刊】第45期",
            extra=[
                ("List-Id", "<weekly.media.example>"),
                ("List-Unsubscribe", "<https://media.example/u>"),
                ("Precedence", "bulk"),
            ],
        ),
        letter(
            "大家好，下周三开例会，请准时参加。",
            sender="行政 <all@corp.example>",
            subject="[all] 例会通知",
            extra=[("List-Id", "<all.corp.example>"), ("List-Post", "<mailto:all@corp.example>")],
        ),
        letter(
            "Weekly digest: top stories. Unsubscribe here.",
            sender="News <digest@news.example>",
            subject="Weekly digest",
            extra=[("List-Unsubscribe", "<mailto:u@news.example>")],
        ),
    ],
)
def test_newsletters_are_lists(raw: bytes) -> None:
    mail = read(raw)
    assert mail.machine is Machine.LIST
    assert not mail.may_acknowledge


@pytest.mark.parametrize(
    "raw",
    [
        letter(
            "<p>您的邮箱将于24小时内停用，请点击此处重新验证</p>",
            "text/html; charset=utf-8",
            subject="【重要】您的邮箱容量已满",
            extra=[("X-Spam-Flag", "YES")],
        ),
        letter(
            "代开增值税发票，正规可查，点数优惠，联系微信123",
            subject="代开各类发票",
            extra=[("X-Spam-Status", "Yes, score=14.2")],
        ),
        letter("本公司代开各类正规发票，限时优惠，加微信。", subject="发票优惠"),
        letter("Dear friend, I am the beneficiary of ten million usd. Special offer.", subject="Business proposal"),
    ],
)
def test_spam_is_spam(raw: bytes) -> None:
    assert read(raw).machine is Machine.SPAM


def test_a_complaint_that_the_filter_took_for_spam_is_a_complaint() -> None:
    assert read(letter(GRIEVANCE, extra=[("X-Spam-Flag", "YES")])).machine is None


def dsn(
    status: str = "5.1.1", action: str = "failed", returned: bytes | None = None, *, headers_only: bool = False
) -> bytes:
    returned = returned or letter(ACK, sender="澄江 <tousu@insurer.example>", subject=RE).replace(
        b"<5e353e3053df6d6a@qq.example>", ACK_ID.encode()
    )
    returned = returned.split(b"\r\n\r\n")[0] + b"\r\n" if headers_only else returned
    facts = (
        "Reporting-MTA: dns; mx.insurer.example\n\nFinal-Recipient: rfc822; wrong@163.example\nAction: "
        f"{action}\nStatus: {status}\nDiagnostic-Code: smtp; 550 User not found\n"
    )
    inner = multipart(
        "report",
        part("<wrong@163.example>: 550 User not found", "text/plain; charset=us-ascii", encoding="7bit"),
        part(facts, "message/delivery-status", encoding="7bit"),
        part(returned, "text/rfc822-headers" if headers_only else "message/rfc822", encoding="7bit"),
        parameters="; report-type=delivery-status",
    )
    return bundle(
        inner,
        sender="Mail Delivery System <MAILER-DAEMON@mx.insurer.example>",
        subject="Undelivered Mail Returned to Sender",
        trace=NOBODY[:2],
    )


@pytest.mark.parametrize("headers_only", [True, False])
@pytest.mark.parametrize(
    ("status", "action", "permanent"),
    [("5.1.1", "failed", True), ("4.4.1", "delayed", False), ("5.2.2", "failed", True), ("4.4.7", "failed", False)],
)
def test_a_delivery_report_names_recipient_status_and_our_mail(
    status: str, action: str, permanent: bool, headers_only: bool
) -> None:
    mail = read(dsn(status, action, headers_only=headers_only))
    assert mail.machine is Machine.BOUNCE
    assert mail.bounce is not None
    assert (mail.bounce.recipient, mail.bounce.status, mail.bounce.permanent) == (
        "wrong@163.example",
        status,
        permanent,
    )
    assert mail.bounce.message_id == ACK_ID
    assert (mail.thread.token, mail.thread.by) == (NUMBER, ("returned_message",))
    assert not mail.may_acknowledge


@pytest.mark.parametrize(
    ("text", "sender", "subject", "status", "permanent"),
    [
        (
            f"抱歉，您的邮件被退回来了……\n原邮件主题：{RE}\n收件人邮件地址（wrong@163.example）不存在，邮件无法送达。",
            "PostMaster@qq.example",
            "来自qq.example的退信",
            "5.1.1",
            True,
        ),
        (
            f"您的邮件被退回。\n收件人: wrong@163.example\n主题: {RE}\n退信原因: 550 5.1.1 User unknown",
            "postmaster@163.example",
            "系统退信",
            "5.1.1",
            True,
        ),
        (
            (
                "Hi. This is the qmail-send program.\n<wrong@163.example>:\nRemote host said: 552 5.2.2 m"
                f"ailbox full\n\n--- Below this line is a copy of the message.\n\nSubject: {RE}"
            ),
            "MAILER-DAEMON@relay.example",
            "failure notice",
            "5.2.2",
            True,
        ),
        (
            f"wrong@163.example 的邮箱已满，无法投递。\n主题：{RE}",
            "mailer-daemon@163.example",
            f"退信通知: {RE}",
            "5.2.2",
            True,
        ),
        (
            (
                "Delivery to the following recipient has been delayed: wrong@163.example\nMessage will be"
                f" retried for 2 more days\n450 4.2.0 greylisted\nSubject: {RE}"
            ),
            "mailer-daemon@gmail.example",
            "Delivery Status Notification (Delay)",
            "4.2.0",
            False,
        ),
    ],
)
def test_bounces_in_words_are_understood(text: str, sender: str, subject: str, status: str, permanent: bool) -> None:
    mail = read(letter(text, sender=sender, subject=subject, trace=[("Return-Path", "<>"), received()]))
    assert mail.machine is Machine.BOUNCE
    assert mail.bounce is not None
    assert (mail.bounce.recipient, mail.bounce.status, mail.bounce.permanent) == (
        "wrong@163.example",
        status,
        permanent,
    )
    assert mail.thread.token == NUMBER
    assert "returned_subject" in mail.thread.by


def test_a_bounce_of_something_we_never_sent_belongs_to_no_case() -> None:
    foreign = letter("x", sender="Spammer <tousu@insurer.example>", subject="cheap pills").replace(
        b"<5e353e3053df6d6a@qq.example>", b"<1@evil.example>"
    )
    mail = read(dsn(returned=foreign))
    assert mail.machine is Machine.BOUNCE
    assert mail.thread.token == ""


def test_our_own_address_as_sender_is_never_answered() -> None:
    assert not read(letter(sender="假冒 <tousu@insurer.example>")).may_acknowledge
    assert not read(letter(sender="假冒 <tousu+x@insurer.example>")).may_acknowledge


def test_a_sender_whom_our_server_refutes_gets_no_answer_but_a_case() -> None:
    mail = read(letter(trace=[("Return-Path", f"<{SENDER}>"), received(), auth("fail")]))
    assert mail.machine is None
    assert not mail.may_acknowledge


def test_a_mail_without_a_body_part_is_still_a_mail() -> None:
    assert read(block(envelope(subject="投诉"))).subject == "投诉"


def test_a_receipt_of_delivery_is_no_bounce() -> None:
    mail = read(dsn("2.0.0", "delivered"))
    assert mail.machine is Machine.AUTO_REPLY
    assert mail.bounce is None
    assert not mail.may_acknowledge
