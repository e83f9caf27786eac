"""Memory of the gateway at rest, both channels on, its worker processes included."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from channels.email.simulator import MailSimulator
from channels.wechat.simulator import WeChatSimulator
from gateway.clock import SystemClock
from tests.chaos.providers import settings_of
from tests.chaos.victim import Victim

SETTLE_SECONDS = 5.0


def run() -> None:
    asyncio.run(_run())


async def _run() -> None:
    wechat, mail = WeChatSimulator(clock=SystemClock()), MailSimulator(clock=SystemClock())
    await wechat.start()
    await mail.start()
    with tempfile.TemporaryDirectory() as folder:
        victim = Victim(Path(folder), settings_of(wechat, mail))
        await victim.start()
        await asyncio.sleep(SETTLE_SECONDS)
        own, children = resident_mb(victim.pid), [resident_mb(child) for child in children_of(victim.pid)]
        await victim.stop()
    await wechat.aclose()
    await mail.stop()
    print("Memory at rest, WeChat and e-mail on")
    print(f"  gateway process           {own:8.0f} MB")
    print(f"  worker processes          {sum(children):8.0f} MB   ({len(children)})")


def resident_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
