"""Which way next, when a person cannot be reached where they came by (complaint-rules 6.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from channels.base import OutboundKind
from gateway.house import House
from normalizer.record import Complaint, Contact, ContactKind
from store.unit import Unit
from store.values import OutboxState, Parcel

# Only news about the case is worth another channel; a turn of a chat is not.
WORTH_IT = frozenset({OutboundKind.STATUS, OutboundKind.RECEIPT, OutboundKind.REMINDER})


async def next_way(house: House, unit: Unit, parcel: Parcel, now: datetime) -> Parcel | None:
    """The same words to the person's next address that no attempt for this message has used yet."""
    if parcel.kind not in WORTH_IT or parcel.complaint_id is None:
        return None
    case = await unit.complaints.get(parcel.complaint_id)
    if case is None:
        return None
    tried = {other.channel for other in await unit.outbox.of_complaint(case.id) if other.text == parcel.text}
    for channel, contact in addresses(case.record):
        if channel in house.open_channels and channel not in tried | {parcel.channel}:
            return _redirected(parcel, channel, contact, now)
    return None


def addresses(record: Complaint) -> list[tuple[str, Contact]]:
    """Where else the person said they can be reached, best first."""
    email = record.value("email")
    return [("email", Contact(kind=ContactKind.EMAIL, value=email))] if email else []


def _redirected(parcel: Parcel, channel: str, contact: Contact, now: datetime) -> Parcel:
    return replace(
        parcel,
        id=uuid4().hex,
        channel=channel,
        to=contact,
        context={},
        conversation_id=None,  # the order of another channel's talk does not bind it
        created_at=now,
        next_at=now,
        state=OutboxState.WAITING,
        attempts=0,
        provider_id="",
        error="",
        via="",
        sent_at=None,
    )
