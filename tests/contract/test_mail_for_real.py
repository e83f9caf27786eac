"""A real mailbox (Dovecot) and a real SMTP server (aiosmtpd) around the whole gateway."""

from __future__ import annotations

import asyncio
from pathlib import Path

from gateway.app import open_gateway
from gateway.casework.lifecycle import Status
from gateway.settings import Settings
from tests.contract.rigs import address, body_of, drain, mail
from tests.dovecot import Dovecot
from tests.email_transport.smtp_server import Postbox, smtp_server
from tests.waiting import until

COMPLAINT = "我叫王小明，车险理赔拖了两个月还没赔，保单号PDAA202641010000123456，请尽快赔付"


async def test_a_complaint_by_mail_is_accepted_and_answered(dovecot: Dovecot, store_url: str, tmp_path: Path) -> None:
    postbox = Postbox()
    async with smtp_server(postbox) as smtp_port:
        given = {
            "data_dir": tmp_path,
            "database_url": store_url,
            "email_address": "tousu@insurer.example",
            "email_imap_url": dovecot.imap_url,
            "email_smtp_url": f"smtp://tousu:secret@127.0.0.1:{smtp_port}",
        }
        async with open_gateway(Settings.model_validate(given)) as gateway:
            listening = asyncio.create_task(gateway.channels["email"].listen(gateway.inbox))
            dovecot.deliver(mail("wang", COMPLAINT, "real-1"), sender=address("wang"))
            await until(lambda: dovecot.count("Processed") == 1)
            await drain(gateway)
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            async with gateway.house.store.reading() as unit:
                [case] = await unit.complaints.search()

    assert case.status == Status.ACCEPTED
    [receipt] = postbox.mails
    assert receipt.rcpt_tos == [address("wang")]
    assert case.number in body_of(postbox.raws[0])
    assert dovecot.count() == 0
