"""Against a real Dovecot."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import replace
from pathlib import Path

import pytest

from channels.email.mailbox import Mailbox
from channels.email.settings import EmailSettings
from tests.dovecot import Dovecot
from tests.dovecot import running as running_dovecot
from tests.email_transport.certificates import make_certificate
from tests.email_transport.conftest import HASTY, Gateway, eventually
from tests.email_transport.mails import huge_mail, mail
from tests.email_transport.recording import Crash


def uidvalidity(gateway: Gateway) -> str:
    return next(value for key, value in gateway.memory.values.items() if key.startswith("uidvalidity"))


@pytest.fixture
def gateway(dovecot: Dovecot) -> Gateway:
    settings = EmailSettings(
        address="tousu@insurer.example", imap_url=dovecot.imap_url, smtp_url="smtp://127.0.0.1:9", poll=0.5
    )
    return Gateway(settings=settings, limits=replace(HASTY, command_time=5.0))


async def test_a_mail_that_waits_is_kept_read_submitted_and_put_away(dovecot: Dovecot, gateway: Gateway) -> None:
    dovecot.deliver(mail(1))
    async with gateway.listening() as channel:
        await gateway.inbox.until_done(1)
        await eventually(lambda: (dovecot.count(), dovecot.count("Processed")) == (0, 1))
        assert channel.state()["listening"] in ("sweeping", "idle")
        assert "problem" not in channel.state()
    (item,) = gateway.inbox.items.values()
    assert item.raw.endswith(mail(1).partition(b"MIME")[2])
    assert item.envelope["mailbox"] == "INBOX"


async def test_a_mail_that_arrives_while_idle_is_pushed(dovecot: Dovecot, gateway: Gateway) -> None:
    async with gateway.listening(poll=60.0) as channel:
        await eventually(lambda: channel.state()["listening"] == "idle")
        sent = time.monotonic()
        await asyncio.to_thread(dovecot.deliver, mail(1))
        await gateway.inbox.until_done(1)
        assert time.monotonic() - sent < 3


async def test_twelve_hundred_mails_each_come_in_once(dovecot: Dovecot, gateway: Gateway) -> None:
    dovecot.drop([mail(number, sender=f"c{number % 97}@example.cn") for number in range(1200)])
    async with gateway.listening():
        await gateway.inbox.until_done(1200, within=60)
        await eventually(lambda: (dovecot.count(), dovecot.count("Processed")) == (0, 1200))
    assert gateway.inbox.submits == 1200


async def test_mails_counted_anew_are_the_same_mails(dovecot: Dovecot, gateway: Gateway) -> None:
    """The gateway dies after it committed and before it moved; then the server loses its index."""
    dovecot.drop([mail(number) for number in range(10)])

    def stop(step: str, key: str) -> None:
        if gateway.inbox.submits == 10:
            raise Crash

    gateway.inbox.after = stop
    with contextlib.suppress(BaseExceptionGroup, Crash):
        await asyncio.wait_for(gateway.channel().listen(gateway.inbox), 10)
    gateway.inbox.after = lambda step, key: None
    before = uidvalidity(gateway)
    await asyncio.to_thread(dovecot.count_anew)
    async with gateway.listening():
        await eventually(lambda: dovecot.count("Processed") == 10)
    assert before != uidvalidity(gateway) == "1900000000"
    assert len(gateway.inbox.done) == 10
    assert gateway.inbox.submits == 10


async def test_over_tls_a_server_must_show_a_certificate_that_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_certificate(tmp_path)
    with running_dovecot(certificate=made.certificate, key=made.key) as dovecot:
        url = f"imaps://tousu:secret@127.0.0.1:{dovecot.imaps_port}"
        settings = EmailSettings(address="tousu@insurer.example", imap_url=url, smtp_url="smtp://127.0.0.1:9")
        gateway = Gateway(settings=settings, limits=replace(HASTY, command_time=5.0))
        dovecot.deliver(mail(1))
        async with gateway.listening() as channel:
            await eventually(lambda: "certificate" in channel.state().get("problem", ""))
        assert gateway.inbox.keeps == 0
        monkeypatch.setenv("SSL_CERT_FILE", str(made.certificate))
        async with gateway.listening(poll=60.0) as channel:
            await gateway.inbox.until_done(1)
            await eventually(lambda: channel.state()["listening"] == "idle")
            await asyncio.to_thread(dovecot.deliver, mail(2))
            await gateway.inbox.until_done(2)


async def test_where_move_is_not_known_mails_are_copied_and_only_they_are_expunged(
    dovecot: Dovecot, gateway: Gateway
) -> None:
    dovecot.drop([mail(number) for number in range(3)])
    mailbox = await Mailbox.open(gateway.settings.imap, gateway.limits)
    mailbox._capabilities -= {"MOVE"}
    first, second, third = await mailbox.uids()
    await mailbox._ask(lambda: mailbox._client.uid("store", str(third), "+FLAGS", r"(\Deleted)"))
    await mailbox.move([first, second], "已处理")
    assert await mailbox.uids() == [third]
    await mailbox.close()
    assert dovecot.count("&XfJZBHQG-") == 2


async def test_a_wrong_password_is_named_as_such(dovecot: Dovecot, gateway: Gateway) -> None:
    wrong = dovecot.imap_url.replace("secret", "hunter2")
    async with gateway.listening(imap_url=wrong) as channel:
        await eventually(lambda: "password" in channel.state().get("problem", ""))


async def test_a_mail_of_thirty_megabytes_comes_in_whole(dovecot: Dovecot, gateway: Gateway) -> None:
    raw = huge_mail(30_000_000)
    dovecot.drop([raw, mail(1)])
    async with gateway.listening():
        await gateway.inbox.until_done(2, within=60)
    assert raw in [item.raw for item in gateway.inbox.items.values()]
