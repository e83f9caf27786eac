"""Shelves full of complaints: real sealed rows, written many at a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import insert, text

from normalizer.number import make_number
from normalizer.record import Complaint, Contact, ContactKind, Field, Intent, Span
from store.codec import complaint_to_json, contact_to_json
from store.crypto import Keyring
from store.models import complaints, terms
from store.prepared import Prepared
from store.terms import terms_about, terms_of, text_of
from store.unit import Store

BATCH = 5_000
STATUSES = ("ACCEPTED", "INVESTIGATING", "ARCHIVED", "ARCHIVED", "SOLUTION", "ARCHIVED", "WITHDRAWN", "ARCHIVED")
CHANNELS = ("wechat", "phone", "wechat", "email", "letter", "web", "phone", "counter")
CATEGORIES = ("C01", "C02", "C03", "C03", "C04", "C05")
MATTERS = (
    "车险理赔拖了两个月还没有赔下来，打电话就说在审核，一直没有人给答复",
    "业务员说是存款，其实是保险，退保只给一半，要求全额退还保费",
    "住院费用报销被拒，说是既往症，可是投保的时候业务员知道",
    "客服电话打不通，在线客服让等，等了三天没有回音",
)

_COMPLAINTS = Prepared(insert(complaints))
_TERMS = Prepared(insert(terms))


async def fill(store: Store, how_many: int, now: datetime) -> None:
    """The shelves of a year, the newest last; every 1,000th tells of a 钢琴."""
    keys = store.keyring
    kinds = [_sealed(keys, matter) for matter in MATTERS]
    rare = _sealed(keys, "搬家的时候钢琴被砸坏，" + MATTERS[0])
    for first in range(0, how_many, BATCH):
        places = range(first, min(first + BATCH, how_many))
        async with store.unit() as unit:
            line = unit.complaints._line
            chosen = [rare if place % 1000 == 999 else kinds[place % len(kinds)] for place in places]
            rows = [_row(keys, place, how_many, kind, now) for place, kind in zip(places, chosen, strict=True)]
            await line.run_many(_COMPLAINTS, rows)
            pairs = zip(places, chosen, strict=True)
            await line.run_many(_TERMS, [_term(place, term) for place, kind in pairs for term in kind["terms"]])
            await unit.commit()
    async with store.unit() as unit:
        await unit.complaints._line.run(text("ANALYZE"))
        await unit.commit()


def _row(keys: Keyring, place: int, of: int, kind: dict[str, Any], now: datetime) -> dict[str, Any]:
    at = now - timedelta(minutes=(of - place) * 4)
    old = of - place > of // 10
    phone = f"+86139{place:08d}"
    return {
        "id": place + 1,
        "number": make_number(at.date(), place % 90_000 + 1),
        "status": STATUSES[place % 8] if not old or place % 50 == 0 else "ARCHIVED",
        "channel": CHANNELS[place % 8],
        "contact": kind["contact"],
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


def _term(place: int, term: int) -> dict[str, int]:
    return {"term": term, "complaint_id": place + 1}
