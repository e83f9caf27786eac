"""Which way next, when a person cannot be reached where they came by (complaint-rules 6.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from channels.base import OutboundKind
from gateway.casework.address import by_post, trusted
from gateway.casework.letters import letter_facts
from gateway.house import House
from gateway.intake.phrases import Phrases, phrases
from normalizer.record import Complaint, Contact, ContactKind
from store.unit import Unit
from store.values import OutboxState, Parcel

# Only news about the case is worth another channel; a turn of a chat is not.
WORTH_IT = frozenset({OutboundKind.STATUS, OutboundKind.RECEIPT})
INSTEAD_OF = "instead_of"
BESIDE_PAGE = "beside_page"  # in a notice's context: what it tells of lies on this channel's page, read or not


async def next_way(house: House, unit: Unit, parcel: Parcel, now: datetime) -> Parcel | None:
    """A notice to the person's next address that no attempt for this message has used yet."""
    if (parcel.kind not in WORTH_IT and INSTEAD_OF not in parcel.context) or parcel.complaint_id is None:
        return None
    case = await unit.complaints.get(parcel.complaint_id)
    if case is None:
        return None
    tried = {
        parcel.channel,
        *[other.channel for other in await unit.outbox.of_complaint(case.id) if _same(other, parcel)],
    }
    for channel, contact in [*addresses(house, case.record), *_at_home(parcel, case.record)]:
        if channel in house.open_channels and channel not in tried:
            other = redirected(parcel, channel, contact, now)
            return _by_letter(other, case.record) if contact.kind is ContactKind.POST else other
    return None


def addresses(house: House, record: Complaint) -> list[tuple[str, Contact]]:
    """Where else the person can be reached, best first; nothing that was merely found in a text."""
    phone = Contact(kind=ContactKind.PHONE, value=trusted(record, "phone"))
    email = Contact(kind=ContactKind.EMAIL, value=trusted(record, "email"))
    ways = [("phone", phone)] if phone and house.may_text(phone) else []
    return [*ways, ("email", email)] if email else ways


def _at_home(parcel: Parcel, record: Complaint) -> list[tuple[str, Contact]]:
    """Whoever came to a counter and left an address gets a letter when there is no quicker way."""
    if parcel.channel != "counter" or not trusted(record, "address"):
        return []
    return [("letter", by_post(record))]


def _by_letter(parcel: Parcel, record: Complaint) -> Parcel:
    return replace(parcel, context={**parcel.context, **letter_facts(record)})


def _same(other: Parcel, parcel: Parcel) -> bool:
    return _origin(other) == _origin(parcel)


def _origin(parcel: Parcel) -> str:
    """The message that this one carries on, or is."""
    return parcel.context.get(INSTEAD_OF, parcel.id)


def notice(words: Phrases, number: str, label: str) -> str:
    """Number and state, no more: nobody has proven whose mailbox it is, and a decision is not for anybody's eyes."""
    return words.get("push", "subject", number=number, label=label or words.get("mail", "subject_receipt"))


def redirected(parcel: Parcel, channel: str, contact: Contact, now: datetime) -> Parcel:
    """The notice that tells of this message at another address."""
    said = notice(phrases(parcel.language), parcel.number, parcel.status_label)
    return replace(
        parcel,
        id=uuid4().hex,
        channel=channel,
        to=contact,
        text=said,
        subject=said,
        context={**_page_of(parcel), INSTEAD_OF: _origin(parcel)},
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


def _page_of(parcel: Parcel) -> dict[str, str]:
    return {name: value for name, value in parcel.context.items() if name == BESIDE_PAGE}
