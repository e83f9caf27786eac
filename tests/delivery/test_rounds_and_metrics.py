"""What the gateway does by itself from time to time, and what it tells of itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from gateway import background
from gateway.app import Gateway, open_gateway
from gateway.background import start_background_work
from gateway.delivery.outcome import Held
from gateway.delivery.settle import settle
from gateway.memory import forget
from gateway.settings import Settings
from store.values import EarlyReport, LedgerState, OutboxState
from tests.clock import SetClock
from tests.delivery.post import Office
from tests.store.things import NOW, arrive, parcel
from tests.waiting import until


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    given = {
        "data_dir": tmp_path,
        "wechat_app_id": "wx1",
        "wechat_app_secret": "s",
        "wechat_token": "t",
        "wechat_aes_key": "a" * 43,
        "wechat_api_url": "http://127.0.0.1:9",
    }
    async with open_gateway(Settings.model_validate(given), SetClock(NOW)) as opened:
        yield opened
        await opened.supervisor.aclose()


async def test_a_round_that_fails_shows_itself_and_stops_no_other(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = asyncio.Event()

    async def crash(_: object) -> int:
        raise ZeroDivisionError

    async def resume(_: object) -> int:
        rounds.set()
        return 0

    monkeypatch.setattr(background, "remind_the_silent", crash)
    monkeypatch.setattr("gateway.operations.replay.Replayer.resume", resume)
    await start_background_work(gateway)
    async with asyncio.timeout(5):
        await rounds.wait()
    health = gateway.supervisor.health
    await until(lambda: health["remind"].problem == "ZeroDivisionError")
    assert health["resume"].running


async def test_each_channel_is_delivered_by_itself(gateway: Gateway) -> None:
    await start_background_work(gateway)
    assert "deliver-wechat" in gateway.supervisor.health


async def test_what_was_held_before_a_restart_is_tried_at_the_start(gateway: Gateway) -> None:
    store = gateway.house.store
    async with store.unit() as unit:
        await unit.outbox.put(parcel("p1"))
        await unit.commit()
    await settle(gateway.house, parcel("p1"), Held("wrong secret"))
    await start_background_work(gateway)

    async def tried() -> bool:
        async with store.reading() as unit:
            found = await unit.outbox.get("p1")
        return found is not None and found.attempts > 0

    await until(tried)


async def test_counts_and_reports_of_days_past_are_forgotten(office: Office) -> None:
    async with office.store.unit() as unit:
        await unit.counters.hit("ask:oX", window_start=NOW, now=NOW)
        await unit.reports.keep(EarlyReport(channel="wechat", provider_id="m", state="failed", at=NOW))
        await unit.commit()
    await forget(office.house)
    async with office.store.reading() as unit:
        assert await unit.counters.count("ask:oX", window_start=NOW) == 1
    office.clock.advance(days=3)
    await forget(office.house)
    async with office.store.reading() as unit:
        assert await unit.counters.count("ask:oX", window_start=NOW) == 0
        assert await unit.reports.of("wechat", "m") == []


async def test_numbers_go_back_to_nothing_and_refused_calls_are_counted(gateway: Gateway) -> None:
    store = gateway.house.store
    async with store.unit() as unit:
        entry = await arrive(unit)
        await unit.outbox.put(parcel("p1"))
        await unit.commit()
    async with TestClient(TestServer(gateway.app)) as client:
        assert 'tousu_ledger_items{channel="wechat",state="stored"} 1.0' in await metrics(client)
        async with client.post("/in/wechat?signature=x&timestamp=1&nonce=1", data="<xml/>") as refused:
            assert refused.status in (400, 403)
        async with store.unit() as unit:
            await unit.ledger.settle(entry.id, answer_kind="silent", answer_text="")
            await unit.outbox.set_state("p1", OutboxState.SENT)
            await unit.commit()
        told = await metrics(client)
    assert f'state="{LedgerState.STORED}"' not in told
    assert 'tousu_outbox_parcels{state="waiting"}' not in told
    assert 'tousu_channel_refused{channel="wechat",reason=' in told


async def metrics(client: TestClient[web.Request, web.Application]) -> str:
    async with client.get("/metrics") as response:
        assert response.status == 200
        return await response.text()


async def test_a_page_that_cannot_be_signed_keeps_the_gateway_from_starting(tmp_path: Path) -> None:
    settings = Settings.model_validate({"data_dir": tmp_path, "page_webhook_url": "https://page.example/x"})
    with pytest.raises(ValueError, match="TOUSU_PAGE_WEBHOOK_SECRET"):
        async with open_gateway(settings):
            pass
