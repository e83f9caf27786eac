"""Databases that really go away: a line to PostgreSQL that is cut or dead, a file that somebody has locked."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from gateway.app import Gateway, open_gateway
from gateway.intake.phrases import phrases
from gateway.settings import Settings
from normalizer.normalize import warm_up
from tests.chaos.victim import Victim
from tests.clock import SetClock
from tests.contract.rigs import WeChatRig, drain
from tests.postgres import Databases
from tests.spool.proxy import Proxy, before
from tests.waiting import until

COMPLAINT = "我叫王小明，手机13812345678，要投诉业务员误导我买保险，要求全额退保"
KEPT = phrases("zh-Hans").say("away_kept")


@pytest.fixture
async def proxy(postgres: Databases) -> AsyncIterator[tuple[Proxy, str]]:
    async with before(await postgres.emptied()) as found:
        yield found


@pytest.mark.parametrize("trouble", ["cut", "freeze"])
async def test_the_line_to_postgresql_breaks_and_comes_back(
    trouble: str, proxy: tuple[Proxy, str], tmp_path: Path
) -> None:
    line, url = proxy
    await asyncio.to_thread(warm_up)
    rig = WeChatRig(SetClock())
    await rig.start()
    given = {"data_dir": tmp_path, "database_url": url, "spool_after_seconds": 1.0}
    async with open_gateway(Settings.model_validate(given | rig.settings()), SetClock()) as gateway:
        server = TestServer(gateway.app)
        await server.start_server()
        await rig.join(gateway, str(server.make_url("")).rstrip("/"))
        await rig.write("li", COMPLAINT, key="before")
        getattr(line, trouble)()
        for key in "abc":
            await rig.write("wang", COMPLAINT, key=key)
        assert gateway.spooling.spool.depth == 3
        line.mend()
        await until(lambda: _drained(gateway))
        await drain(gateway)
        said = [each.text for each in rig.world.chat_of("wang") if each.by != "person"]
        assert said[0] == KEPT
        async with gateway.house.store.reading() as unit:
            cases = await unit.complaints.search(limit=9)
            assert {state: count for _, state, count in await unit.ledger.counts()} == {"handled": 4}
        assert len(cases) == 2
        assert any(cases[0].number in words for words in said)
        await rig.aclose()
        await server.close()


async def _drained(gateway: Gateway) -> bool:
    await gateway.spooling.drain.go()
    return gateway.spooling.spool.depth == 0


async def test_a_gateway_killed_while_its_file_is_locked_has_lost_nothing(tmp_path: Path) -> None:
    rig = WeChatRig(SetClock())
    await rig.start()
    account = rig.settings() | {"wechat_timestamp_window": "0", "spool_after_seconds": "0.2"}
    victim = Victim(tmp_path, {f"TOUSU_{name.upper()}": value for name, value in account.items()})
    await victim.start()
    rig.world.webhook_url = f"{victim.url}/in/wechat"
    locked = sqlite3.connect(tmp_path / "tousu.db", isolation_level=None)
    locked.execute("BEGIN IMMEDIATE")
    await asyncio.gather(*(rig.write(who, COMPLAINT, key=who) for who in ("wang", "li", "zhao")))
    assert [_said(rig, who) for who in ("wang", "li", "zhao")] == [[KEPT]] * 3
    await victim.kill()
    locked.execute("ROLLBACK")
    locked.close()
    await victim.start()
    await until(lambda: all(len(_said(rig, who)) > 1 for who in ("wang", "li", "zhao")))
    await victim.stop()
    with sqlite3.connect(tmp_path / "tousu.db") as after:
        assert after.execute("SELECT state, count(*) FROM ledger GROUP BY state").fetchall() == [("handled", 3)]
        assert after.execute("SELECT count(*) FROM complaints").fetchone() == (3,)
    after.close()
    assert not list((tmp_path / "spool").glob("*.spool"))
    await rig.aclose()


def _said(rig: WeChatRig, who: str) -> list[str]:
    return [line.text for line in rig.world.chat_of(who) if line.by != "person"]
