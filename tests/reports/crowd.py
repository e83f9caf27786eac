"""Many complaints at once, and how things happened to them, for reports to count."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from normalizer.number import make_number
from normalizer.record import Complaint, Contact, ContactKind, Field, Intent
from store.unit import Store
from store.values import Case, OutboxState, Parcel

DAY = date(2026, 11, 23)
STATUSES = ("ACCEPTED", "INVESTIGATING", "DECIDED", "ARCHIVED", "WITHDRAWN", "SUPPLEMENT")
CHANNELS = ("wechat", "phone", "email", "letter")
BRANCHES = ("", "310000", "110000")
OVER = frozenset({"ARCHIVED", "WITHDRAWN", "NOT_HANDLED"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """One complaint as the test made it."""

    case: Case
    branch: str
    accepted: timedelta | None
    told: timedelta | None
    decided: timedelta | None
    score: int | None
    merged: bool


def record(category: str, product: str, intent: Intent = Intent.COMPLAINT, **fields: str) -> Complaint:
    found = {"category": category, "product": product, "priority": "P2", **fields}
    return Complaint(
        intent=intent,
        fields=MappingProxyType({name: Field(value=value, source=value) for name, value in found.items()}),
    )


async def crowd(store: Store, now: datetime, count: int, seed: int = 7) -> Sequence[Known]:
    """Complaints of the last hundred days, and a few questions that are none."""
    dice = random.Random(seed)
    known = [await _one(store, now, place, dice) for place in range(count)]
    return [one for one in known if one.case.record.intent is Intent.COMPLAINT]


async def _one(store: Store, now: datetime, place: int, dice: random.Random) -> Known:
    received = now - timedelta(seconds=dice.randrange(100 * 86400))
    intent = Intent.COMPLAINT if dice.random() < 0.9 else Intent.CONSULT
    accepted, told, decided = (
        timedelta(seconds=dice.randrange(1, 20 * 86400)) if dice.random() < 0.7 else None for _ in range(3)
    )
    branch, score = dice.choice(BRANCHES), dice.choice([None, None, 1, 2, 3, 4, 5])
    merged = dice.random() < 0.1
    async with store.unit() as unit:
        case = await unit.complaints.create(
            channel=dice.choice(CHANNELS),
            contact=Contact(kind=ContactKind.OPENID, value=f"o{place}"),
            conversation_id=None,
            received_at=received,
            due_at=received + timedelta(days=15),
            status=dice.choice(STATUSES),
            record=record(dice.choice(("C01", "C02", "")), dice.choice(("P01", "L06")), intent),
            reply_context={},
            attested=True,
            number=make_number(DAY, place + 1),
        )
        if accepted is not None:
            await unit.complaints.save(case.id, now=received, accepted_at=received + accepted)
        work = {
            "branch": branch,
            "score": score,
            "decided_at": received + decided if decided is not None else None,
            "merged_into": case.id if merged else None,
        }
        await unit.complaints.set_work(case.id, work, now=received)
        if told is not None:
            for later in (timedelta(), timedelta(days=1)):
                await unit.outbox.put(_news(case, received + told + later, f"{place}-{later.days}"))
        await unit.commit()
    return Known(case=case, branch=branch, accepted=accepted, told=told, decided=decided, score=score, merged=merged)


def _news(case: Case, at: datetime, id: str) -> Parcel:
    return Parcel(
        id=id,
        channel=case.channel,
        to=case.contact,
        kind="status",
        text="已受理",
        created_at=at,
        next_at=at,
        state=OutboxState.SENT,
        sent_at=at,
        complaint_id=case.id,
        number=case.number,
    )
