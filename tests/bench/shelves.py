"""Shelves full of complaints: real sealed rows, with the items, talks and answers they came of, many at a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Table, insert, text

from normalizer.number import make_number
from normalizer.record import Complaint, Contact, ContactKind, Field, Intent, Span
from store.codec import complaint_to_json, contact_to_json
from store.crypto import Keyring
from store.models import complaints, conversations, ledger, outbox, terms, timeline
from store.prepared import Prepared
from store.terms import terms_about, terms_of, text_of
from store.unit import Store

BATCH = 5_000
BLOCK = 20_000  # complaints made one by one; what stands beyond that is copied from these by the database
STATUSES = ("ACCEPTED", "INVESTIGATING", "ARCHIVED", "ARCHIVED", "SOLUTION", "ARCHIVED", "WITHDRAWN", "ARCHIVED")
CHANNELS = ("wechat", "phone", "wechat", "email", "letter", "web", "phone", "counter")
CATEGORIES = ("C01", "C02", "C03", "C03", "C04", "C05")
MATTERS = (
    "车险理赔拖了两个月还没有赔下来，打电话就说在审核，一直没有人给答复",
    "业务员说是存款，其实是保险，退保只给一半，要求全额退还保费",
    "住院费用报销被拒，说是既往症，可是投保的时候业务员知道",
    "客服电话打不通，在线客服让等，等了三天没有回音",
)

_INSERTS = {table: Prepared(insert(table)) for table in (conversations, complaints, terms, ledger, timeline, outbox)}
# What tells a copied row from the first: all keys are moved up, what is unique gets an end or is drawn by lot.
KEYS = frozenset({"id", "seq", "complaint_id", "conversation_id", "ledger_id"})
LOTS = frozenset({"who", "key_index", "phone_index"})
LOT = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "md5(random()::text)"}


async def fill(store: Store, how_many: int, now: datetime) -> None:
    """The shelves of a year, the newest last; every 1,000th tells of a 钢琴."""
    block = min(how_many, BLOCK)
    for first in range(0, block, BATCH):
        async with store.unit() as unit:
            places = range(first, min(first + BATCH, block))
            for table, rows in _rows(store.keyring, places, block, now).items():
                await unit.complaints._line.run_many(_INSERTS[table], rows)
            await unit.commit()
    for copy in range(1, how_many // block):
        async with store.unit() as unit:
            for table in _INSERTS:
                await unit.complaints._line.run(
                    text(_copying(table, unit.complaints._line.dialect, copy * block, block))
                )
            await unit.commit()
    async with store.unit() as unit:
        if unit.complaints._line.dialect == "postgresql":
            for table in (conversations, complaints, ledger, timeline, outbox):
                await unit.complaints._line.run(text(_counting_on(table)))
        await unit.complaints._line.run(text("ANALYZE"))
        await unit.commit()


def _rows(keys: Keyring, places: range, of: int, now: datetime) -> dict[Table, list[dict[str, Any]]]:
    kinds = [_sealed(keys, matter) for matter in MATTERS]
    rare = _sealed(keys, "搬家的时候钢琴被砸坏，" + MATTERS[0])
    chosen = [(place, rare if place % 1000 == 999 else kinds[place % len(kinds)]) for place in places]
    at = {place: now - timedelta(minutes=(of - place) * 4) for place in places}
    return {
        conversations: [_talk(keys, place, kind) for place, kind in chosen],
        complaints: [_row(keys, place, of, kind, at[place]) for place, kind in chosen],
        terms: [{"term": term, "complaint_id": place + 1} for place, kind in chosen for term in kind["terms"]],
        ledger: [_item(keys, place, turn, kind, at[place]) for place, kind in chosen for turn in (0, 1)],
        timeline: [_moment(place, turn, kind, at[place]) for place, kind in chosen for turn in (0, 1)],
        outbox: [_sent(place, kind, at[place]) for place, kind in chosen],
    }


def _copying(table: Table, dialect: str, by: int, block: int) -> str:
    """An INSERT … SELECT of the first block, ``by`` complaints further up."""
    owner = "complaint_id" if "complaint_id" in table.c and table is not conversations else "id"
    wanted = ", ".join(_moved(column.name, table, dialect, by) for column in table.columns)
    names = ", ".join(column.name for column in table.columns)
    return f"INSERT INTO {table.name} ({names}) SELECT {wanted} FROM {table.name} WHERE {owner} <= {block}"


def _counting_on(table: Table) -> str:
    """New rows are numbered after ours."""
    (key,) = table.primary_key.columns
    return f"SELECT setval(pg_get_serial_sequence('{table.name}', '{key.name}'), max({key.name})) FROM {table.name}"


def _moved(name: str, table: Table, dialect: str, by: int) -> str:
    if name == "id" and table is outbox:
        return LOT[dialect]
    if name in KEYS:
        per = 2 if name in ("id", "ledger_id") and table in (ledger, timeline) else 1  # items to a complaint
        return f"{name} + {by * per}"
    if name in LOTS:
        return LOT[dialect]
    return f"number || '-{by}'" if name == "number" and table is complaints else name


def _row(keys: Keyring, place: int, of: int, kind: dict[str, Any], at: datetime) -> dict[str, Any]:
    old = of - place > of // 10
    phone = f"+86139{place:08d}"
    return {
        "id": place + 1,
        "number": make_number(at.date(), place % 90_000 + 1),
        "status": STATUSES[place % 8] if not old or place % 50 == 0 else "ARCHIVED",
        "channel": CHANNELS[place % 8],
        "contact": kind["contact"],
        "conversation_id": place + 1,
        "received_at": at,
        "due_at": at + timedelta(days=15),
        "updated_at": at,
        "record": kind["record"],
        "attested": True,
        "name_index": kind["name_index"],
        "phone_index": keys.index("phone", phone),
        "intent": "complaint",
        "category": CATEGORIES[place % 6],
        "product": "motor",
        "priority": "P0" if place % 500 == 0 else "P2",
        "missing_count": 0,
        "branch": f"{place % 36:02d}0000",
        "assignee_id": place % 40 or None,
        "unfound": False,
    }


def _sealed(keys: Keyring, matter: str) -> dict[str, Any]:
    record = _record(matter)
    contact = Contact(kind=ContactKind.OPENID, value="oBench")
    return {
        "record": keys.seal_json(complaint_to_json(record), "complaints.record"),
        "contact": keys.seal_json(contact_to_json(contact), "complaints.contact"),
        "words": keys.seal_json({"text": matter}, "timeline.body"),
        "name_index": keys.index("name", record.value("complainant_name")),
        "terms": [*terms_of(keys, text_of(record)), *terms_about(keys, record)],
    }


def _record(matter: str) -> Complaint:
    values = {
        "complainant_name": "王小明",
        "phone": "+8613900000000",
        "policy_number": "PDAA202641010000112345",
        "respondent": "北京分公司",
        "matter": matter,
        "request": "要求尽快赔付，并给一个书面的说法",
        "category": "C03",
        "product": "motor",
        "priority": "P2",
    }
    return Complaint(
        intent=Intent.COMPLAINT,
        fields=MappingProxyType(
            {name: Field(value=value, source=value, span=Span(start=0, end=4)) for name, value in values.items()}
        ),
    )


def _talk(keys: Keyring, place: int, kind: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": place + 1,
        "channel": "wechat",
        "who": keys.index("bench", str(place)),
        "contact": kind["contact"],
        "state": kind["words"],
        "complaint_id": place + 1,
        "parked": False,
    }


def _item(keys: Keyring, place: int, turn: int, kind: dict[str, Any], at: datetime) -> dict[str, Any]:
    return {
        "id": 2 * place + turn + 1,
        "channel": "wechat",
        "key_index": keys.index("bench", f"{place}:{turn}"),
        "key": kind["contact"],
        "received_at": at,
        "sha256": "0" * 64,
        "size": 300,
        "raw": kind["words"],
        "envelope": kind["contact"],
        "state": "handled",
        "attempts": 1,
        "answer_kind": "spoken",
        "answer_text": kind["words"],
        "complaint_id": place + 1,
        "conversation_id": place + 1,
    }


def _moment(place: int, turn: int, kind: dict[str, Any], at: datetime) -> dict[str, Any]:
    return {
        "id": 2 * place + turn + 1,
        "complaint_id": place + 1,
        "conversation_id": place + 1,
        "at": at,
        "kind": ("said", "told")[turn],
        "actor": "customer",
        "body": kind["words"],
    }


def _sent(place: int, kind: dict[str, Any], at: datetime) -> dict[str, Any]:
    return {
        "seq": place + 1,
        "id": f"bench-{place}",
        "channel": "wechat",
        "kind": "status",
        "state": "sent",
        "created_at": at,
        "next_at": at,
        "attempts": 1,
        "body": kind["words"],
        "number": "",
        "language": "zh",
        "complaint_id": place + 1,
        "conversation_id": place + 1,
        "via": "customer_service",
        "sent_at": at,
    }
