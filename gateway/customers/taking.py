"""A form of the website or the app becomes a complaint, or more of one."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from channels.base import Answer, Inbox
from channels.forms import NAMES, item_of, submission_of_form, visitor
from gateway.customers.patience import Patience
from gateway.house import House
from gateway.intake.phrases import phrases
from gateway.intake.talk import Talk
from gateway.medium import Medium
from normalizer.record import Attachment, Submission, Thread, nothing
from store.errors import Unavailable
from store.unit import Unit
from store.values import Case, LedgerState

CHANNEL = "web"
SPEAK_SECONDS = 25.0  # so long somebody looks at a page that loads
CHECKED = ("phone", "email", "id_number", "policy_number", "claim_number")  # numbers that are wrong or right


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What became of a form."""

    text: str  # what is said to them
    number: str = ""
    missing: tuple[str, ...] = ()  # names of what is asked now
    doubtful: tuple[str, ...] = ()  # names of what was typed and could not be made out
    accepted: bool = False
    danger: bool = False
    due_at: datetime | None = None
    waits: bool = False  # it is kept, and has no number yet: the database is away


@dataclass(frozen=True, kw_only=True, slots=True)
class Filled:
    """One form as it was sent. ``token`` is of the form: twice the same is one item, other words are another."""

    visit: str
    token: str
    values: Mapping[str, str]
    text: str = ""
    files: tuple[Attachment, ...] = ()
    language: str = ""
    thread: Thread | None = None


class Taking:
    """Stored whole, then handled, then told."""

    def __init__(self, house: House, inbox: Inbox, database: Patience) -> None:
        self._house = house
        self._inbox = inbox
        self._database = database

    async def take(self, filled: Filled) -> Taken:
        submission = self._submission(filled)
        await self._inbox.keep(item_of(submission))
        answer = await self._submit(submission)
        stands = await self._stands(submission)
        if stands is None:
            return Taken(text=answer.text, waits=True)
        return _taken(answer.text, *stands, filled.values)

    async def found(self, visit: str) -> Taken | None:
        """Where a visit stands whose form had to wait; None while it does."""
        try:
            return await self._database.ask(lambda: self._found(visit))
        except Unavailable:
            return None

    async def take_unreadable(self, visit: str, body: bytes, why: str) -> Taken:
        """What is no form: kept whole for a person."""
        submission = Submission(
            channel=CHANNEL,
            key=hashlib.sha256(visit.encode() + body).hexdigest(),
            sender=visitor(visit),
            received_at=self._house.clock.now(),
            raw=body,
            unreadable=why,
        )
        answer = await self._submit(submission)
        case, _ = await self._stands(submission) or (None, None)
        return Taken(text=answer.text, number=case.number if case else "")

    async def _submit(self, submission: Submission) -> Answer:
        until = asyncio.get_running_loop().time() + SPEAK_SECONDS
        return await self._inbox.submit(submission, speak_by=until)

    def _submission(self, filled: Filled) -> Submission:
        return submission_of_form(
            CHANNEL,
            filled.visit,
            filled.values,
            filled.text,
            filled.files,
            token=f"{filled.token}:{_digest(filled)}",
            at=self._house.clock.now(),
            language=filled.language,
            thread=filled.thread,
        )

    async def _stands(self, submission: Submission) -> tuple[Case | None, Talk] | None:
        """The complaint it became or was added to, if any, and the talk; None while nobody has handled it."""
        try:
            return await self._database.ask(lambda: self._became(submission))
        except Unavailable:
            return None

    async def _became(self, submission: Submission) -> tuple[Case | None, Talk] | None:
        async with self._house.store.reading() as unit:
            entry = await unit.ledger.find(submission.channel, submission.key)
            if entry is None or entry.state is LedgerState.STORED:
                return None
            case = await unit.complaints.get(entry.complaint_id) if entry.complaint_id else None
            return case, await _talk_of(unit, case)

    async def _found(self, visit: str) -> Taken | None:
        async with self._house.store.reading() as unit:
            newest = await unit.complaints.of_contact(CHANNEL, visitor(visit), 1)
            if not newest:
                return None
            case = newest[0]
            words = phrases(case.record.language, Medium.PAGE)
            return _taken(words.say("registered", number=case.number), case, await _talk_of(unit, case), nothing())


async def _talk_of(unit: Unit, case: Case | None) -> Talk:
    about = case.conversation_id if case else None
    conversation = await unit.conversations.get(about) if about else None
    return Talk.from_state(conversation.state) if conversation else Talk()


def _taken(text: str, case: Case | None, talk: Talk, values: Mapping[str, str]) -> Taken:
    if case is None:
        return Taken(text=text)
    open_questions = case.accepted_at is None and not (talk.paged or talk.left or talk.handed)
    missing = tuple(name for name in case.record.missing if name in talk.listed) if open_questions else ()
    return Taken(
        text=text,
        number=case.number,
        missing=missing,
        doubtful=tuple(name for name in CHECKED if values.get(name) and not case.record.value(name)),
        accepted=case.accepted_at is not None,
        danger=talk.paged,
        due_at=case.due_at,
    )


def news_in(values: Mapping[str, str], sent: Mapping[str, str]) -> dict[str, str]:
    """What differs from what the complaint has already: only that is sent again."""
    names = ("matter", *NAMES)
    return {name: values[name] for name in names if values.get(name, "").strip() and values[name] != sent.get(name, "")}


def _digest(filled: Filled) -> str:
    told = hashlib.sha256(repr((sorted(filled.values.items()), filled.text)).encode())
    for file in filled.files:
        told.update(hashlib.sha256(file.content or b"").digest())
    return told.hexdigest()[:32]
