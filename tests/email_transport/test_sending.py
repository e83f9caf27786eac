"""Answers leave: to a real SMTP server, and to one that misbehaves."""

from __future__ import annotations

import asyncio
import email
import email.policy
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import pytest

from channels.base import Outbound, OutboundKind
from channels.email.addresses import outbound_of_bounce
from channels.email.pool import PoolLimits, SmtpPool
from channels.email.refusals import meaning
from channels.email.sender import Sender
from channels.email.settings import EmailSettings, parse_smtp_url
from channels.email.simulator import Kind, MailSimulator
from channels.errors import DeliveryError, Misconfigured, Rejected, Retryable, Unreachable
from normalizer.record import Contact, ContactKind
from tests.email_transport.certificates import make_certificate
from tests.email_transport.conftest import Gateway, settings_for
from tests.email_transport.smtp_server import Postbox, smtp_server

HASTY = PoolLimits(command_time=1.0, data_time=0.5)


def outbound(number: int = 1, to: str = "wang@example.cn", **more: object) -> Outbound:
    plain = Outbound(
        id=f"out{number}",
        channel="email",
        to=Contact(kind=ContactKind.EMAIL, value=to),
        text="您好，您的投诉已受理。\n编号 TS261123000010",
        kind=OutboundKind.RECEIPT,
        number="TS261123000010",
        created_at=datetime(2026, 11, 23, 1, 30, tzinfo=UTC),
        context={"message_id": "<mail.1@example.cn>", "subject": "投诉理赔"},
    )
    return replace(plain, **more)  # type: ignore[arg-type] # names and types are the caller's care


def settings(port: int, scheme: str = "smtp") -> EmailSettings:
    return EmailSettings(
        address="tousu@insurer.example",
        imap_url="imap://tousu:secret@127.0.0.1:9",
        smtp_url=f"{scheme}://tousu:secret@127.0.0.1:{port}",
        secret=b"a secret of the tests",
    )


def sender_to(chosen: EmailSettings, limits: PoolLimits = HASTY) -> Sender:
    return Sender(chosen, SmtpPool(chosen.smtp, helo="insurer.example", limits=limits))


