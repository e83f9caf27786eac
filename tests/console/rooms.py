"""The rooms of tasks, doubts and the counter over a real store, with customers whose complaints lie in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from gateway.console.counter import CounterRoom
from gateway.console.doubts import DoubtsRoom
from gateway.console.kit import Kit, Room
from gateway.console.tasks import TasksRoom
from gateway.house import House
from gateway.intake.inbox import GatewayInbox
from gateway.settings import Settings
from store.unit import Store
from store.values import Case, ComplaintId, Moment, OutboxState, Parcel, Task
from tests.clock import SetClock
from tests.console.desk import Desk, desk
from tests.staff.office import Office, Replayer
from tests.staff.paper import SmallMailroom


@dataclass(frozen=True, kw_only=True)
class Rooms:
    desk: Desk
    office: Office
    clock: SetClock

    async def text(self, path: str) -> str:
        """A page that must be a good one."""
        answer = await self.desk.get(path)
        assert answer.status == 200, f"{path}: {answer.status}"
        return await answer.text()

    async def said(self, path: str, **form: str) -> str:
        """What the page says after a form."""
        answer = await self.desk.post(path, form)
        assert answer.status == 303, f"{path}: {answer.status}"
        return answer.headers["Location"].partition("said=")[2]

    async def task(self, id: str) -> Task:
        async with self.desk.house.store.reading() as unit:
            found = await unit.tasks.get(id)
        assert found is not None
        return found

    async def case(self, id: ComplaintId) -> Case:
        async with self.desk.house.store.reading() as unit:
            found = await unit.complaints.get(id)
        assert found is not None
        return found

    async def moments(self, case: Case, kind: str) -> list[Moment]:
        async with self.desk.house.store.reading() as unit:
            return await unit.timeline.of_kind(kind, [case.id])

    async def parcel(self, case: Case, state: OutboxState) -> Parcel:
        """A message that came to stand still."""
        parcel = await self.office.parcel(case)
        async with self.desk.house.store.unit() as unit:
            await unit.outbox.finish(parcel.id, state, "the person refuses us here")
            await unit.commit()
        return parcel

    async def parcels(self, case: Case) -> list[Parcel]:
        async with self.desk.house.store.reading() as unit:
            return await unit.outbox.of_complaint(case.id)

    async def of_branch(self, case: Case, branch: str) -> None:
        async with self.desk.house.store.unit() as unit:
            await unit.complaints.set_work(case.id, {"branch": branch}, now=self.clock.now())
            await unit.commit()


@asynccontextmanager
async def open_rooms(store: Store) -> AsyncIterator[Rooms]:
    clock = SetClock()
    settings = Settings(org_name="示例财产保险", public_url="https://tousu.example.com", phone_number="+8695500")
    house = House(store=store, clock=clock, settings=settings, open_channels=frozenset({"wechat", "counter"}))
    replayer, inbox = Replayer(store), GatewayInbox(house)

    def rooms(kit: Kit) -> Sequence[Room]:
        return [TasksRoom(kit), DoubtsRoom(kit, replayer), CounterRoom(kit, inbox.submit)]

    async with desk(house, rooms) as opened:
        office = Office(
            client=opened.client, house=house, replayer=replayer, inbox=inbox, mailroom=SmallMailroom(inbox)
        )
        yield Rooms(desk=opened, office=office, clock=clock)
