"""Both sides of a talk: a person who writes and hears, and the office that sees what became of it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from channels.base import Item, OutboundKind
from channels.errors import Unreadable
from gateway.app import Gateway, open_gateway
from gateway.casework.lifecycle import Status
from gateway.casework.move import move
from gateway.intake.silence import remind_the_silent
from gateway.settings import Settings
from normalizer.record import Contact, ContactKind, Submission
from store.values import Case, Conversation, Entry, File, Moment, Parcel, Task
from tests.clock import SetClock

# Everything that is needed for acceptance, in one message.
COMPLETE = "我叫王小明，电话13812345678，车险理赔拖了两个月还没赔，保单号PDAA202641010000123456，请尽快赔付"
STORY = "车险理赔拖了两个月还没赔，一直说在审核"  # what happened, and nothing else
OTHER_STORY = "我要投诉另一件事，业务员李四骗我买了分红险"
PATIENCE = 5.0  # seconds for which a chat's line stays open, as WeChat's does


@dataclass(kw_only=True)
class Office:
    """A gateway on a clock that stands still, and the eyes of its staff."""

    gateway: Gateway
    clock: SetClock
    keys: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def by_chat(self, openid: str = "o1") -> Person:
        return Person(office=self, channel="wechat", contact=Contact(kind=ContactKind.OPENID, value=openid))

    def by_mail(self, address: str = "wang@qq.example") -> Person:
        return Person(office=self, channel="email", contact=Contact(kind=ContactKind.EMAIL, value=address))

    async def cases(self) -> list[Case]:
        """All there are, the oldest first."""
        async with self.gateway.house.store.reading() as unit:
            return list(reversed(await unit.complaints.search(limit=100)))

    async def only_case(self) -> Case:
        [case] = await self.cases()
        return case

    async def latest_case(self) -> Case:
        return (await self.cases())[-1]

    async def case(self, number: str) -> Case:
        async with self.gateway.house.store.reading() as unit:
            case = await unit.complaints.by_number(number)
        assert case is not None
        return case

    async def tasks(self, kind: str = "", number: str = "") -> list[Task]:
        """What a person must do; narrowed by kind and by the complaint it is about."""
        async with self.gateway.house.store.reading() as unit:
            tasks = list(await unit.tasks.list(limit=200))
        return [each for each in tasks if kind in ("", each.kind) and number in ("", each.number)]

    async def finish(self, task: Task) -> None:
        async with self.gateway.house.store.unit() as unit:
            assert await unit.tasks.done(task.id, self.clock.now(), "li")
            await unit.commit()

    async def parcels(self, kind: OutboundKind | None = None) -> list[Parcel]:
        """What was laid down to leave, the oldest first."""
        async with self.gateway.house.store.reading() as unit:
            parcels = list(reversed(await unit.outbox.recent(200)))
        return [each for each in parcels if kind in (None, each.kind)]

    async def post_takes(self, message_id: str) -> None:
        """The last message has left, under this id."""
        *_, last = await self.parcels()
        async with self.gateway.house.store.unit() as unit:
            await unit.outbox.sent(last.id, provider_id=message_id, via="smtp", at=self.clock.now())
            await unit.commit()

    async def ledger(self) -> dict[str, int]:
        """How many items are in which state."""
        async with self.gateway.house.store.reading() as unit:
            return {state: count for _, state, count in await unit.ledger.counts()}

    async def quarantined(self) -> list[Entry]:
        async with self.gateway.house.store.reading() as unit:
            return await unit.ledger.quarantined()

    async def history(self, case: Case) -> list[Moment]:
        async with self.gateway.house.store.reading() as unit:
            return await unit.timeline.of(case.id)

    async def files(self, case: Case) -> list[File]:
        async with self.gateway.house.store.reading() as unit:
            return await unit.files.of_complaint(case.id)

    async def files_of(self, entry: Entry) -> list[File]:
        async with self.gateway.house.store.reading() as unit:
            return await unit.files.of_ledger(entry.id)

    async def talk_of(self, case: Case) -> Conversation:
        assert case.conversation_id is not None
        async with self.gateway.house.store.reading() as unit:
            talk = await unit.conversations.get(case.conversation_id)
        assert talk is not None
        return talk

    async def is_remembered(self, case: Case) -> bool:
        """An unfinished complaint is in somebody's hands, or the talk is still about it and will be resumed."""
        if await self.tasks(number=case.number):
            return True
        talk = await self.talk_of(case)
        return talk.complaint_id == case.id and talk.remind_at is not None

    async def move(self, case: Case, *steps: Status, note: str = "", tell: bool = True) -> Case:
        for step in steps:
            case = await move(self.gateway.house, case.number, step, note=note, tell=tell, actor="li")
        return case

    async def after(self, **silence: float) -> None:
        """Time passes, and the round that looks for silence is made."""
        self.clock.advance(**silence)
        await remind_the_silent(self.gateway.house)

    async def reminders(self) -> list[Parcel]:
        return await self.parcels(OutboundKind.REMINDER)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody at the other end of a chat or of a mailbox."""

    office: Office
    channel: str
    contact: Contact

    def item(self, text: str = "", **more: Any) -> Submission:
        """One message, not yet sent; ``more`` is any other part of a submission."""
        given = {"key": f"{self.channel}-{next(self.office.keys)}", "raw": text.encode()} | more
        now = self.office.clock.now()
        return Submission(channel=self.channel, sender=self.contact, received_at=now, text=text, **given)

    async def write(self, text: str = "", **more: Any) -> str:
        """Send one message; what is answered, and nothing when it is not."""
        return await self.send(self.item(text, **more))

    async def send(self, item: Submission) -> str:
        speak_by = asyncio.get_running_loop().time() + PATIENCE if self.channel == "wechat" else None
        return (await self.office.gateway.inbox.submit(item, speak_by=speak_by)).text


@dataclass
class Reader:
    """A channel's reader: it fails until it is mended, and then reads what the test gives it."""

    mended: Submission | None = None
    failure: Exception = field(default_factory=lambda: Unreadable("kind"))

    async def read(self, item: Item) -> Submission:
        if self.mended is None:
            raise self.failure
        return self.mended


@asynccontextmanager
async def open_office(**given: Any) -> AsyncIterator[Office]:
    """An office with these settings."""
    clock = SetClock()
    async with open_gateway(Settings.model_validate(given), clock) as gateway:
        yield Office(gateway=gateway, clock=clock)
