"""A gateway with its channels' far sides, whose database can go away."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from gateway.app import Gateway, open_gateway
from gateway.settings import Settings
from gateway.spool.record import Kind, Record
from gateway.spool.shelf import Shelf
from gateway.spool.spool import Spool
from store.crypto import Keyring
from tests.clock import SetClock
from tests.contract.calls import PhoneRig
from tests.contract.house import Seen
from tests.contract.rigs import WeChatRig, drain

MEGABYTE = 1024 * 1024


def a_record(key: str = "one", body: bytes = b"what they said", lane: str = "wang") -> Record:
    return Record(kind=Kind.ITEM, channel="wechat", key=key, at=SetClock().now(), lane=lane, body=body)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@pytest.fixture
async def open_spool(folder: Path, keyring: Keyring) -> AsyncIterator[Callable[[], Awaitable[Spool]]]:
    """A process's spool on the folder that all share; what others left is taken over."""
    async with AsyncExitStack() as stack:

        async def opened() -> Spool:
            spool = Spool(Shelf(folder, keyring, MEGABYTE))
            stack.push_async_callback(spool.aclose)
            await spool.take_over()
            return spool

        yield opened


@dataclass
class House(Seen):
    """A gateway on WeChat, the telephone and the website; nothing works in its background but what a test calls."""

    gateway: Gateway
    wechat: WeChatRig
    phone: PhoneRig
    clock: SetClock
    url: str

    async def drain(self) -> int:
        """One round of the spool, and what is due in the outbox."""
        taken = await self.gateway.spooling.drain.go()
        await drain(self.gateway)
        return taken

    def gateway_client(self) -> ClientSession:
        return ClientSession(self.url)

    def chat(self, who: str) -> list[str]:
        return [line.text for line in self.wechat.world.chat_of(who) if line.by != "person"]


@pytest.fixture(autouse=True)
def nobody_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was away a moment ago is asked again at once: a test has no seconds to wait."""
    monkeypatch.setattr("gateway.customers.patience.REST", 0.0)
    monkeypatch.setattr("channels.phone.beside.REST", 0.0)
    monkeypatch.setattr("gateway.customers.patience.PATIENCE", 0.2)
    monkeypatch.setattr("channels.phone.beside.PATIENCE", 0.2)
    monkeypatch.setattr("gateway.spool.drain.PING_SECONDS", 0.2)
    monkeypatch.setattr("gateway.spool.inbox.PING_SECONDS", 0.1)
    monkeypatch.setattr("gateway.spool.inbox.MORE", 0.2)
    monkeypatch.setattr("gateway.spool.inbox.PATIENCE", 0.2)


@pytest.fixture
async def house(store_url: str, tmp_path: Path) -> AsyncIterator[House]:
    clock = SetClock()
    wechat, phone = WeChatRig(clock), PhoneRig(clock)
    await wechat.start()
    await phone.start()
    given = {"data_dir": tmp_path, "database_url": store_url, "spool_after_seconds": 0.2}
    settings = Settings.model_validate(given | wechat.settings() | phone.settings())
    async with open_gateway(settings, clock) as gateway:
        server = TestServer(gateway.app)
        await server.start_server()
        url = str(server.make_url("")).rstrip("/")
        await wechat.join(gateway, url)
        await phone.join(gateway, url)
        yield House(gateway, wechat, phone, clock, url)
        await wechat.aclose()
        await phone.aclose()
        await server.close()
