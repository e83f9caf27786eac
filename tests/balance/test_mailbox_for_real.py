"""The books of a real Dovecot: what it holds bears the keys of our items, before and after it counts its mails anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from channels.base import Sourced
from channels.email.settings import EmailSettings
from tests.dovecot import Dovecot
from tests.email_transport.conftest import HASTY, Gateway, eventually
from tests.email_transport.mails import mail


async def books_of(gateway: Gateway, *, days: int = 1) -> list[Sourced]:
    channel = gateway.channel()
    now = datetime.now(UTC)
    try:
        return list(await channel.books(now - timedelta(days=days), now + timedelta(days=1)))
    finally:
        await channel.aclose()


async def test_every_mail_put_away_is_an_item_of_ours_and_what_waits_is_told(dovecot: Dovecot) -> None:
    settings = EmailSettings(
        address="tousu@insurer.example", imap_url=dovecot.imap_url, smtp_url="smtp://127.0.0.1:9", poll=0.5
    )
    gateway = Gateway(settings=settings, limits=replace(HASTY, command_time=5.0))
    assert await books_of(gateway) == []  # no folder of ours is there yet
    for number in range(3):
        dovecot.deliver(mail(number))
    async with gateway.listening():
        await gateway.inbox.until_done(3)
        await eventually(lambda: (dovecot.count(), dovecot.count("Processed")) == (0, 3))
    dovecot.deliver(mail(9))
    told = await books_of(gateway)
    assert {key for each in told if not each.waits for key in each.keys} == set(gateway.inbox.items)
    [waits] = [each for each in told if each.waits]
    assert waits.name.startswith("INBOX ")
    assert all(gateway.channel().vouches(key, item.envelope) for key, item in gateway.inbox.items.items())
    assert [each for each in await books_of(gateway, days=-1) if not each.waits] == []
