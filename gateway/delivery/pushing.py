"""What lies on our page is seen by whoever looks there: those who left a telephone or an address are told to look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from channels.base import OutboundKind
from gateway.casework.address import trusted
from gateway.customers.links import progress_link
from gateway.delivery.parcels import new_parcel
from gateway.delivery.routing import BESIDE_PAGE, INSTEAD_OF, WORTH_IT, addresses, redirected
from gateway.delivery.routing import notice as notice_of
from gateway.house import House
from gateway.intake.phrases import phrases
from normalizer.record import Contact, ContactKind, nothing
from store.unit import Unit
from store.values import Case, Parcel

ON_PAGE = "page"  # how a message went that was put where the person can read it
PUSHED = frozenset({OutboundKind.STATUS, OutboundKind.RECEIPT, OutboundKind.REMINDER})


async def push_news(house: House, unit: Unit, parcel: Parcel, now: datetime) -> bool:
    """After a message was put on the page: a notice by the best way to them; False where only a person can tell them.

    Whoever left no contact at all is told on the page alone.
    """
    if parcel.kind not in PUSHED or parcel.complaint_id is None:
        return True
    case = await unit.complaints.get(parcel.complaint_id)
    if case is None or await push(house, unit, case, parcel.status_label, now, context=_besides(parcel)):
        return True
    return await _ring_up(house, unit, case, parcel, now) or not _can_be_told(case)


async def push(
    house: House, unit: Unit, case: Case, label: str, now: datetime, *, context: Mapping[str, str] | None = None
) -> bool:
    """Number, state and link in writing, no more: nobody has proven whose telephone it is. Was there a way?"""
    ways = [way for way in addresses(house, case.record) if way[0] in house.open_channels]
    if not ways:
        return False
    await unit.outbox.put(_notice(house, case, ways[0], label, now, nothing() if context is None else context))
    unit.wake()
    return True


def _notice(
    house: House, case: Case, way: tuple[str, Contact], label: str, now: datetime, context: Mapping[str, str]
) -> Parcel:
    words = phrases(case.record.language)
    text, link = notice_of(words, case.number, label), progress_link(house, case)
    channel, contact = way
    return new_parcel(
        OutboundKind.COPY,
        channel,
        contact,
        _with_link(text, link) if channel == "email" else text,
        now,
        subject=text,
        case=case,
        language=words.language,
        status_label=label or words.get("mail", "subject_receipt"),
        link=link,
        context=context,
    )


async def _ring_up(house: House, unit: Unit, case: Case, parcel: Parcel, now: datetime) -> bool:
    """Whom nothing in writing reaches; where the line cannot call them either, it says so when it tries."""
    number = trusted(case.record, "phone")
    if not number or "phone" not in house.open_channels or parcel.kind not in WORTH_IT:
        return False
    besides = replace(parcel, context=_besides(parcel))
    await unit.outbox.put(redirected(besides, "phone", Contact(kind=ContactKind.PHONE, value=number), now))
    unit.wake()
    return True


def _besides(parcel: Parcel) -> Mapping[str, str]:
    return {INSTEAD_OF: parcel.id, BESIDE_PAGE: parcel.channel}


def _can_be_told(case: Case) -> bool:
    """Did they leave a way by which a person may tell them?"""
    return bool(trusted(case.record, "phone") or trusted(case.record, "email"))


def _with_link(text: str, link: str) -> str:
    return "\n".join(filter(None, (text, link)))
