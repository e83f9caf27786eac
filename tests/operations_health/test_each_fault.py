"""For each fault: what /readyz and /metrics say before, while it lasts, and when it is over."""

from __future__ import annotations

import asyncio
import errno
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from channels.base import Probe
from gateway import background
from gateway.app import Gateway, open_gateway
from gateway.delivery.outcome import Held
from gateway.delivery.settle import settle
from gateway.settings import Settings
from gateway.spool.errors import SpoolFull
from gateway.supervisor import FIRST_PAUSE
from store.values import LedgerState, OutboxState
from tests.clock import SetClock
from tests.spool.away import refusing
from tests.spool.conftest import a_record
from tests.store.things import NOW, arrive, parcel
from tests.waiting import until


@dataclass
class Watched:
    """A gateway, and somebody who looks at it from outside."""

    gateway: Gateway
    clock: SetClock
    client: TestClient[web.Request, web.Application]

    async def told(self) -> dict[str, Any]:
        async with self.client.get("/readyz") as response:
            told: dict[str, Any] = await response.json()
            assert response.status == (503 if told["problems"] else 200)
            return told

    async def metrics(self) -> str:
        async with self.client.get("/metrics") as response:
            assert response.status == 200
            return await response.text()

    async def problems(self) -> list[str]:
        """By /readyz; the metrics must say the very same."""
        problems: list[str] = (await self.told())["problems"]
        assert sorted(self.rows(await self.metrics(), "tousu_ready", "0.0")) == sorted(problems)
        return problems

    async def concerns(self) -> list[str]:
        concerns: list[str] = (await self.told())["concerns"]
        assert sorted(self.rows(await self.metrics(), "tousu_concern", "1.0")) == sorted(concerns)
        return concerns

    def rows(self, metrics: str, name: str, value: str) -> Iterator[str]:
        """The one label of each row with this value."""
        for line in metrics.splitlines():
            if line.startswith(f"{name}{{") and line.endswith(f" {value}"):
                yield line.partition('="')[2].partition('"')[0]


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def watched(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Watched]:
    """One for all: each test leaves it as it was, which is what it is about."""
    folder = tmp_path_factory.mktemp("watched")
    shutil.copy(sqlite_template, folder / "tousu.db")
    given = {
        "data_dir": folder,
        "database_url": f"sqlite+aiosqlite:///{folder / 'tousu.db'}",
        "spool_megabytes": 1,
        "wechat_app_id": "wx1",
        "wechat_app_secret": "s",
        "wechat_token": "t",
        "wechat_aes_key": "a" * 43,
        "wechat_api_url": "http://127.0.0.1:9",
    }
    clock = SetClock(NOW)
    async with open_gateway(Settings.model_validate(given), clock) as gateway:
        async with TestClient(TestServer(gateway.app)) as client:
            yield Watched(gateway, clock, client)
        await gateway.supervisor.aclose()


async def test_nothing_is_said_where_nothing_is_wrong(watched: Watched) -> None:
    assert await watched.problems() == []
    assert await watched.concerns() == []


async def test_the_database_is_away(watched: Watched) -> None:
    with refusing(watched.gateway.house.store):
        assert await watched.problems() == ["database"]
        told = await watched.metrics()
        assert "tousu_ledger_items{" not in told
        assert "tousu_outbox_oldest_seconds{" not in told, "no number is better than an old one"
    assert await watched.problems() == []
    assert "tousu_outbox_oldest_seconds{" in await watched.metrics()


async def test_what_came_while_the_database_was_away_waits_on_disk(watched: Watched) -> None:
    spool = watched.gateway.spooling.spool
    await spool.put(a_record())
    watched.clock.advance(minutes=3)
    assert await watched.concerns() == ["spool"]
    assert "tousu_spool_records 1.0" in await watched.metrics()
    (entry,) = spool.waiting()["wang"]
    await spool.drop(entry)
    assert await watched.concerns() == []
    assert "tousu_spool_records 0.0" in await watched.metrics()


async def test_the_disk_is_full(watched: Watched) -> None:
    spool = watched.gateway.spooling.spool
    with disk_full(), pytest.raises(SpoolFull):
        await spool.put(a_record())
    with nothing_free():
        assert await watched.problems() == ["spool"]
    assert await watched.problems() == [], "there is room again, although nothing came since"


async def test_the_spool_is_full_and_has_room_again(watched: Watched) -> None:
    spool = watched.gateway.spooling.spool
    await spool.put(a_record("first", body=b"x" * 700_000))
    with pytest.raises(SpoolFull):
        await spool.put(a_record("second", body=b"x" * 700_000))
    assert await watched.problems() == ["spool"]
    (entry,) = spool.waiting()["wang"]
    await spool.drop(entry)
    assert await watched.problems() == []


async def test_the_spools_own_work_does_not_hide_what_the_spool_says(watched: Watched) -> None:
    work = {**background._everywhere(watched.gateway), **background._one_at_a_time(watched.gateway)}
    assert not {"database", "spool", "turns", "outbox", "quarantine", *watched.gateway.channels} & work.keys()


