"""A house whose changes are told to others, and those others."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from gateway.delivery.webhook import WEBHOOK, Webhooks
from gateway.delivery.worker import DeliveryWorker
from gateway.events.guard import Guard
from gateway.events.keeping import Endpoints, Wish
from gateway.events.round import EndpointsRound
from gateway.events.sending import EndpointSender
from gateway.events.subscribers import Subscribers
from gateway.events.witness import Witness
from gateway.house import House
from gateway.settings import Settings
from store.desk import Endpoint
from store.unit import Store
from store.values import Case, Parcel, Task
from tests.clock import SetClock
from tests.events.receiver import Manner, Receiver, polite
from tests.store.things import NOW, open_case

ADMIN = "admin"
LOOPBACK = "127.0.0.0/8, ::1/128"


@dataclass(kw_only=True)
class Exchange:
    """What a test of events holds in its hands."""

    house: House
    clock: SetClock
    subscribers: Subscribers
    endpoints: Endpoints
    worker: DeliveryWorker
    sender: EndpointSender
    stack: AsyncExitStack
    numbers: list[str] = field(default_factory=list)

    @property
    def store(self) -> Store:
        return self.house.store

    async def receiver(self, manner: Manner = polite, **wish: Any) -> tuple[Receiver, Endpoint]:
        """Somebody who listens, and their endpoint."""
        receiver = Receiver(manner)
        server = await self.stack.enter_async_context(TestServer(receiver.app()))
        endpoint = await self.endpoints.add(Wish(url=str(server.make_url("/hook")), **wish), ADMIN)
        return receiver, endpoint

    async def complaint(self, **more: Any) -> Case:
        number = f"TS2611230000{len(self.numbers):02d}"
        self.numbers.append(number)
        async with self.store.unit() as unit:
            case = await open_case(unit, number=number, **{"status": "RECEIVED", **more})
            await unit.commit()
        return case

    async def note(self, case: Case, kind: str, text: str = "", actor: str = "gateway", **data: Any) -> None:
        async with self.store.unit() as unit:
            await unit.timeline.add(case.id, at=self.clock.now(), kind=kind, actor=actor, text=text, data=data)
            await unit.commit()

    async def parcels(self) -> list[Parcel]:
        async with self.store.reading() as unit:
            return [each for each in reversed(await unit.outbox.recent(500)) if each.channel == WEBHOOK]

    async def events(self) -> list[dict[str, Any]]:
        return [json.loads(parcel.text) for parcel in await self.parcels()]

    async def tasks(self, kind: str) -> list[Task]:
        async with self.store.reading() as unit:
            return list(await unit.tasks.open_of(kind=kind))

    async def endpoint(self, id: str) -> Endpoint:
        return await self.endpoints.get(id)

    async def round(self) -> None:
        await EndpointsRound(self.house, self.subscribers).go()


@pytest.fixture
async def exchange(store: Store, tmp_path: Path) -> AsyncIterator[Exchange]:
    clock = SetClock(NOW)
    house = House(store=store, clock=clock, settings=Settings(data_dir=tmp_path))
    subscribers = Subscribers(store)
    store.witness = Witness(clock, subscribers)
    guard = Guard.of(LOOPBACK)
    sender = EndpointSender(store, clock, guard)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(sender.aclose)
        yield Exchange(
            house=house,
            clock=clock,
            subscribers=subscribers,
            endpoints=Endpoints(house, guard, subscribers),
            worker=DeliveryWorker(house, {WEBHOOK: Webhooks(None, sender)}),
            sender=sender,
            stack=stack,
        )
