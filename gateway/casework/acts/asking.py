"""The customer is asked for what is missing: everything at once, on their channel, and the same thing twice at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gateway.casework.acts.by import By, require
from gateway.casework.acts.hand import Hand, in_talk, require_open
from gateway.casework.acts.refusals import AskedEnough, NoSuchCode, Unheard
from gateway.casework.lifecycle import Status, is_open_to, way
from gateway.casework.move import news, record_step, reread
from gateway.casework.telling import Message, tell
from gateway.house import House
from gateway.intake.asking import BY_ROLE
from gateway.intake.phrases import Phrases, phrases
from gateway.intake.talk import Talk
from gateway.medium import Medium, medium_of
from gateway.staff.actor import Right
from store.values import Case, Conversation

ASKS = ("matter", "request", "complainant_name", "contact", "policy_number", "evidence", "documents", "signature")
FREE = "supplement"  # on a letter's slip: room for what was asked in words of our own


async def ask(house: House, number: str, *, items: Sequence[str], words: str, actor: By) -> Case:
    """Ask for these items and for what stands in ``words``; the complaint waits for it where its life allows.

    Raises NoSuchComplaint, NotYours, Closed, MergedAway, NoSuchCode, AskedEnough, or Unheard when nobody is told.
    """
    require(actor, Right.WORK)
    async with in_talk(house, number, actor) as hand:
        require_open(hand.case)
        asked = tuple(dict.fromkeys(items))
        _check_enough(_talk_of(hand), asked)
        message = message_of(hand.case, asked, words)
        await _wait(hand)
        if not await tell(house, hand.unit, hand.case, message, actor=hand.login):
            raise Unheard
        await _expect(hand, asked)
        await hand.write("ask", "asked", facts={"items": list(asked), "characters": len(words.strip())})
    return await reread(house, number)


def choices(case: Case) -> tuple[tuple[str, str], ...]:
    """What may be asked for: names, and how it would be put to this customer."""
    words = _words(case)
    named = [(name, _wording(words, case, name)) for name in ASKS]
    return tuple((name, words.get("item", key)) for name, key in named if key)


def message_of(case: Case, items: Sequence[str], free: str) -> Message:
    """What the customer is told. Raises NoSuchCode, or Unheard when nothing is asked."""
    words = _words(case)
    keys = [_key(words, case, name) for name in items]
    lines = _numbered([words.get("item", key) for key in keys], free.strip())
    if not lines:
        raise Unheard
    return Message(
        text=news(words, case, Status.SUPPLEMENT, lines),
        label=words.get("status", Status.SUPPLEMENT),
        asks=(*keys, *([FREE] if free.strip() else [])) if medium_of(case.channel) is Medium.PAPER else (),
    )


def _numbered(items: Sequence[str], free: str) -> str:
    if len(items) == 1 and not free:
        return items[0]
    lines = [f"{place}. {item}" for place, item in enumerate(items, 1)]
    return "\n".join(["", *lines, free] if lines else [free]).rstrip()


def _words(case: Case) -> Phrases:
    return phrases(case.record.language, medium_of(case.channel))


def _key(words: Phrases, case: Case, name: str) -> str:
    key = _wording(words, case, name) if name in ASKS else ""
    if not key:
        raise NoSuchCode("items")
    return key


def _wording(words: Phrases, case: Case, name: str) -> str:
    """The key under [item]: by the customer's role; empty for what is not asked of them."""
    role = case.record.value("party_role")
    by_role = f"{name}_{role}" if role in BY_ROLE.get(name, ()) else name
    return next((key for key in (by_role, name) if words.has("item", key)), "")


def _talk_of(hand: Hand) -> Talk:
    """What was asked about this very complaint so far."""
    mine = hand.talk is not None and hand.talk.complaint_id == hand.case.id
    return Talk.from_state(hand.talk.state) if mine and hand.talk is not None else Talk()


def _check_enough(talk: Talk, items: Sequence[str]) -> None:
    enough = [name for name in items if talk.worn_out(name)]
    if enough:
        raise AskedEnough(", ".join(enough))


async def _wait(hand: Hand) -> None:
    """To SUPPLEMENT, where a step leads there; the clock runs on."""
    now = Status(hand.case.status)
    if now is not Status.SUPPLEMENT and is_open_to(now, Status.SUPPLEMENT):
        await record_step(hand.house, hand.unit, hand.case, way(now, Status.SUPPLEMENT), "", hand.login)


async def _expect(hand: Hand, items: Sequence[str]) -> None:
    """A bare reply answers the question; not on a line, where the call is long over, nor in a talk about another."""
    talk = hand.talk
    if talk is None or not items or talk.complaint_id != hand.case.id or medium_of(talk.channel) is Medium.EAR:
        return
    await hand.unit.conversations.save(
        talk.id,
        state=_asked(hand, talk, items).to_state(),
        complaint_id=talk.complaint_id,
        remind_at=talk.remind_at,
        last_heard_at=talk.last_heard_at,
    )


def _asked(hand: Hand, conversation: Conversation, items: Sequence[str]) -> Talk:
    talk = Talk.from_state(conversation.state)
    for name in items:
        talk = talk.asking(name)
    return replace(talk, asked=items[0], listed=tuple(items), asked_at=hand.now.isoformat())