async def test_background_work_crashes_and_runs_again(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.supervisor.FIRST_PAUSE", FIRST_PAUSE / 5)
    supervisor, mended = watched.gateway.supervisor, asyncio.Event()

    async def work() -> None:
        if not mended.is_set():
            raise ZeroDivisionError
        await asyncio.Event().wait()

    supervisor.start("tending", work)
    await until(lambda: supervisor.health["tending"].restarts > 0)
    assert "tending" in await watched.problems()
    assert 'tousu_work_restarts{work="tending"} 1.0' in await watched.metrics()
    mended.set()
    await until(lambda: supervisor.health["tending"].running)
    assert await watched.problems() == []
    assert 'tousu_ready{part="tending"} 1.0' in await watched.metrics()


async def test_a_channels_credentials_are_wrong(watched: Watched) -> None:
    channel = watched.gateway.channels["wechat"]
    assert isinstance(channel, Probe)
    channel.health.alarm("token", "errcode 40125")  # type: ignore[attr-defined]  # WeChat's own
    assert await watched.problems() == ["wechat"]
    channel.health.mended("token")  # type: ignore[attr-defined]  # as above
    assert await watched.problems() == []


async def test_messages_are_held_for_our_own_mistake(watched: Watched) -> None:
    await put(watched, "p9")
    await settle(watched.gateway.house, parcel("p9"), Held("wrong secret"))
    assert await watched.concerns() == ["outbox"]
    assert (await watched.told())["parts"]["outbox"]["concern"] == "held"
    await state(watched, "p9", OutboxState.SENT)
    assert await watched.concerns() == []


async def test_a_message_is_due_and_nobody_sends_it(watched: Watched) -> None:
    await put(watched, "p10")
    watched.clock.advance(minutes=9)
    assert await watched.concerns() == []
    watched.clock.advance(minutes=2)
    assert await watched.concerns() == ["outbox"]
    assert 'tousu_outbox_oldest_seconds{what="due"} 660.0' in await watched.metrics()
    await state(watched, "p10", OutboxState.SENT)
    assert await watched.concerns() == []
    assert 'tousu_outbox_oldest_seconds{what="due"} 0.0' in await watched.metrics()


async def test_a_message_is_tried_in_vain_for_an_hour(watched: Watched) -> None:
    await put(watched, "p11", attempts=3, next_at=watched.clock.now() + timedelta(hours=2))
    assert await watched.concerns() == []
    watched.clock.advance(minutes=61)
    assert (await watched.told())["parts"]["outbox"]["concern"] == "tried in vain"
    assert await watched.concerns() == ["outbox"]
    await state(watched, "p11", OutboxState.FAILED)
    assert await watched.concerns() == []


async def test_a_message_that_is_not_due_yet_is_no_concern(watched: Watched) -> None:
    await put(watched, "p12", next_at=watched.clock.now() + timedelta(days=2))
    watched.clock.advance(hours=30)
    assert await watched.concerns() == []
    await state(watched, "p12", OutboxState.SENT)


async def test_an_item_is_in_quarantine(watched: Watched) -> None:
    store = watched.gateway.house.store
    async with store.unit() as unit:
        entry = await arrive(unit)
        await unit.ledger.quarantine(entry.id, "crashed")
        await unit.commit()
    assert await watched.concerns() == ["quarantine"]
    assert f'tousu_ledger_items{{channel="wechat",state="{LedgerState.QUARANTINED}"}} 1.0' in await watched.metrics()
    async with store.unit() as unit:
        await unit.ledger.settle(entry.id, answer_kind="silent", answer_text="")
        await unit.commit()
    assert await watched.concerns() == []


async def test_the_turn_at_a_mailbox_is_lost_and_comes_back(watched: Watched) -> None:
    turns, store = watched.gateway.turns, watched.gateway.house.store

    async def listen() -> None:
        await asyncio.Event().wait()

    tending = asyncio.create_task(turns.tend("listen-email", listen))
    await until(lambda: turns.tended_by("listen-email") == "here")
    assert 'tousu_turns_here{turn="listen-email"} 1.0' in await watched.metrics()
    assert await watched.problems() == []
    with refusing(store):
        assert not await turns._try()
        watched.clock.advance(seconds=60)  # the lease is over, and nobody renews it
        assert not await turns._try()
        assert "turns" in await watched.problems()
        turns._check_time()
        assert 'tousu_turns_here{turn="listen-email"} 0.0' in await watched.metrics()
    assert await turns._try()
    assert await watched.problems() == []
    assert 'tousu_turns_here{turn="listen-email"} 1.0' in await watched.metrics()
    tending.cancel()
    await asyncio.gather(tending, return_exceptions=True)


async def put(watched: Watched, id: str, **more: Any) -> None:
    async with watched.gateway.house.store.unit() as unit:
        now = watched.clock.now()
        await unit.outbox.put(parcel(id, **{"created_at": now, "next_at": now, **more}))
        await unit.commit()


async def state(watched: Watched, id: str, now: OutboxState) -> None:
    async with watched.gateway.house.store.unit() as unit:
        await unit.outbox.set_state(id, now)
        await unit.commit()


@contextmanager
def disk_full() -> Iterator[None]:
    def refuse(*_: object) -> int:
        raise OSError(errno.ENOSPC, "no space left")

    with patch("os.pwrite", refuse):
        yield


@contextmanager
def nothing_free() -> Iterator[None]:
    with patch("gateway.spool.shelf.Shelf._free", lambda _: 0):
        yield
