"""The gateway is killed again and again in the middle of both flows: nothing lost, nothing double, all answered.

Short form by default; ``TOUSU_CHAOS_KILLS=100 pytest tests/chaos`` is the long one.
"""

from __future__ import annotations

import asyncio
import email
import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from channels.email.simulator import MailSimulator
from channels.wechat.simulator import WeChatSimulator
from gateway.app import open_gateway
from gateway.clock import SystemClock
from gateway.settings import Settings
from normalizer.record import Intent
from store.unit import Unit
from store.values import Case
from tests.chaos.victim import Victim
from tests.waiting import until

KILLS = int(os.environ.get("TOUSU_CHAOS_KILLS", "6"))
PEOPLE = 4 * KILLS
PATIENCE = 90.0  # for everything to be answered after the last start
TOKEN = "chaos-service-token"

COMPLAINT = "我叫{name}，车险理赔拖了两个月了还没赔，保单号PDAA2026410100009{n:05d}，请尽快赔付"
MAIL = (
    "From: {name} <c{n}@qq.example>\r\nTo: tousu@insurer.example\r\nSubject: =?utf-8?b?5oqV6K+J?=\r\n"
    "Message-ID: <m{n}@qq.example>\r\nDate: Sun, 22 Nov 2026 10:00:00 +0800\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    "我叫陈建国，车险理赔拖了两个月了还没赔，保单号PDAA2026410100008{n:05d}，请尽快赔付。\r\n"
)


@dataclass
class World:
    """The customers and their providers, who outlive the gateway."""

    wechat: WeChatSimulator
    mail: MailSimulator
    victim: Victim
    dice: random.Random
    waiting: set[asyncio.Task[None]] = field(default_factory=set)

    def everybody_writes(self, first: int, count: int) -> None:
        for n in range(first, first + count):
            self.mail.deliver(MAIL.format(n=n, name="Chen").encode())
            self.waiting.add(asyncio.create_task(self.write_until_answered(n)))

    async def write_until_answered(self, n: int) -> None:
        """WeChat delivers the same message again until somebody answers."""
        openid, text = f"openid-{n:04d}", COMPLAINT.format(name="赵小明", n=n)
        while True:
            pushed = await self.wechat.push_text(openid, text, msg_id=str(7_000_000 + n))
            if pushed.statuses[-1] == 200:
                return
            await asyncio.sleep(self.dice.uniform(0.05, 0.3))


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    clock = SystemClock()
    wechat, mail = WeChatSimulator(clock=clock), MailSimulator(clock=clock)
    await wechat.start()
    await mail.start()
    victim = Victim(tmp_path, settings_of(wechat, mail))
    wechat.webhook_url = f"{victim.url}/in/wechat"
    yield World(wechat, mail, victim, random.Random(20261122))
    await victim.stop()
    await wechat.aclose()
    await mail.stop()


async def test_a_gateway_killed_at_random_points_loses_nothing_and_doubles_nothing(
    world: World, tmp_path: Path
) -> None:
    for kill in range(KILLS):
        await world.victim.start()
        world.everybody_writes(kill * 4, 4)
        await asyncio.sleep(world.dice.uniform(0.02, 1.2))
        await world.victim.kill()
    await world.victim.start()

    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*world.waiting)
    await until(lambda: everybody_is_answered(world), PATIENCE)
    await until(lambda: not world.mail.folder("INBOX").mails, PATIENCE)
    assert await world.victim.stop() == 0

    await every_item_is_in_the_ledger_once(tmp_path, world)


def everybody_is_answered(world: World) -> bool:
    """Every chat shows a number, every sender of a mail has an answer."""
    return all(_told_by_chat(world, n) and world.mail.inbox_of(f"c{n}@qq.example") for n in range(PEOPLE))


async def every_item_is_in_the_ledger_once(folder: Path, world: World) -> None:
    async with open_gateway(Settings(data_dir=folder)) as gateway, gateway.house.store.reading() as unit:
        counts = {(channel, state): count for channel, state, count in await unit.ledger.counts()}
        assert counts == {("wechat", "handled"): PEOPLE, ("email", "handled"): PEOPLE}
        cases = [case async for case in _all_cases(unit)]
    assert Counter(case.channel for case in cases) == {"wechat": PEOPLE, "email": PEOPLE}
    assert len({case.number for case in cases}) == 2 * PEOPLE
    assert {case.record.intent for case in cases} == {Intent.COMPLAINT}
    for n in range(PEOPLE):
        sent = {email.message_from_bytes(raw)["Message-ID"] for raw in world.mail.inbox_of(f"c{n}@qq.example")}
        assert len(sent) == 1, "a mail sent twice around a crash is the same mail, with the same Message-ID"


async def _all_cases(unit: Unit) -> AsyncIterator[Case]:
    before = None
    while page := await unit.complaints.search(before_id=before, limit=100):
        for case in page:
            yield case
        before = page[-1].id


def _told_by_chat(world: World, n: int) -> bool:
    return any("TS" in line.text for line in world.wechat.chat_of(f"openid-{n:04d}") if line.by != "person")


def settings_of(wechat: WeChatSimulator, mail: MailSimulator) -> dict[str, str]:
    account = wechat.settings()
    return {
        "TOUSU_API_TOKEN": TOKEN,
        "TOUSU_WECHAT_APP_ID": account.app_id,
        "TOUSU_WECHAT_APP_SECRET": account.app_secret,
        "TOUSU_WECHAT_TOKEN": account.token,
        "TOUSU_WECHAT_AES_KEY": account.aes_key,
        "TOUSU_WECHAT_ACCOUNT_ID": account.account_id,
        "TOUSU_WECHAT_API_URL": account.api_url,
        "TOUSU_EMAIL_ADDRESS": "tousu@insurer.example",
        "TOUSU_EMAIL_IMAP_URL": mail.imap_url(),
        "TOUSU_EMAIL_SMTP_URL": mail.smtp_url(),
    }
