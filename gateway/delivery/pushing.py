"""What lies on our page is seen by whoever looks there: those who left a telephone or an address are told to look."""

from __future__ import annotations

from datetime import datetime

from channels.base import OutboundKind
from gateway.customers.links import progress_link
from gateway.delivery.parcels import new_parcel
from gateway.delivery.routing import addresses, notice
from gateway.house import House
from gateway.intake.phrases import phrases
from store.unit import Unit
from store.values import Case, Parcel

ON_PAGE = "page"  # how a message went that was put where the person can read it
PUSHED = frozenset({OutboundKind.STATUS, OutboundKind.RECEIPT, OutboundKind.REMINDER})


async def push_news(house: House, unit: Unit, parcel: Parcel, now: datetime) -> None:
    """After a message was put on the page: a short notice on the contact they gave. Without one it stays there."""
    if parcel.kind not in PUSHED or parcel.complaint_id is None:
        return
    case = await unit.complaints.get(parcel.complaint_id)
    if case is not None:
        await push(house, unit, case, parcel.status_label, now)


async def push(house: House, unit: Unit, case: Case, label: str, now: datetime) -> None:
    """Number, state and link, no more: nobody has proven whose telephone it is."""
    ways = [way for way in addresses(house, case.record) if way[0] in house.open_channels]
    if not ways:
        return
    channel, contact = ways[0]
    words = phrases(case.record.language)
    text = notice(words, case.number, label)
    link = progress_link(house, case)
    await unit.outbox.put(
        new_parcel(
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
        )
    )
    unit.wake()


def _with_link(text: str, link: str) -> str:
    return "\n".join(filter(None, (text, link)))
