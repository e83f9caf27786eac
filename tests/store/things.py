"""People, records and messages for the store's tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from normalizer.record import Complaint, Contact, ContactKind, Field, Heard, Intent, Method, Span
from store.unit import Store, Unit
from store.values import Case, ConversationId, Entry, File, FileState, OutboxState, Parcel, Task

NOW = datetime(2026, 11, 23, 1, 30, 0, 123456, tzinfo=UTC)
SOON = timedelta(minutes=1)
WANG = Contact(kind=ContactKind.OPENID, value="oWangXiaoming_0001")
LI = Contact(kind=ContactKind.EMAIL, value="Li.Na@Example.com")
ZHAO = Contact(kind=ContactKind.PHONE, value="+8613812345678")

RECORD = Complaint(
    intent=Intent.COMPLAINT,
    fields=MappingProxyType(
        {
            "complainant_name": Field(value="王小明", source="我叫王小明", span=Span(start=2, end=5), rule="name"),
            "phone": Field(value="+8613812345678", method=Method.ANSWER, confidence=0.9, item="wx:1"),
            "email": Field(value="wang@example.com"),
            "id_number": Field(value="11010519491231002X"),
            "policy_number": Field(value="P2024ABC001"),
            "claim_number": Field(value="C-778"),
            "matter": Field(value="理赔被拒", span=Span(start=0, end=4, part="subject")),
            "category": Field(value="C03"),
            "product": Field(value="health"),
            "priority": Field(value="P2"),
        }
    ),
    amounts=(Field(value="5000", source="五千元"),),
    dates=(Field(value="2026-11-01"),),
    flags=(Field(value="regulator", source="银保监会"),),
    missing=("request",),
    others=MappingProxyType({"phone": (Field(value="+8613900000000"),)}),
    language="zh-Hans",
    heard=Heard(intent=Intent.COMPLAINT, fields=frozenset({"phone", "matter"}), agreed=True, case_numbers=("TS1",)),
)


async def arrive(unit: Unit, key: str = "m1", channel: str = "wechat", raw: bytes = b"<xml/>", **more: Any) -> Entry:
    return await unit.ledger.enter(
        channel=channel, key=key, received_at=more.pop("received_at", NOW), raw=raw, envelope=more
    )


async def open_case(unit: Unit, number: str = "TS26112300001", **more: Any) -> Case:
    facts: dict[str, Any] = {
        "channel": "wechat",
        "contact": WANG,
        "conversation_id": None,
        "received_at": NOW,
        "due_at": NOW + timedelta(days=15),
        "status": "received",
        "record": RECORD,
        "reply_context": {},
        "attested": True,
        "number": number,
    }
    return await unit.complaints.create(**(facts | more))


async def talk(store: Store, contact: Contact = WANG, channel: str = "wechat") -> ConversationId:
    async with store.unit() as unit:
        found = await unit.conversations.lock(channel, contact, NOW)
        await unit.commit()
    return found.id


def parcel(id: str, **more: Any) -> Parcel:
    facts: dict[str, Any] = {
        "channel": "wechat",
        "to": WANG,
        "kind": "answer",
        "text": "您好，请问怎么称呼您？",
        "created_at": NOW,
        "next_at": NOW,
        "state": OutboxState.WAITING,
        "context": {"message_id": "<a@b>"},
    }
    return Parcel(id=id, **(facts | more))


def file(id: str, entry: Entry, **more: Any) -> File:
    facts: dict[str, Any] = {
        "ledger_id": entry.id,
        "complaint_id": None,
        "channel": "wechat",
        "name": "病历.jpg",
        "media_type": "image/jpeg",
        "state": FileState.WAITING,
        "ref": "media-1",
        "received_at": NOW,
    }
    return File(id=id, **(facts | more))


def task(id: str, **more: Any) -> Task:
    facts: dict[str, Any] = {
        "kind": "handover",
        "reason": "asked_for_person",
        "created_at": NOW,
        "due_at": NOW + SOON,
        "detail": "要人工",
    }
    return Task(id=id, **(facts | more))
