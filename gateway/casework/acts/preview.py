"""What the customer would get, word for word, before anything is sent; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gateway.casework.acts import asking, replying
from gateway.casework.acts.by import By, knows_of
from gateway.casework.acts.hand import require_open
from gateway.casework.decision import Decision
from gateway.casework.lifecycle import TOLD, Outcome, Status
from gateway.casework.move import NoSuchComplaint, news_of, reread, steps_allowed
from gateway.casework.telling import UNTOLD, Message, parcel_of
from gateway.delivery.routing import addresses
from gateway.house import House
from gateway.medium import Medium, medium_of
from gateway.staff.masking import Masked
from normalizer.record import Contact
from store.values import Case

# Why nobody would be told.
REFUTED, NOWHERE, UNANNOUNCED = "sender_refuted", "no_address", "not_told_of"


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """One message as it would leave. ``why_not`` is empty where it would."""

    channel: str
    medium: Medium
    text: str
    subject: str
    to_masked: str
    will_be_told: bool
    why_not: str
    decision: Decision | None = None  # on paper its parts stand under headings of their own


async def preview(
    house: House,
    number: str,
    status: Status,
    *,
    note: str,
    actor: By,
    decision: Decision | None = None,
    outcome: Outcome | None = None,
) -> Preview:
    """The news of a step. Raises NoSuchComplaint or NotAllowed as the step itself would."""
    case = await _known(house, number, actor)
    note = note if note.strip() or decision is None else decision.in_words()
    async with house.store.reading() as unit:
        await steps_allowed(unit, case, status, note=note, tell=True, actor=actor, decision=decision, outcome=outcome)
    if status not in TOLD:
        return _silent(case)
    shown = shown_to(house, case, news_of(case, status, note, decision))
    return replace(shown, decision=decision if shown.medium is Medium.PAPER else None)


async def preview_of_ask(house: House, number: str, *, items: Sequence[str], words: str, actor: By) -> Preview:
    """A question. Raises NoSuchComplaint, Closed, MergedAway, NoSuchCode or Unheard."""
    case = await _known(house, number, actor)
    require_open(case)
    return shown_to(house, case, asking.message_of(case, items, words))


async def preview_of_reply(house: House, number: str, *, text: str, actor: By) -> Preview:
    """An officer's own words. Raises NoSuchComplaint."""
    case = await _known(house, number, actor)
    return shown_to(house, case, replying.message_of(case, text))


def shown_to(house: House, case: Case, message: Message) -> Preview:
    """Any message to this customer."""
    parcel = parcel_of(house, case, message)
    why_not = _why_not(house, case, parcel.to)
    return Preview(
        channel=parcel.channel,
        medium=medium_of(case.channel),
        text=parcel.text,
        subject=parcel.subject,
        to_masked=Masked.of(case).contact(parcel.to) if parcel.to else "",
        will_be_told=not why_not,
        why_not=why_not,
    )


def _silent(case: Case) -> Preview:
    return Preview(
        channel=case.channel,
        medium=medium_of(case.channel),
        text="",
        subject="",
        to_masked="",
        will_be_told=False,
        why_not=UNANNOUNCED,
    )


def _why_not(house: House, case: Case, to: Contact) -> str:
    if UNTOLD in case.reply_context:
        return REFUTED
    return "" if to or addresses(house, case.record) else NOWHERE


async def _known(house: House, number: str, actor: By) -> Case:
    case = await reread(house, number)
    if not knows_of(actor, case):
        raise NoSuchComplaint(number)
    return case