def parsed(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


async def test_an_answer_arrives_in_the_thread_of_the_mail_it_answers() -> None:
    postbox = Postbox()
    async with smtp_server(postbox) as port:
        sender = sender_to(settings(port))
        receipt = await sender.send(outbound())
        await sender.aclose()
    (raw,) = postbox.raws
    message = parsed(raw)
    assert receipt.provider_id == message["Message-ID"] == "<ack.TS261123000010.out1@insurer.example>"
    assert message["In-Reply-To"] == message["References"] == "<mail.1@example.cn>"
    assert message["Subject"] == "Re: 投诉理赔 [投诉 TS261123000010]"
    assert message["Auto-Submitted"] == "auto-replied"
    assert message.get_content().splitlines() == ["您好，您的投诉已受理。", "编号 TS261123000010"]
    assert postbox.mails[0].mail_from == "tousu@insurer.example"


async def test_a_refused_recipient_does_not_disturb_the_mail_after_it() -> None:
    postbox = Postbox(
        refusals={"gone@example.cn": "550 5.1.1 no such user", "grey@example.cn": "451 4.7.1 greylisted"},
        data_answers=["554 5.6.0 we do not like it", "421 4.3.2 shutting down"],
    )
    async with smtp_server(postbox) as port:
        sender = sender_to(settings(port), replace(HASTY, lines=1))
        for to, meaning in (("gone", Unreachable), ("grey", Retryable), ("wang", Rejected), ("wang", Retryable)):
            with pytest.raises(meaning):
                await sender.send(outbound(1, to=f"{to}@example.cn"))
        await sender.send(outbound(2))
        await sender.aclose()
    assert len(postbox.mails) == 1


async def test_lines_that_begin_with_a_dot_survive() -> None:
    postbox = Postbox()
    async with smtp_server(postbox) as port:
        await sender_to(settings(port)).send(outbound(text=".\n..两点\n"))
    assert parsed(postbox.raws[0]).get_content().splitlines() == [".", "..两点"]


async def test_a_hundred_and_twenty_mails_go_out_over_few_lines_none_used_for_long(simulator: MailSimulator) -> None:
    simulator.mails_per_session = 50
    sender = sender_to(settings_for(simulator))
    await asyncio.gather(*(sender.send(outbound(number)) for number in range(120)))
    await sender.aclose()
    assert len(simulator.inbox_of("wang@example.cn")) == 120
    assert 3 <= simulator.smtp_connections <= 6


async def test_a_server_that_allows_fewer_mails_a_session_than_we_thought_gets_a_new_session(
    simulator: MailSimulator,
) -> None:
    simulator.mails_per_session = 2
    sender = sender_to(settings_for(simulator), replace(HASTY, lines=1))
    for number in range(5):
        await sender.send(outbound(number))
    await sender.aclose()
    assert len(simulator.inbox_of("wang@example.cn")) == 5
    assert simulator.smtp_connections == 3


async def test_a_line_that_the_server_closed_meanwhile_is_replaced_unnoticed(simulator: MailSimulator) -> None:
    sender = sender_to(settings_for(simulator))
    await sender.send(outbound(1))
    simulator.hang_up()
    await sender.send(outbound(2))
    simulator.smtp_faults.plan("MAIL", Kind.RESET)
    await sender.send(outbound(3))
    simulator.smtp_faults.plan("MAIL", Kind.REFUSE, answer="421 4.4.2 idle too long")
    await sender.send(outbound(4))
    await sender.aclose()
    assert len(simulator.inbox_of("wang@example.cn")) == 4


async def test_a_line_that_rested_too_long_is_not_used_again(simulator: MailSimulator) -> None:
    sender = sender_to(settings_for(simulator), replace(HASTY, idle=0.0))
    await sender.send(outbound(1))
    await asyncio.sleep(0.01)
    await sender.send(outbound(2))
    await sender.aclose()
    assert simulator.smtp_connections == 2


REFUSALS: list[tuple[str, str, type[DeliveryError]]] = [
    ("RCPT", "550 5.1.1 no such user", Unreachable),
    ("RCPT", "552 5.2.2 mailbox full", Unreachable),
    ("RCPT", "550 5.7.1 we do not want this", Rejected),
    ("RCPT", "554 5.7.1 relay access denied", Misconfigured),
    ("RCPT", "450 4.2.0 greylisted", Retryable),
    ("RCPT", "451 4.3.0 try again", Retryable),
    ("RCPT", "452 4.2.2 no room", Retryable),
    ("RCPT", "421 4.7.0 too many", Retryable),
    ("MAIL", "550 5.7.1 sender refused", Misconfigured),
    ("MAIL", "450 4.7.1 slowly", Retryable),
    ("MAIL", "530 5.7.0 log in first", Misconfigured),
    ("DATA", "554 5.6.0 content refused", Rejected),
    ("DATA", "552 5.3.4 too big", Rejected),
    ("DATA", "451 4.3.0 scanner away", Retryable),
    ("EHLO", "421 4.3.2 not now", Retryable),
    ("AUTH", "535 5.7.8 wrong password", Misconfigured),
    ("AUTH", "454 4.7.0 for the moment", Retryable),
]


@pytest.mark.parametrize(("command", "answer", "meaning"), REFUSALS)
async def test_each_refusal_says_what_to_do_and_the_next_mail_goes(
    simulator: MailSimulator, command: str, answer: str, meaning: type[DeliveryError]
) -> None:
    simulator.smtp_faults.plan(command, Kind.REFUSE, answer=answer, times=2)
    sender = sender_to(settings_for(simulator))
    with pytest.raises(DeliveryError) as raised:
        await sender.send(outbound(1))
    assert type(raised.value) is meaning
    assert "wang" not in str(raised.value)
    simulator.smtp_faults.clear()
    await sender.send(outbound(2))
    await sender.aclose()
    assert len(simulator.inbox_of("wang@example.cn")) == 1


TRIALS: tuple[tuple[object, ...], ...] = (
    ("words",),
    (550, "words"),
    (450, "words"),
    (550, "words", "wang@example.cn"),
    ([],),
)


def every_failure(kind: type[BaseException] = aiosmtplib.SMTPException) -> Iterator[type[BaseException]]:
    for narrower in kind.__subclasses__():
        yield narrower
        yield from every_failure(narrower)


@pytest.mark.parametrize("kind", [*every_failure(), OSError, TimeoutError, ssl.SSLError, UnicodeError, RuntimeError])
def test_no_failure_of_the_smtp_library_is_left_without_a_meaning(kind: type[Exception]) -> None:
    for arguments in TRIALS:
        try:
            error = kind(*arguments)
        except TypeError:
            continue
        if isinstance(error, aiosmtplib.SMTPResponseException) and not isinstance(getattr(error, "code", None), int):
            continue
        assert isinstance(meaning(error), DeliveryError)
        assert "wang" not in str(meaning(error))


async def test_a_greylisting_server_is_given_its_time(simulator: MailSimulator) -> None:
    simulator.smtp_faults.plan("RCPT", Kind.REFUSE, answer="450 4.2.0 greylisted")
    with pytest.raises(Retryable) as raised:
        await sender_to(settings_for(simulator)).send(outbound())
    assert raised.value.after == timedelta(minutes=5)


async def test_one_refused_recipient_costs_no_line(simulator: MailSimulator) -> None:
    simulator.unknown = {"gone@example.cn"}
    sender = sender_to(settings_for(simulator), replace(HASTY, lines=1))
    for number in range(3):
        with pytest.raises(Unreachable):
            await sender.send(outbound(number, to="gone@example.cn"))
    await sender.send(outbound(4))
    await sender.aclose()
    assert simulator.smtp_connections == 1


@pytest.mark.parametrize("command", ["EHLO", "MAIL", "RCPT", "DATA", "AUTH"])
@pytest.mark.parametrize("kind", [Kind.SILENCE, Kind.RESET])
async def test_a_server_that_falls_silent_is_tried_again_later(
    simulator: MailSimulator, command: str, kind: Kind
) -> None:
    simulator.smtp_faults.plan(command, kind)
    sender = sender_to(settings_for(simulator), replace(HASTY, command_time=0.3, data_time=0.3))
    with pytest.raises(Retryable):
        await sender.send(outbound())
    await sender.send(outbound())
    await sender.aclose()
    assert len(simulator.inbox_of("wang@example.cn")) == 1


async def test_a_mail_accepted_without_an_answer_goes_again_under_the_same_message_id(
    simulator: MailSimulator,
) -> None:
    simulator.smtp_faults.plan("DATA", Kind.LOSE_ANSWER)
    sender = sender_to(settings_for(simulator))
    with pytest.raises(Retryable):
        await sender.send(outbound())
    receipt = await sender.send(outbound(attempt=2))
    await sender.aclose()
    first, second = simulator.inbox_of("wang@example.cn")
    assert first == second
    assert parsed(first)["Message-ID"] == receipt.provider_id


async def test_nobody_listening_is_retryable() -> None:
    with pytest.raises(Retryable):
        await sender_to(settings(9)).send(outbound())


@pytest.mark.parametrize(
    "address",
    [
        "王@example.cn",
        "no-at-sign",
        "a@b@c\r\nRCPT TO:<x@y.cn>",
        "two words@example.cn",
        "a@exa mple.cn",
        "a@",
        "@b.cn",
    ],
)
async def test_an_address_that_smtp_cannot_carry_is_rejected_before_anything_is_sent(
    simulator: MailSimulator, address: str
) -> None:
    with pytest.raises(Rejected):
        await sender_to(settings_for(simulator)).send(outbound(to=address))
    assert simulator.smtp_connections == 0


async def test_a_chinese_domain_is_written_in_ascii(simulator: MailSimulator) -> None:
    await sender_to(settings_for(simulator)).send(outbound(to="wang@例子.cn"))
    assert simulator.accepted[0][1] == ["wang@xn--fsqu00a.cn"]


async def test_a_dead_address_behind_an_accepting_server_comes_back_as_a_bounce(
    simulator: MailSimulator, gateway: Gateway
) -> None:
    simulator.bouncing = {"gone@example.cn"}
    channel = gateway.channel(verp=True)
    await channel.send(outbound(to="gone@example.cn"))
    await channel.aclose()
    sent_from = simulator.accepted[0][0]
    assert outbound_of_bounce(sent_from, address="tousu@insurer.example", secret=b"a secret of the tests") == "out1"
    (bounce,) = simulator.folder().mails
    assert b"<ack.TS261123000010.out1@insurer.example>" in bounce.raw
    assert b"Return-Path: <>" in bounce.raw


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
async def test_with_tls_only_a_server_with_a_trusted_certificate_gets_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    certificate = make_certificate(tmp_path)
    postbox = Postbox()
    starttls = scheme == "smtp+starttls"
    async with smtp_server(postbox, tls=certificate.server_context(), starttls=starttls) as port:
        with pytest.raises(Misconfigured, match="certificate"):
            await sender_to(settings(port, scheme)).send(outbound())
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.certificate))
        sender = sender_to(settings(port, scheme))
        await sender.send(outbound())
        await sender.aclose()
    assert len(postbox.mails) == 1


async def test_a_server_without_starttls_gets_neither_password_nor_mail(simulator: MailSimulator) -> None:
    with pytest.raises(Misconfigured):
        await sender_to(settings(simulator.smtp_port, "smtp+starttls")).send(outbound())
    assert simulator.accepted == []


async def test_a_problem_of_ours_shows_in_the_channels_state_until_it_is_gone(
    simulator: MailSimulator, gateway: Gateway
) -> None:
    channel = gateway.channel()
    simulator.smtp_faults.plan("AUTH", Kind.REFUSE, answer="535 5.7.8 wrong", times=2)
    with pytest.raises(Misconfigured):
        await channel.send(outbound())
    assert "login" in channel.state()["problem"]
    simulator.smtp_faults.clear()
    await channel.send(outbound())
    await channel.aclose()
    assert "problem" not in channel.state()


def test_plain_smtp_beyond_loopback_is_refused() -> None:
    with pytest.raises(ValueError, match="loopback"):
        parse_smtp_url("smtp://tousu:secret@mail.example.cn")
