"""What the tests of the API share: customers, their complaints, and how to ask for them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient
from sqlalchemy import select

from gateway.house import House
from gateway.intake.inbox import GatewayInbox
from normalizer.normalize import normalize
from normalizer.number import make_number
from normalizer.record import Complaint, Contact, ContactKind, Field, Intent, Method, Submission
from store.models import audit
from store.unit import Store
from store.values import Case, ComplaintId, File, FileState, LedgerId, Parcel, Task
from tests.staff.paper import SmallMailroom

# For what the door decides before the store is asked, one kind of database is enough.
ON_ONE = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
TOKEN = "a-service-token-of-the-tests"
EXAMPLES = Path(__file__).parents[1] / "cases" / "normalizer.jsonl"
DAY = date(2026, 11, 23)
NAME, PHONE, EMAIL, ID = "张小三", "+8613812345678", "zhang.san@example.cn", "110101199003074514"
POLICY, CLAIM, ADDRESS = "PA2026000123456", "CL88776655", "北京市朝阳区建国路18号院3号楼402室"
OPENID = "oTestOpenid_1234567890abcdef"
CALLER = Contact(kind=ContactKind.PHONE, value=PHONE)

WORDS = (
    "我叫张小三（張小三），电话138-1234-5678，也可以打一三八一二三四五六七八，身份证１１０１０１１９９００３０７４５１４，"
    "保单号 pa2026 000123456，赔案 CL-8877-6655，住朝阳区建国路18号院3号楼402室，邮箱Zhang.San@example.cn。"
    "我爱人电话13900001111，理赔拖了60天，要求赔付50000元。"
)
PRIVATE = (
    "张小三",
    "張小三",
    "12345678",
    "1234-5678",
    "二三四五六七八",
    "19900307",
    "９９００３",
    "000123456",
    "8877",
    "建国路",
    "402室",
    "ang.",
    "ang.san",
    "13900001111",
    OPENID,
)
FIELDS: Mapping[str, str] = {
    "complainant_name": NAME,
    "phone": PHONE,
    "email": EMAIL,
    "id_number": ID,
    "policy_number": POLICY,
    "claim_number": CLAIM,
    "address": ADDRESS,
    "respondent": "北京分公司",
    "matter": WORDS,
    "request": "要求给张小三赔付50000元",
    "party_role": "self",
    "product": "medical",
    "category": "C03",
    "category_detail": "0301",
    "priority": "P2",
}
SOURCES: Mapping[str, str] = {
    "complainant_name": "我叫张小三",
    "phone": "138-1234-5678",
    "id_number": "１１０１０１１９９００３０７４５１４",
    "address": "朝阳区建国路18号院3号楼402室",
    "matter": WORDS,
}


class Replayer:
    """Handles items again the way the gateway does: out of quarantine, and settled."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.replayed: list[LedgerId] = []
        self.channel_is_off = False

    async def __call__(self, item: LedgerId, /) -> str:
        if self.channel_is_off:
            raise LookupError("no such item in a channel that is on")
        async with self._store.unit() as unit:
            await unit.ledger.reopen(item)
            await unit.ledger.settle(item, answer_kind="silent", answer_text="")
            await unit.commit()
        self.replayed.append(item)
        return "handled"


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """The API over a store, and the means to put things into it."""

    client: TestClient[web.Request, web.Application]
    house: House
    replayer: Replayer
    inbox: GatewayInbox
    mailroom: SmallMailroom
    numbers: list[str] = field(default_factory=list)

    async def get(self, path: str, **query: str) -> ClientResponse:
        return await self.client.get(f"/api/v1{path}", params=query)

    async def post(self, path: str, body: object = None, **query: str) -> ClientResponse:
        return await self.client.post(f"/api/v1{path}", json=body, params=query)

    async def ask(self, path: str, **query: str) -> Any:
        """The JSON of an answer that must be a good one."""
        answer = await self.get(path, **query)
        assert answer.status == 200, await answer.text()
        return await answer.json()

    async def search(self, path: str, **sought: object) -> Any:
        """The JSON of a search in a body, which must be a good one."""
        answer = await self.post(f"{path}/search", sought)
        assert answer.status == 200, await answer.text()
        return await answer.json()

    async def complaint(self, status: str = "ACCEPTED", **fields: str) -> Case:
        """A customer's complaint as the intake leaves it; ``fields`` instead of, or beside, what Zhang told."""
        number = make_number(DAY, len(self.numbers) + 1)
        now = self.house.clock.now()
        async with self.house.store.unit() as unit:
            case = await unit.complaints.create(
                channel="wechat",
                contact=Contact(kind=ContactKind.OPENID, value=OPENID),
                conversation_id=None,
                received_at=now,
                due_at=now + timedelta(days=15),
                status=status,
                record=record_of({**FIELDS, **fields}),
                reply_context={},
                attested=True,
                number=number,
            )
            await unit.timeline.add(case.id, at=now, kind="heard", actor="customer", text=WORDS, data={"said": [WORDS]})
            await unit.timeline.add(case.id, at=now, kind="said", actor="gateway", text=f"投诉已受理，编号{number}")
            await unit.commit()
        self.numbers.append(number)
        return case

    async def item(self, intent: Intent, **fields: str) -> Case:
        """What somebody told us that is no complaint."""
        case = await self.complaint(**fields)
        async with self.house.store.unit() as unit:
            record = replace(case.record, intent=intent)
            await unit.complaints.save(case.id, record=record, now=self.house.clock.now())
            await unit.commit()
        return case

    async def file(self, case: Case, *, content: bytes = b"%PDF-1.7", **facts: Any) -> File:
        """A file that came with a complaint."""
        now = self.house.clock.now()
        sha256 = await self.house.store.blobs.put(content)
        async with self.house.store.unit() as unit:
            entry = await unit.ledger.enter(
                channel="wechat", key=f"item-{case.number}-{facts}", received_at=now, raw=b"<xml/>", envelope={}
            )
            values = {"name": "张小三的保单.pdf", "media_type": "application/pdf", "state": FileState.STORED, **facts}
            file = File(
                id=f"file{entry.id}",
                ledger_id=entry.id,
                complaint_id=case.id,
                channel="wechat",
                size=len(content),
                sha256=sha256,
                received_at=now,
                **values,
            )
            await unit.files.add(file)
            await unit.commit()
        return file

    async def task(self, case: Case | None, *, id: str, kind: str = "callback", **facts: Any) -> Task:
        now = self.house.clock.now()
        task = Task(
            id=id,
            kind=kind,
            reason=facts.pop("reason", "asked_for_person"),
            created_at=now,
            due_at=now + timedelta(hours=facts.pop("hours", 4)),
            complaint_id=case.id if case else None,
            number=case.number if case else "",
            detail=facts.pop("detail", WORDS),
            **facts,
        )
        async with self.house.store.unit() as unit:
            await unit.tasks.add(task)
            await unit.commit()
        return task

    async def call(self, id: str, caller: Contact = CALLER, **facts: Any) -> None:
        """A call that was noted, and the conversation that it is."""
        report = {"state": "in-progress", "at": self.house.clock.now(), **facts}
        async with self.house.store.unit() as unit:
            await unit.conversations.lock("phone", caller, self.house.clock.now(), talk=id)
            await unit.calls.note(channel="phone", call=id, contact=caller, **report)
            await unit.commit()

    async def quarantined(self, key: str, raw: bytes = b"From: zhang") -> LedgerId:
        async with self.house.store.unit() as unit:
            entry = await unit.ledger.enter(
                channel="email", key=key, received_at=self.house.clock.now(), raw=raw, envelope={}
            )
            await unit.ledger.quarantine(entry.id, "ValueError in parse, line 7")
            await unit.commit()
        return entry.id

    async def parcel(self, case: Case) -> Parcel:
        now = self.house.clock.now()
        parcel = Parcel(
            id="parcel1",
            channel="wechat",
            to=case.contact,
            kind="status",
            text=f"{NAME}您好，{case.number}",
            created_at=now,
            next_at=now,
            complaint_id=case.id,
            number=case.number,
        )
        async with self.house.store.unit() as unit:
            await unit.outbox.put(parcel)
            await unit.commit()
        return parcel

    async def audited(self) -> list[tuple[str, str, str, Mapping[str, Any]]]:
        """Actor, action, subject and detail of every entry of the audit trail, and the chain is whole."""
        async with self.house.store.reading() as unit:
            assert await unit.audit.verify() is None
            rows = await unit.audit._line.rows(select(audit).order_by(audit.c.id))
        keys = self.house.store.keyring
        return [(row.actor, row.action, row.subject, keys.open_json(row.detail, "audit.detail")) for row in rows]


