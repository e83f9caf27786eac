"""An office for the tests of acts: complaints from several channels, and people of ours with their rights."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from gateway.house import House
from gateway.intake.inbox import GatewayInbox
from gateway.staff.actor import Actor, Role, rights_of
from normalizer.number import make_number
from normalizer.record import Complaint, Contact, ContactKind, Field, Intent
from store.desk import Branch, Person
from store.people import Secrets
from store.values import Case, Moment, Parcel
from tests.clock import SetClock
from tests.staff.office import DAY

OPENID = Contact(kind=ContactKind.OPENID, value="oTestOpenid_1234567890abcdef")
MAILBOX = Contact(kind=ContactKind.EMAIL, value="zhang.san@example.cn")
CALLER = Contact(kind=ContactKind.PHONE, value="+8613812345678")
POST = Contact(kind=ContactKind.POST, value="北京市朝阳区建国路18号")
CONTACTS = {"wechat": OPENID, "email": MAILBOX, "phone": CALLER, "letter": POST}
FIELDS = {
    "complainant_name": "张小三",
    "phone": "+8613812345678",
    "policy_number": "PA2026000123456",
    "address": "北京市朝阳区建国路18号",
    "respondent": "北京分公司 李梅",
    "matter": "理赔拖了60天还没有结果。另外业务员没有告诉我有等待期。",
    "request": "请尽快赔付",
    "category": "C01",
    "category_detail": "C0103",
    "product": "P10",
    "priority": "P3",
}


@dataclass(kw_only=True)
class Desk:
    """Complaints and people over a real store."""

    house: House
    clock: SetClock
    inbox: GatewayInbox
    numbers: list[str] = field(default_factory=list)

    async def complaint(self, status: str = "ACCEPTED", channel: str = "wechat", **fields: str) -> Case:
        now = self.house.clock.now()
        number = make_number(DAY, len(self.numbers) + 1)
        async with self.house.store.unit() as unit:
            talk = await unit.conversations.lock(channel, CONTACTS[channel], now)
            case = await unit.complaints.create(
                channel=channel,
                contact=CONTACTS[channel],
                conversation_id=talk.id,
                received_at=now,
                due_at=now,
                status=status,
                record=record_of({**FIELDS, **fields}),
                reply_context={},
                attested=True,
                number=number,
            )
            await unit.conversations.save(
                talk.id, state=talk.state, complaint_id=case.id, remind_at=None, last_heard_at=now
            )
            await unit.timeline.add(case.id, at=now, kind="heard", actor="customer", text=case.record.value("matter"))
            await unit.commit()
        self.numbers.append(number)
        return case

    async def person(self, name: str = "王芳", *roles: Role, branch: str = "", login: str = "") -> Actor:
        """Somebody who works here, as they act."""
        chosen = frozenset(roles or (Role.OFFICER,))
        person = Person(
            id=0,
            login=login or f"{name}-{'-'.join(sorted(chosen))}",
            name=name,
            roles=frozenset(map(str, chosen)),
            branch=branch,
            created_at=self.house.clock.now(),
        )
        async with self.house.store.unit() as unit:
            id = await unit.people.add(person, Secrets())
            place = await unit.branches.around(branch)
            await unit.commit()
        return Actor(
            login=person.login,
            name=name,
            rights=rights_of(person.roles),
            person_id=id,
            branches=place.below if branch else None,
            own_branches=place.above,
        )

    async def branch(self, code: str, name: str, parent: str = "") -> None:
        async with self.house.store.unit() as unit:
            await unit.branches.put(Branch(code=code, name=name, parent=parent))
            await unit.commit()

    async def case(self, number: str) -> Case:
        async with self.house.store.reading() as unit:
            found = await unit.complaints.by_number(number)
        assert found is not None
        return found

    async def history(self, number: str) -> list[Moment]:
        async with self.house.store.reading() as unit:
            found = await unit.complaints.by_number(number)
            assert found is not None
            return await unit.timeline.of(found.id)

    async def sent(self, number: str) -> list[Parcel]:
        async with self.house.store.reading() as unit:
            found = await unit.complaints.by_number(number)
            assert found is not None
            return list(await unit.outbox.of_complaint(found.id))

    async def whole(self) -> bool:
        """The audit trail is."""
        async with self.house.store.reading() as unit:
            return await unit.audit.verify() is None


def record_of(fields: dict[str, str]) -> Complaint:
    found = {name: Field(value=value, source=value, confidence=0.9) for name, value in fields.items() if value}
    return Complaint(intent=Intent.COMPLAINT, fields=MappingProxyType(found))


async def set_work(desk: Desk, case: Case, **values: Any) -> None:
    async with desk.house.store.unit() as unit:
        await unit.complaints.set_work(case.id, values, now=desk.house.clock.now())
        await unit.commit()
