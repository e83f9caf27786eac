"""A watch: complaints of every gravity, people who are called, and a clock that is set by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from pydantic import SecretStr

from gateway.casework.emergency import plans as files
from gateway.casework.emergency.opening import open_emergency, open_for
from gateway.casework.emergency.round import EmergencyRound
from gateway.house import House
from gateway.settings import Settings
from gateway.staff.actor import Actor, Role, rights_of
from normalizer.number import make_number
from normalizer.record import Complaint, Field
from store.desk import Emergency, Person
from store.people import Secrets
from store.unit import Store
from store.values import Case, Moment, Parcel, Task
from tests.clock import MONDAY_MORNING, SetClock
from tests.store.things import RECORD, open_case

OWN = """
[recipients.complaint_head]
emails = ["head@insurer.example"]
[recipients.consumer_protection]
emails = ["protection@insurer.example"]
"""


def record_with(priority: str, *flags: str, source: str = "", rule: str = "", **more: str) -> Complaint:
    """A record of this gravity."""
    found = {**RECORD.fields, "priority": Field(value=priority, source=source, rule=rule)}
    found |= {name: Field(value=value) for name, value in more.items()}
    raised = tuple(Field(value=flag, source=source, rule=f"flag.{flag}") for flag in flags)
    return replace(RECORD, fields=MappingProxyType(found), flags=raised)


@dataclass(kw_only=True)
class Watch:
    house: House
    clock: SetClock
    numbers: list[str] = field(default_factory=list)

    @property
    def store(self) -> Store:
        return self.house.store

    @property
    def officer(self) -> Actor:
        return Actor(login="li", name="李干事", rights=rights_of(frozenset({Role.OFFICER})), person_id=7)

    async def complaint(self, record: Complaint, status: str = "ACCEPTED") -> Case:
        number = make_number(MONDAY_MORNING.date(), len(self.numbers) + 1)
        self.numbers.append(number)
        async with self.store.unit() as unit:
            now = self.clock.now()
            case = await open_case(unit, number=number, status=status, record=record, received_at=now)
            if status != "RECEIVED":
                await unit.complaints.save(case.id, accepted_at=now, now=now)
            await unit.commit()
        return case

    async def opened(self, kind: str, case: Case | None = None) -> Emergency:
        case = case or await self.complaint(record_with("P0", "self_harm"))
        async with self.store.unit() as unit:
            locked = await unit.complaints.get(case.id, lock=True)
            assert locked is not None
            emergency = await open_emergency(self.house, unit, locked, kind)
            await unit.commit()
        return emergency

    async def graded(self, case: Case, record: Complaint, reason: str = "") -> Emergency | None:
        """As when somebody raises the grade."""
        async with self.store.unit() as unit:
            await unit.complaints.save(case.id, record=record, now=self.clock.now())
            locked = await unit.complaints.get(case.id, lock=True)
            assert locked is not None
            opened = await open_for(self.house, unit, locked, reason=reason, actor="li")
            await unit.commit()
        return opened

    async def person(self, login: str, name: str, *roles: Role, branch: str = "") -> None:
        person = Person(
            id=0, login=login, name=name, roles=frozenset(roles), branch=branch, email=f"{login}@insurer.example",
            created_at=self.clock.now(),
        )  # fmt: skip
        async with self.store.unit() as unit:
            await unit.people.add(person, Secrets())
            await unit.commit()

    async def round(self) -> None:
        await EmergencyRound(self.house).go()

    async def emergencies(self, case: Case) -> list[Emergency]:
        async with self.store.reading() as unit:
            return list(await unit.emergencies.of_complaint(case.id))

    async def get(self, id: int) -> Emergency:
        async with self.store.reading() as unit:
            found = await unit.emergencies.get(id)
        assert found is not None
        return found

    async def parcels(self) -> list[Parcel]:
        async with self.store.reading() as unit:
            return list(reversed(await unit.outbox.recent(200)))

    async def mails(self) -> list[str]:
        return [parcel.to.value for parcel in await self.parcels() if parcel.channel == "email"]

    async def tasks(self) -> list[Task]:
        async with self.store.reading() as unit:
            return list(await unit.tasks.open_of(kind="emergency"))

    async def history_of(self, emergency: Emergency) -> list[Moment]:
        async with self.store.reading() as unit:
            return [each for each in await unit.timeline.of(emergency.complaint_id) if each.kind == "emergency"]

    async def history(self, case: Case) -> list[Moment]:
        async with self.store.reading() as unit:
            return [each for each in await unit.timeline.of(case.id) if each.kind == "emergency"]


@pytest.fixture
async def watch(store: Store, tmp_path: Path) -> AsyncIterator[Watch]:
    own = tmp_path / "own.toml"
    own.write_text(OWN, "utf-8")
    files.use(own)
    settings: Any = Settings(
        data_dir=tmp_path,
        page_webhook_url="https://pager.example/",
        page_webhook_secret=SecretStr("geheim"),
        page_email="duty@insurer.example",
    )
    clock = SetClock()
    yield Watch(
        house=House(store=store, clock=clock, settings=settings, open_channels=frozenset({"email"})), clock=clock
    )
    files.use(None)