def example_cases() -> Iterator[Case]:
    """The example complaints as the intake would keep them, with all their words for a matter."""
    for line in EXAMPLES.read_text(encoding="utf-8").splitlines():
        example = json.loads(line)
        sender = Contact(kind=ContactKind(example["sender"]["kind"]), value=example["sender"].get("value") or "")
        at = datetime.fromisoformat(example["received_on"]).replace(tzinfo=UTC)
        submission = Submission(
            channel=example["channel"], key=example["id"], sender=sender, received_at=at, text=example["text"]
        )
        record = normalize(submission)
        yield Case(
            id=ComplaintId(1),
            number=make_number(DAY, 1),
            status="ACCEPTED",
            channel=submission.channel,
            contact=sender,
            conversation_id=None,
            received_at=at,
            due_at=at,
            record=record.with_field("matter", Field(value=submission.text, source=submission.text)),
        )


def record_of(fields: Mapping[str, str]) -> Complaint:
    found = {
        name: Field(value=value, source=SOURCES.get(name, value), method=Method.RULE, confidence=0.9)
        for name, value in fields.items()
        if value
    }
    return Complaint(
        intent=Intent.COMPLAINT,
        fields=MappingProxyType(found),
        amounts=(Field(value="50000", source="50000元"), Field(value="12.5", source="12.5元")),
        dates=(Field(value="2026-09-01", source="9月1日"),),
        flags=(Field(value="elderly", source="我今年七十"),),
        others=MappingProxyType({"phone": (Field(value="+8613900001111", source="13900001111"),)}),
    )
