"""A letter's way after it was printed: posted, and delivered or come back. Told by the mailroom, never guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gateway.casework.acts.by import By, knows_of, login_of
from gateway.delivery.outcome import NoWay
from gateway.delivery.settle import write_down
from gateway.house import House
from store.unit import Unit
from store.values import OutboxState, Posting, PostState

P = PostState

# A letter may be known to have arrived before anybody noted that it was posted.
NEXT: dict[PostState, frozenset[PostState]] = {
    P.PRINTED: frozenset({P.POSTED, P.DELIVERED, P.RETURNED}),
    P.POSTED: frozenset({P.DELIVERED, P.RETURNED}),
    P.DELIVERED: frozenset({P.RETURNED}),
    P.RETURNED: frozenset(),
}


class NoSuchLetter(LookupError):
    """There is no letter of ours with this id, or it belongs to a complaint that they may not know of."""


class NotPossible(Exception):
    """A letter in this state cannot come into that one."""

    def __init__(self, now: PostState, wanted: PostState) -> None:
        super().__init__(f"{now} → {wanted}")
        self.now, self.wanted = now, wanted


async def move_letter(
    house: House, id: str, wanted: PostState, *, tracking: str = "", at: datetime | None = None, actor: By
) -> Posting:
    """Write down where a letter is; raises NoSuchLetter or NotPossible and then changes nothing.

    ``at`` is when it happened, by default now: the postmark is the proof of a decision told in time (Art 21). One that
    came back goes the person's next way, and a person of ours is told.
    """
    async with house.store.unit() as unit:
        letter = await _lock(unit, id, actor)
        if wanted is letter.state:
            return letter
        if wanted not in NEXT[letter.state]:
            raise NotPossible(letter.state, wanted)
        moved = await _move(house, unit, letter, wanted, tracking, at or house.clock.now())
        await _note(house, unit, moved, login_of(actor))
        await unit.commit()
    return moved


async def _lock(unit: Unit, id: str, by: By) -> Posting:
    """The letter, locked after its talk and its message, as everybody locks."""
    parcel = await unit.outbox.get(id)
    if parcel is None:
        raise NoSuchLetter(id)
    if parcel.conversation_id is not None:
        await unit.conversations.get(parcel.conversation_id, lock=True)
    await unit.outbox.get(id, lock=True)
    letter = await unit.post.get(id, lock=True)
    if letter is None or not await _known(unit, letter, by):
        raise NoSuchLetter(id)
    return letter


async def _known(unit: Unit, letter: Posting, by: By) -> bool:
    case = await unit.complaints.get(letter.complaint_id) if letter.complaint_id is not None else None
    return case is None or knows_of(by, case)


async def _move(house: House, unit: Unit, letter: Posting, wanted: PostState, tracking: str, at: datetime) -> Posting:
    if wanted is PostState.POSTED:
        await unit.post.posted(letter.id, at, tracking)
        return replace(letter, state=wanted, posted_at=at, tracking=tracking)
    await unit.post.ended(letter.id, wanted, at)
    if wanted is PostState.DELIVERED:
        await unit.outbox.set_state(letter.id, OutboxState.DELIVERED)
    else:
        await _take_back(house, unit, letter)
    return replace(letter, state=wanted, ended_at=at)


async def _take_back(house: House, unit: Unit, letter: Posting) -> None:
    parcel = await unit.outbox.get(letter.id)
    assert parcel is not None, "it was locked a moment ago"
    await write_down(house, unit, parcel, NoWay("the letter came back"))


async def _note(house: House, unit: Unit, letter: Posting, actor: str) -> None:
    now = house.clock.now()
    facts = {"parcel": letter.id, "channel": "letter", "what": str(letter.state), "proof": letter.tracking}
    if letter.complaint_id is not None:
        await unit.timeline.add(
            letter.complaint_id, at=now, kind="delivery", actor=actor, text=str(letter.state), data=facts
        )
    subject = letter.number or f"letter {letter.id}"
    await unit.audit.write(at=now, actor=actor, action="letter", subject=subject, detail=facts)
