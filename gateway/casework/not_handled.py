"""A complaint is not handled: a legal reason, a second person who agrees, a customer told of reason and remedies."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files

from gateway.casework import approvals
from gateway.casework.acts.by import By, knows_of, require
from gateway.casework.acts.hand import in_hand, require_apart, require_open
from gateway.casework.acts.preview import Preview, shown_to
from gateway.casework.acts.refusals import NoSuchCode
from gateway.casework.lifecycle import Status, check
from gateway.casework.move import NoSuchComplaint, news_of, record_step, reread
from gateway.casework.telling import Message, tell
from gateway.casework.told_too import tell_merged
from gateway.house import House
from gateway.intake.phrases import LANGUAGES
from gateway.staff.actor import Right
from store.desk import Approval
from store.unit import Unit
from store.values import Case

KIND = "not_handled"


@dataclass(frozen=True, kw_only=True, slots=True)
class WhyNot:
    """A reason of the rules (complaint-rules 6.2), with its words by language."""

    code: str
    on: bool
    law: str  # articles
    name: Mapping[str, str]  # for staff
    told: Mapping[str, str]
    remedies: Mapping[str, str]

    def in_words(self, language: str, note: str) -> str:
        """What the customer reads: reason, what staff add, and remedies."""
        chosen = language if language in LANGUAGES else LANGUAGES[0]
        reason = self.told[chosen].format(note=note.strip()).strip()
        return f"{reason}\n{self.remedies[chosen]}"


@cache
def reasons() -> Mapping[str, WhyNot]:
    """All by code, those that are off too."""
    data = tomllib.loads((files(__package__) / "not_handled.toml").read_text("utf-8"))
    return {row["code"]: WhyNot(**row) for row in data["reason"]}


def offered() -> tuple[WhyNot, ...]:
    """Those that may be given."""
    return tuple(reason for reason in reasons().values() if reason.on)


async def ask_not_to_handle(house: House, number: str, *, code: str, note: str, actor: By) -> Approval:
    """Lay it before a second person; nothing changes until they approve. ``note`` is for the customer.

    Raises NoSuchComplaint, NotYours, Closed, MergedAway, NoSuchCode, NotAllowed or ApprovalRefused.
    """
    require(actor, Right.WORK)
    async with in_hand(house, number, actor) as hand:
        require_open(hand.case)
        check(Status(hand.case.status), Status.NOT_HANDLED, _words(hand.case, code, note))
        facts = {"code": code, "note": note.strip()}
        return await approvals.ask(house, hand.unit, hand.case, KIND, facts, actor=hand.login)


async def preview_of_not_handling(house: House, number: str, *, code: str, note: str, actor: By) -> Preview:
    """What the customer would get on approval. Raises as asking for it does."""
    case = await reread(house, number)
    if not knows_of(actor, case):
        raise NoSuchComplaint(number)
    require_open(case)
    words = _words(case, code, note)
    check(Status(case.status), Status.NOT_HANDLED, words)
    return shown_to(house, case, news_of(case, Status.NOT_HANDLED, words))


async def _do(house: House, unit: Unit, case: Case, asked: Approval, actor: str) -> None:
    """A second person approved. Raises NotAllowed or MergedAway when the complaint went on meanwhile."""
    require_apart(case)
    words = _words(case, asked.facts["code"], asked.facts["note"])
    steps = check(Status(case.status), Status.NOT_HANDLED, words)
    await record_step(house, unit, case, steps, words, actor)
    await tell(house, unit, case, news_of(case, Status.NOT_HANDLED, words))
    await tell_merged(house, unit, case, partial(_news_too, asked), told=True)


def _news_too(asked: Approval, other: Case) -> Message:
    return news_of(other, Status.NOT_HANDLED, _words(other, asked.facts["code"], asked.facts["note"]))


def _words(case: Case, code: str, note: str) -> str:
    reason = reasons().get(code)
    if reason is None or not reason.on:
        raise NoSuchCode("code")
    return reason.in_words(case.record.language, note)


approvals.on_approval(KIND, _do)
