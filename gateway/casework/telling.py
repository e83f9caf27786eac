"""One message to the customer of a complaint, on the channel they came by: put into the outbox with what changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from channels.base import OutboundKind
from gateway.casework.address import reached_at
from gateway.casework.letters import reply_context
from gateway.customers.links import progress_link
from gateway.delivery.parcels import new_parcel
from gateway.house import House
from gateway.intake.phrases import Phrases, phrases
from gateway.medium import Medium, medium_of
from normalizer.record import nothing
from store.unit import Unit
from store.values import Case, Parcel

UNTOLD = "untold"  # in a case's reply context: its sender was refuted, and nothing is ever told there


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What a customer is told."""

    text: str  # in their language, for their medium; without greeting and closing
    label: str  # the state in a few words: for subjects, and templates with short fields
    kind: OutboundKind = OutboundKind.STATUS
    asks: tuple[str, ...] = ()  # names of [item] in the wording: by letter, what the return slip asks for
    facts: Mapping[str, str] = field(default_factory=nothing)  # for the channel: a decision's parts


async def tell(house: House, unit: Unit, case: Case, message: Message, *, actor: str = "gateway") -> str:
    """Put it into the outbox and the timeline, in this transaction.

    The id of the message, by which it is proven that it left; empty where nothing may ever be told.
    """
    if UNTOLD in case.reply_context:
        return ""
    now = house.clock.now()
    parcel = parcel_of(house, case, message)
    await unit.outbox.put(parcel)
    await unit.timeline.add(case.id, at=now, kind="said", actor=actor, text=message.text)
    await unit.complaints.set_work(case.id, {"told_at": now}, now=now)
    unit.wake()
    return parcel.id


def parcel_of(house: House, case: Case, message: Message) -> Parcel:
    """Exactly what would leave; also what staff see before they send it."""
    words = phrases(case.record.language, medium_of(case.channel))
    return new_parcel(
        message.kind,
        case.channel,
        reached_at(case.channel, case.contact, case.record),
        _letter(house, words, message.text) if case.channel == "email" else message.text,
        house.clock.now(),
        subject=words.get("push", "subject", number=case.number, label=message.label),
        case=case,
        conversation_id=case.conversation_id,
        language=words.language,
        status_label=message.label,
        link=progress_link(house, case),
        context=_context(words, case, message),
    )


def _context(words: Phrases, case: Case, message: Message) -> Mapping[str, str]:
    """For the channel to answer in thread; a letter brings a slip where something is asked, and a decision's parts."""
    if medium_of(case.channel) is not Medium.PAPER:
        return case.reply_context
    asks = [(name, words.get("item", name)) for name in message.asks]
    return {**reply_context(case, asks), **message.facts}


def _letter(house: House, words: Phrases, text: str) -> str:
    closing = words.get("mail", "closing", org=house.settings.org_name)
    return "\n\n".join((words.get("mail", "greeting"), text, closing))
