"""Mails end to end: in the mailbox → stored, read, handled, acknowledged by SMTP; against a stated peer's figure."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

from channels.email.simulator import MailSimulator
from gateway.clock import SystemClock
from tests.chaos.victim import Victim
from tests.waiting import until

MAILS = 600
PATIENCE = 120.0
PEER_PER_SECOND = 17  # django-helpdesk 2.6.1 on two such cores, acknowledgement to memory included

MAIL = (
    "From: <b{n}@qq.example>\r\nTo: tousu@insurer.example\r\nSubject: =?utf-8?b?5oqV6K+J?=\r\n"
    "Message-ID: <b{n}@qq.example>\r\nDate: Sun, 22 Nov 2026 10:00:00 +0800\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    "我叫陈建国，车险理赔拖了两个月了还没赔，保单号PDAA2026410100007{n:05d}，一直说在审核，打了五次电话。\r\n"
    "要求：请尽快赔付。\r\n"
)


def run() -> None:
    asyncio.run(_run())


async def _run() -> None:
    mail = MailSimulator(clock=SystemClock())
    await mail.start()
    with tempfile.TemporaryDirectory() as folder:
        victim = Victim(Path(folder), _settings(mail))
        await victim.start()
        try:
            await _until_answered(mail, 20, first=900_000)  # warm-up: worker processes, connections
            seconds = await _until_answered(mail, MAILS, first=0)
        finally:
            await victim.stop()
    await mail.stop()
    rate = MAILS / seconds
    print(f"Mail, {MAILS} complaints of 0.6 kB, IMAP in → record → acknowledgement out by SMTP, SQLite")
    times = rate / PEER_PER_SECOND
    print(f"  end to end                {rate:8.0f} mails/s   ({times:.1f} × django-helpdesk's {PEER_PER_SECOND})")


async def _until_answered(mail: MailSimulator, count: int, first: int) -> float:
    """Seconds from the last mail's arrival in the mailbox until every sender has an answer."""
    for n in range(first, first + count):
        mail.deliver(MAIL.format(n=n).encode())
    began = time.perf_counter()
    await until(lambda: all(mail.inbox_of(f"b{n}@qq.example") for n in range(first, first + count)), PATIENCE)
    return time.perf_counter() - began


def _settings(mail: MailSimulator) -> dict[str, str]:
    return {
        "TOUSU_EMAIL_ADDRESS": "tousu@insurer.example",
        "TOUSU_EMAIL_IMAP_URL": mail.imap_url(),
        "TOUSU_EMAIL_SMTP_URL": mail.smtp_url(),
        "TOUSU_LOG_LEVEL": "error",
    }
