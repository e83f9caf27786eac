"""People are called: each way of each recipient is one parcel of the outbox."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from channels.base import OutboundKind
from gateway.casework.avoidance import is_about
from gateway.casework.emergency.plans import Plan, Plans, Recipient
from gateway.delivery.parcels import new_parcel
from gateway.delivery.webhook import WEBHOOK
from gateway.house import House
from normalizer.record import Contact, ContactKind
from store.desk import Person
from store.unit import Unit
from store.values import Case

EMAIL = "email"


async def call(
    house: House, unit: Unit, case: Case, plans: Plans, plan: Plan, codes: Iterable[str], why: str, now: datetime
) -> None:
    """Call these recipients. What leaves names the case, never the customer's words: mailboxes are shared."""
    recipients = [plans.recipients[code] for code in codes]
    if house.settings.page_webhook_url and any(each.webhook for each in recipients):
        to = Contact(kind=ContactKind.NONE, value=house.settings.page_webhook_url)
        await _put(unit, case, WEBHOOK, to, _event(case, plan, why, now), plan.level, now)
    for address in await addresses(house, unit, case, recipients):
        to = Contact(kind=ContactKind.EMAIL, value=address)
        await _put(unit, case, EMAIL, to, f"{case.number}\n{why}", plan.level, now)


async def addresses(house: House, unit: Unit, case: Case, recipients: Iterable[Recipient]) -> list[str]:
    """The mail addresses of recipients, each once; nobody whom the complaint is about is among them."""
    if EMAIL not in house.open_channels:
        return []
    found: dict[str, None] = {}
    for recipient in recipients:
        if recipient.mailbox and house.settings.page_email:
            found[house.settings.page_email] = None
        found |= dict.fromkeys(recipient.emails)
        if recipient.roles:
            found |= dict.fromkeys([each.email for each in await unit.people.all() if _is_meant(each, recipient, case)])
    return list(found)


def _is_meant(person: Person, recipient: Recipient, case: Case) -> bool:
    if not (person.active and person.email and person.roles & set(recipient.roles)):
        return False
    sees = person.branch in ("", case.branch)
    return sees and not is_about(case.record, name=person.name, branches=frozenset())


def _event(case: Case, plan: Plan, why: str, now: datetime) -> str:
    told = {"type": "page", "number": case.number, "reason": why, "at": now.isoformat()}
    return json.dumps({**told, "plan": plan.kind, "priority": plan.level})


async def _put(unit: Unit, case: Case, channel: str, to: Contact, text: str, level: str, now: datetime) -> None:
    await unit.outbox.put(
        new_parcel(OutboundKind.NOTICE, channel, to, text, now, subject=f"{level} {case.number}", case=case)
    )
    unit.wake()
