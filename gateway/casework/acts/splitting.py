"""Two matters in one complaint become two complaints of the same customer, each with its own number."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from gateway.casework.acts.by import By, require
from gateway.casework.acts.hand import Hand, in_hand, require_open
from gateway.casework.acts.pairs import Pair
from gateway.casework.acts.refusals import NotTheirWords
from gateway.casework.clocks.setting import at_first, next_note, set_clock
from gateway.casework.clocks.standing import shown_events
from gateway.casework.lifecycle import OPEN_INTAKE, Status
from gateway.casework.move import record_step, reread
from gateway.casework.telling import Message
from gateway.casework.telling import tell as tell_customer
from gateway.house import House
from gateway.intake.phrases import phrases
from gateway.medium import medium_of
from gateway.staff.actor import Right
from normalizer.completeness import missing
from normalizer.normalize import normalize
from normalizer.number import make_number
from normalizer.record import SHANGHAI, Complaint, Field, Method, Submission
from store.desk import ClockEvent
from store.values import Case

# Who they are and how they are reached is the same; what it is about is told anew by the part.
WHO = (
    "complainant_name",
    "phone",
    "email",
    "id_number",
    "address",
    "organisation",
    "uscc",
    "party_role",
)
WHICH = ("policy_number", "claim_number", "respondent")  # where the part names none of its own
SPACES = re.compile(r"\s+")
PAGE = 200


async def split(house: House, number: str, *, text: str, reason: str, tell: bool, actor: By) -> Case:
    """Take a part of the customer's words out into a complaint of its own, whose clock began with the first.

    The words leave the matter of the first where they stand in it whole. ``tell`` lets the customer know the number.
    Raises NoSuchComplaint, NotYours, Closed, MergedAway, or NotTheirWords for what they never said.
    """
    require(actor, Right.WORK)
    async with in_hand(house, number, actor) as hand:
        require_open(hand.case)
        await _check_said(hand, text)
        taken = await _open(hand, text.strip())
        await _shorten(hand, text.strip())
        await _link(hand, taken, reason)
        if tell:
            await tell_customer(house, hand.unit, taken, message_of(taken, hand.case, hand.now))
    return await reread(house, taken.number)


def message_of(taken: Case, before: Case, now: datetime) -> Message:
    """What the customer is told of the new number; no day is promised that has passed."""
    words = phrases(before.record.language, medium_of(before.channel))
    due = words.date(taken.due_at)
    promised = words.get("desk", "split", before=before.number, number=taken.number, due=due)
    return Message(
        text=promised if taken.due_at > now else words.get("clock", "progress_late", number=taken.number),
        label=words.get("status", taken.status),
    )


async def _check_said(hand: Hand, text: str) -> None:
    wanted = _plain(text)
    if wanted and wanted in _plain(hand.case.record.value("matter")):
        return
    after = 0
    while wanted and (page := await hand.unit.timeline.of(hand.case.id, after=after, limit=PAGE)):
        if any(moment.kind == "heard" and wanted in _plain(moment.text) for moment in page):
            return
        after = page[-1].id
    raise NotTheirWords


def _plain(text: str) -> str:
    return SPACES.sub("", text)


async def _open(hand: Hand, text: str) -> Case:
    case, today = hand.case, hand.now.astimezone(SHANGHAI).date()
    record = _part(case, text)
    times = at_first(record, case.received_at)
    taken = await hand.unit.complaints.create(
        channel=case.channel,
        contact=case.contact,
        conversation_id=case.conversation_id,
        received_at=case.received_at,
        due_at=times["due_at"],
        status=Status.REGISTERED,
        record=record,
        reply_context=case.reply_context,
        attested=case.attested,
        number=make_number(today, await hand.unit.complaints.next_sequence(today)),
    )
    work = {**times, "note_at": next_note(hand.now), "branch": case.branch, "assignee_id": case.assignee_id}
    await hand.unit.complaints.set_work(taken.id, work, now=hand.now)
    await hand.unit.timeline.add(
        taken.id, at=hand.now, kind="heard", actor="customer", text=text, data={"of": case.number}
    )
    await _count_alike(hand, taken)
    return await _as_far_as(hand, taken)


async def _count_alike(hand: Hand, taken: Case) -> None:
    """What moved the date of the first moves this one's too; it goes on by itself from here."""
    for event in await shown_events(hand.unit, hand.case):
        if event.kind != "stop":
            await hand.unit.clock_events.add(taken.id, event)
    standing = await set_clock(hand.unit, taken, hand.now, silent_since=taken.received_at)
    if standing.paused:
        goes_on = ClockEvent(kind="resume", at=hand.now, noted_at=hand.now, by=hand.login, facts={})
        await hand.unit.clock_events.add(taken.id, goes_on)
        await set_clock(hand.unit, taken, hand.now, silent_since=taken.received_at)


async def _as_far_as(hand: Hand, taken: Case) -> Case:
    """Accepted, where the first was: nothing is asked again."""
    if hand.case.status not in OPEN_INTAKE or hand.case.accepted_at is not None:
        await record_step(hand.house, hand.unit, taken, (Status.ACCEPTED,), "", hand.login)
    found = await hand.unit.complaints.get(taken.id)
    assert found is not None, "it was made a moment ago"
    return found


def _part(case: Case, text: str) -> Complaint:
    """The record of the words taken out, with who tells them."""
    submission = Submission(channel=case.channel, key="", sender=case.contact, received_at=case.received_at, text=text)
    read, known = normalize(submission), case.record.fields
    kept = {name: known[name] for name in WHO if name in known}
    lent = {name: known[name] for name in WHICH if name in known and name not in read.fields}
    matter = {"matter": Field(value=text, source=text, method=Method.STAFF)}
    record = Complaint(
        intent=case.record.intent,
        fields=MappingProxyType({**read.fields, **lent, **kept, **matter}),
        amounts=read.amounts,
        dates=read.dates,
        flags=read.flags,
        language=case.record.language,
        people=read.people,
    )
    return replace(record, missing=missing(record, case.contact))


async def _shorten(hand: Hand, text: str) -> None:
    """What went elsewhere is not this complaint's matter any more; its history keeps the words."""
    record = hand.case.record
    found = record.fields.get("matter")
    rest = found.value.replace(text, "").strip() if found is not None else ""
    if found is None or rest in ("", found.value):
        return
    kept = replace(found, value=rest, method=Method.STAFF, confidence=1.0, rule="split", span=None)
    await hand.unit.complaints.save(hand.case.id, record=record.with_field("matter", kept), now=hand.now)
    facts = {"before": found.value, "now": rest}
    await hand.unit.timeline.add(hand.case.id, at=hand.now, kind="field", actor=hand.login, text="matter", data=facts)


async def _link(hand: Hand, taken: Case, reason: str) -> None:
    pair = Pair(house=hand.house, unit=hand.unit, one=hand.case, two=taken, by=hand.by)
    await pair.link("split", "open", {"reason": reason.strip()})
    await pair.write("split", "split", reason)
