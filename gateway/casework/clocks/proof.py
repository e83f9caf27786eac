"""The proof that a customer was told: when a message left, or a letter was posted (令2020年第3号 Art 21)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.delivery.pushing import ON_PAGE
from gateway.delivery.routing import INSTEAD_OF
from gateway.medium import Medium, medium_of
from store.desk import ClockEvent
from store.unit import Unit
from store.values import Case, Moment, OutboxState, Parcel, Posting

DECIDED = "decided"  # why a clock stops, once that was told
OTHERWISE = "told_otherwise"  # what a moment of kind "delivery" says: a person has told the customer

LEFT = frozenset({OutboxState.SENT, OutboxState.DELIVERED})
ON_ITS_WAY = frozenset({OutboxState.WAITING, OutboxState.CLAIMED, OutboxState.HELD, OutboxState.PARKED})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sent:
    """What left about a complaint."""

    parcels: Sequence[Parcel]
    letters: dict[str, Posting]
    read: dict[str, datetime]  # when what lay on a page was seen by its owner, by message
    otherwise: Sequence[Moment]

    def told_at(self, parcel: Parcel) -> datetime | None:
        """When this one was surely under way: a letter from its posting, not from its printing; a page, once read."""
        if parcel.state not in LEFT:
            return None
        if medium_of(parcel.channel) is Medium.PAPER:
            letter = self.letters.get(parcel.id)
            return letter.posted_at if letter is not None else None
        if parcel.via == ON_PAGE:
            return self.read.get(parcel.id, parcel.sent_at) if parcel.state is OutboxState.DELIVERED else None
        return parcel.sent_at

    def waits(self, parcel: Parcel) -> bool:
        return parcel.state in ON_ITS_WAY or (parcel.state in LEFT and self.told_at(parcel) is None)

    def chain(self, id: str) -> list[Parcel]:
        """A message, and what carried it on where the person could not be reached."""
        return [parcel for parcel in self.parcels if id in (parcel.id, parcel.context.get(INSTEAD_OF))]

    def told_otherwise(self, id: str, since: datetime) -> list[datetime]:
        """When a person told what a message did not; what no message was to tell, by any of their words since."""
        meant = {parcel.id for parcel in self.chain(id)}
        later = [moment for moment in self.otherwise if moment.at >= since]
        return [moment.at for moment in later if not id or meant & {*moment.data.get("parcels", ())}]


async def proven(unit: Unit, case: Case, events: Sequence[ClockEvent]) -> list[ClockEvent]:
    """The events with ``told_at`` where the customer was told of them, or ``telling`` while that is under way."""
    if not any(_is_told(event) for event in events):
        return list(events)
    letters = {letter.id: letter for letter in await unit.post.of_complaint(case.id)}
    moments = await unit.timeline.of_kind("delivery", [case.id])
    sent = _Sent(
        parcels=await unit.outbox.of_complaint(case.id),
        letters=letters,
        read=_read_at(moments),
        otherwise=[moment for moment in moments if moment.data.get("what") == OTHERWISE],
    )
    return [_with_proof(event, sent) if _is_told(event) else event for event in events]


async def decision_is_told(unit: Unit, case: Case) -> bool:
    """Was news of the last decision put out, or the customer told otherwise? True where no decision was noted."""
    events = await proven(unit, case, await unit.clock_events.of(case.id))
    decided = [event.facts for event in events if event.facts.get("why") == DECIDED]
    return not decided or bool(decided[-1].get("parcel") or decided[-1].get("told_at"))


def _read_at(moments: Sequence[Moment]) -> dict[str, datetime]:
    return {str(each.data.get("parcel")): each.at for each in moments if each.data.get("what") == "delivered"}


def _is_told(event: ClockEvent) -> bool:
    return bool(event.facts.get("parcel")) or event.facts.get("why") == DECIDED


def _with_proof(event: ClockEvent, sent: _Sent) -> ClockEvent:
    id = str(event.facts.get("parcel") or "")
    chain = sent.chain(id) if id else []
    left = [at for each in chain if (at := sent.told_at(each)) is not None]
    told = min([*left, *sent.told_otherwise(id, event.noted_at)], default=None)
    proof = {"told_at": told.isoformat()} if told is not None else {"telling": any(map(sent.waits, chain))}
    return replace(event, facts={**event.facts, "parcel": id, **proof})
