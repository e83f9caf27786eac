"""The proof that a customer was told: when a message left, or a letter was posted (令2020年第3号 Art 21)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from channels.base import OutboundKind
from gateway.delivery.routing import INSTEAD_OF
from gateway.medium import Medium, medium_of
from store.desk import ClockEvent
from store.unit import Unit
from store.values import Case, OutboxState, Parcel, Posting

LEFT = frozenset({OutboxState.SENT, OutboxState.DELIVERED})
ON_ITS_WAY = frozenset({OutboxState.WAITING, OutboxState.CLAIMED, OutboxState.HELD, OutboxState.PARKED})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sent:
    """What left about a complaint."""

    parcels: Sequence[Parcel]
    letters: dict[str, Posting]

    def told_at(self, parcel: Parcel) -> datetime | None:
        """When this one was surely under way: a letter from its posting, not from its printing."""
        if parcel.state not in LEFT:
            return None
        if medium_of(parcel.channel) is Medium.PAPER:
            letter = self.letters.get(parcel.id)
            return letter.posted_at if letter is not None else None
        return parcel.sent_at

    def waits(self, parcel: Parcel) -> bool:
        return parcel.state in ON_ITS_WAY or (parcel.state in LEFT and self.told_at(parcel) is None)

    def chain(self, id: str) -> list[Parcel]:
        """A message, and what carried it on where the person could not be reached."""
        return [parcel for parcel in self.parcels if id in (parcel.id, parcel.context.get(INSTEAD_OF))]

    def told_since(self, moment: datetime) -> str:
        """The first news put since then."""
        news = (each.id for each in self.parcels if each.kind == OutboundKind.STATUS and each.created_at >= moment)
        return next(news, "")


async def proven(unit: Unit, case: Case, events: Sequence[ClockEvent]) -> list[ClockEvent]:
    """The events with ``told_at`` where the customer was told of them, or ``telling`` while that is under way."""
    if not any(_is_told(event) for event in events):
        return list(events)
    letters = {letter.id: letter for letter in await unit.post.of_complaint(case.id)}
    sent = _Sent(parcels=await unit.outbox.of_complaint(case.id), letters=letters)
    return [_with_proof(event, sent) if _is_told(event) else event for event in events]


def _is_told(event: ClockEvent) -> bool:
    return bool(event.facts.get("parcel")) or event.facts.get("why") == "decided"


def _with_proof(event: ClockEvent, sent: _Sent) -> ClockEvent:
    id = str(event.facts.get("parcel") or sent.told_since(event.at))
    chain = sent.chain(id) if id else []
    told = min((at for each in chain if (at := sent.told_at(each)) is not None), default=None)
    proof = {"told_at": told.isoformat()} if told is not None else {"telling": any(map(sent.waits, chain))}
    return replace(event, facts={**event.facts, "parcel": id, **proof})
