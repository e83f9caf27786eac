"""A post office for the tests of delivery: a store, a clock, and senders that do as they are told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import update

from channels.base import Outbound, Receipt
from gateway.delivery.worker import DeliveryWorker
from gateway.house import House
from gateway.settings import Settings
from store import models
from store.unit import Store
from store.values import Case, Conversation, OutboxState, Parcel, Task
from tests.clock import SetClock
from tests.store.things import NOW, RECORD, WANG, open_case, talk
from tests.store.things import parcel as make_parcel

Trouble = Callable[[Outbound], Exception | None]


@dataclass
class Postman:
    """Takes what it is given, unless told of trouble or to wait at the gate."""

    trouble: Trouble = lambda outbound: None
    via: str = "customer_service"
    taken: list[Outbound] = field(default_factory=list)
    tried: int = 0
    gate: asyncio.Event | None = None
    before: Callable[[str], object] | None = None  # what happens at the provider before we have its answer

    async def send(self, outbound: Outbound) -> Receipt:
        self.tried += 1
        if self.gate is not None:
            await self.gate.wait()
        error = self.trouble(outbound)
        if error is not None:
            raise error
        self.taken.append(outbound)
        return Receipt(provider_id=f"at-provider-{outbound.id}", via=self.via)


class Office:
    """What a test of delivery holds in its hands."""

    def __init__(self, store: Store, folder: Path, channels: tuple[str, ...] = ("wechat", "email")) -> None:
        self.store = store
        self.clock = SetClock(NOW)
        self.post = {name: Postman() for name in channels}
        self.house = House(
            store=store, clock=self.clock, settings=Settings(data_dir=folder), open_channels=frozenset(channels)
        )
        self.worker = DeliveryWorker(self.house, self.post)

    async def put(self, *parcels: Parcel) -> None:
        async with self.store.unit() as unit:
            for one in parcels:
                await unit.outbox.put(one)
            await unit.commit()

    async def news(self, id: str = "p1", **more: object) -> tuple[Case, Parcel]:
        """A change of status, on its way to Wang."""
        conversation = await talk(self.store)
        async with self.store.unit() as unit:
            record = more.pop("record", RECORD)
            case = await open_case(unit, number=f"TS-{id}", conversation_id=conversation, record=record)
            await unit.commit()
        facts: dict[str, object] = {
            "kind": "status",
            "text": "【处理决定】全额退还保费五千元，三日内到账。",
            "status_label": "已作出处理决定",
            "number": case.number,
            "complaint_id": case.id,
            "conversation_id": conversation,
        }
        sent = make_parcel(id, **(facts | more))
        await self.put(sent)
        return case, sent

    async def deliver(self) -> None:
        while await self.worker.run_once():
            pass

    async def parcel(self, id: str) -> Parcel:
        async with self.store.reading() as unit:
            found = await unit.outbox.get(id)
        assert found is not None
        return found

    async def states(self) -> dict[str, OutboxState]:
        async with self.store.reading() as unit:
            return {one.id: one.state for one in await unit.outbox.recent(50)}

    async def tasks(self, kind: str = "delivery") -> list[Task]:
        async with self.store.reading() as unit:
            return list(await unit.tasks.open_of(kind=kind))

    async def conversation(self) -> Conversation:
        async with self.store.unit() as unit:
            return await unit.conversations.lock("wechat", WANG, self.now)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def damage(self, table: str, column: str, id: object) -> None:
        """A sealed value of one row is not what was stored any more."""
        rows = models.metadata.tables[table]
        async with self.store.unit() as unit:
            await unit.outbox._line.run(update(rows).where(rows.c.id == id).values({column: b"rotten"}))
            await unit.commit()


def again(parcel: Parcel, id: str) -> Parcel:
    return replace(parcel, id=id)
