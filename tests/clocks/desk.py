"""A house with complaints whose clocks run, and the means to let time pass and messages leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gateway.casework.clocks import reckoned
from gateway.casework.clocks.reckoning import Reckoning
from gateway.casework.clocks.setting import at_first
from gateway.casework.lifecycle import Status
from gateway.casework.move import move
from gateway.house import House
from normalizer.number import make_number
from normalizer.record import SHANGHAI, Contact, ContactKind
from store.desk import ClockEvent
from store.values import Case, Parcel, Task
from tests.clock import SetClock
from tests.staff.office import DAY, FIELDS, OPENID, record_of


@dataclass(kw_only=True, slots=True)
class Desk:
    """Complaints of a house whose time is set by hand."""

    house: House
    clock: SetClock
    numbers: list[str] = field(default_factory=list)

    async def complaint(self, status: str = "INVESTIGATING", *, watched: bool = True, **more: Any) -> Case:
        """A customer's complaint, as the intake leaves it; ``watched`` False: of before there were clocks."""
        number, now = make_number(DAY, len(self.numbers) + 1), self.house.clock.now()
        record = record_of({**FIELDS, **more.pop("fields", {})})
        facts: dict[str, Any] = {
            "channel": "wechat",
            "contact": Contact(kind=ContactKind.OPENID, value=OPENID),
            "conversation_id": None,
            "received_at": now,
            "due_at": at_first(record, now)["due_at"],
            "status": status,
            "record": record,
            "reply_context": {},
            "attested": True,
            "number": number,
        }
        async with self.house.store.unit() as unit:
            case = await unit.complaints.create(**(facts | more))
            if watched:
                await unit.complaints.set_work(case.id, at_first(record, now), now=now)
            await unit.commit()
        self.numbers.append(number)
        return case

    async def case(self, number: str) -> Case:
        async with self.house.store.reading() as unit:
            found = await unit.complaints.by_number(number)
        assert found is not None
        return found

    async def due(self, number: str) -> str:
        """The date kept beside the complaint, in Shanghai."""
        return (await self.case(number)).due_at.astimezone(SHANGHAI).date().isoformat()

    async def standing(self, number: str) -> Reckoning:
        async with self.house.store.reading() as unit:
            case = await unit.complaints.by_number(number)
            assert case is not None
            return await reckoned(unit, case, self.house.clock.now())

    async def move(self, number: str, status: Status, *, tell: bool = True) -> None:
        await move(self.house, number, status, note="已核实", tell=tell, actor="li.na")

    async def parcels(self, case: Case) -> Sequence[Parcel]:
        async with self.house.store.reading() as unit:
            return await unit.outbox.of_complaint(case.id)

    async def leaves(self, parcel: Parcel, at: datetime | None = None) -> None:
        """The provider takes a message."""
        async with self.house.store.unit() as unit:
            await unit.outbox.sent(parcel.id, provider_id="p1", via="", at=at or self.house.clock.now())
            await unit.commit()

    async def times(self, case: Case) -> tuple[datetime | None, datetime | None]:
        async with self.house.store.reading() as unit:
            return await unit.clock_events.times(case.id)

    async def events(self, case: Case) -> Sequence[ClockEvent]:
        async with self.house.store.reading() as unit:
            return await unit.clock_events.of(case.id)

    async def tasks(self, case: Case) -> Sequence[Task]:
        async with self.house.store.reading() as unit:
            return await unit.tasks.open_of(complaint_id=case.id, kind="clock")

    async def history(self, case: Case, kind: str = "clock") -> list[str]:
        async with self.house.store.reading() as unit:
            return [moment.text for moment in await unit.timeline.of(case.id) if moment.kind == kind]
