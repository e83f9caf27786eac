"""Somebody must react at once: the page leaves by the outbox, like everything that leaves."""

from __future__ import annotations

import json
from datetime import datetime

from channels.base import OutboundKind
from gateway.delivery.parcels import new_parcel
from gateway.house import House
from normalizer.record import Contact, ContactKind
from store.unit import Unit
from store.values import Case

WEBHOOK = "webhook"  # the outbox's name for calls to our own side


async def page_somebody(house: House, unit: Unit, case: Case, danger: str, now: datetime) -> None:
    """One parcel to each configured address. It names the case, never the customer's words: mailboxes are shared."""
    settings = house.settings
    if settings.page_webhook_url:
        to = Contact(kind=ContactKind.NONE, value=settings.page_webhook_url)
        await _put(unit, case, WEBHOOK, to, _event(case, danger, now), now)
    if settings.page_email and "email" in house.open_channels:
        to = Contact(kind=ContactKind.EMAIL, value=settings.page_email)
        await _put(unit, case, "email", to, f"{case.number}\n{danger}", now)


def _event(case: Case, danger: str, now: datetime) -> str:
    return json.dumps({"type": "page", "number": case.number, "reason": danger, "at": now.isoformat()})


async def _put(unit: Unit, case: Case, channel: str, to: Contact, text: str, now: datetime) -> None:
    await unit.outbox.put(
        new_parcel(OutboundKind.NOTICE, channel, to, text, now, subject=f"P0 {case.number}", case=case)
    )
    unit.wake()
