"""One item being handled inside one transaction: what is known, and what is going to be said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from channels.base import OutboundKind, Then
from gateway.casework.clocks.setting import at_first
from gateway.casework.counter import OF_BRANCH
from gateway.casework.lifecycle import CLOSED, OPEN_INTAKE, Status
from gateway.casework.move import record_step
from gateway.casework.tasks import new_task
from gateway.casework.telling import UNTOLD
from gateway.house import House
from gateway.intake.directory import Holding
from gateway.intake.phrases import Phrases, phrases
from gateway.intake.talk import Talk, fingerprint
from gateway.medium import Medium, medium_of
from normalizer.number import make_number
from normalizer.record import SHANGHAI, Complaint, Intent, Submission, nothing
from normalizer.seen import Doubt
from store.unit import Unit
from store.values import Case, Conversation, Entry, File

ECHO = 10  # characters: a shorter reply given twice is given twice, not sent twice
NEW_TALK_AFTER = timedelta(days=1)  # words older than this did not begin the complaint of today


@dataclass(kw_only=True, slots=True)
class Scene:
    """The workspace of one transaction. Paths read it, change the talk and the case, and add what to say."""

    house: House
    unit: Unit
    now: datetime
    submission: Submission
    entry: Entry
    conversation: Conversation
    talk: Talk
    files: Sequence[File] = ()
    case: Case | None = None
    record: Complaint = field(default_factory=Complaint)
    earlier: Complaint | None = None  # the person's complaint before this one
    lines: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)  # what is asked now, most needed first
    chosen: Mapping[str, str] = field(default_factory=nothing)  # field: which of two values it shall be
    kind: OutboundKind = OutboundKind.ANSWER
    then: Then = Then.LISTEN  # on the line: what follows these words
    set_apart: bool = False  # the item has a case of its own; the person's talk goes on where it was
    danger: bool = False  # these very words speak of danger to somebody
    holdings: tuple[Holding, ...] = ()  # what the insurer's files know of the identifiers in these words
    doubts: Mapping[str, Doubt] = field(default_factory=nothing)  # values of a scan that a person must look at
    images: tuple[str, ...] = ()  # pages of a scan, by the sha256 under which they lie
    quarantine_cause: str = ""  # handled as far as possible, and a person must look at the original
    moments: list[tuple[str, str, str, Mapping[str, Any]]] = field(default_factory=list)

    @property
    def words(self) -> Phrases:
        return phrases(self.talk.language, self.medium)

    @property
    def medium(self) -> Medium:
        """A call is known by its talk, paper by its channel."""
        return Medium.EAR if self.by_ear else medium_of(self.submission.channel)

    @property
    def on_paper(self) -> bool:
        """Is this a letter? It is answered by letter, and some of what was read in it may be wrong."""
        return self.medium is Medium.PAPER

    @property
    def on_page(self) -> bool:
        """Is this a form of our website or counter? It comes back with what is missing."""
        return self.medium is Medium.PAGE

    @property
    def at_once(self) -> bool:
        """Mail, post and forms ask for everything in one list; a chat asks one thing at a time."""
        return self.submission.channel == "email" or self.on_paper or self.on_page

    @property
    def enclosed(self) -> Sequence[File]:
        """What came beside the words: the scan of a letter is the letter itself."""
        return [file for file in self.files if not (self.on_paper and file.inline)]

    @property
    def by_ear(self) -> bool:
        """Is this a call? What is told there is heard once, and the line stays open."""
        return bool(self.submission.talk)

    @property
    def open_case(self) -> Case:
        assert self.case is not None, "a path that needs a case opens one first"
        return self.case

    @property
    def number(self) -> str:
        return self.open_case.number

    @property
    def collecting(self) -> bool:
        """Is the case one that is still being told? Accepted, or merged into another, more words only add to it."""
        case = self.case
        being_told = case is not None and case.status in OPEN_INTAKE and case.accepted_at is None
        return being_told and self.open_case.merged_into is None

    @property
    def in_intake(self) -> bool:
        """Is it a complaint that is still being told? Praise and mere questions are complete."""
        return self.collecting and self.record.intent is Intent.COMPLAINT

    @property
    def running(self) -> bool:
        return self.case is not None and self.case.status not in CLOSED

    @property
    def said_before(self) -> bool:
        """The very same words again: typed twice, or sent again because the answer was slow. Spoken ones are meant."""
        text = self.submission.text
        return not (self.by_ear or self.submission.given) and len(text) > ECHO and self.talk.last == fingerprint(text)

    def say(self, key: str, **values: str) -> None:
        self.lines.append(self.words.say(key, **values))

    def tell(self, key: str, **values: str) -> None:
        """Words that are only ever spoken on the line."""
        self.lines.append(self.words.get("line", key, **values))

    def ask(self, *names: str) -> None:
        """Put these questions; the first is what a bare reply will answer."""
        self.asks.extend(names)
        for name in names if self.at_once else names[:1]:
            self.talk = self.talk.asking(name)
        listed = names if self.at_once else ()
        self.talk = replace(self.talk, asked=names[0], listed=listed, asked_at=self.entry.received_at.isoformat())

    def forgive(self) -> None:
        """The question does not count as asked: what came was not about it. On the line a repeated one wears out."""
        if not self.by_ear:
            self.talk = self.talk.forgiving()

    def note(self, kind: str, text: str = "", actor: str = "gateway", **data: Any) -> None:
        """One entry for the timeline, written when the item is settled."""
        self.moments.append((kind, actor, text, data))

    async def begin_case(self, intent: Intent | None = None) -> Case:
        """A number from the very first word on: the clock runs from the first message of this talk."""
        began = self._began()
        day = began.astimezone(SHANGHAI).date()
        sequence = await self.unit.complaints.next_sequence(day)
        record = self.record if intent is None else replace(self.record, intent=intent)
        times = at_first(record, began)
        self.case = await self.unit.complaints.create(
            channel=self.submission.channel,
            contact=self.submission.sender,
            conversation_id=self.conversation.id,
            received_at=began,
            due_at=times["due_at"],
            work={**times, "branch": self.submission.context.get(OF_BRANCH, "")},
            now=self.now,
            status=Status.RECEIVED,
            record=record,
            reply_context=self._reply_context(),
            attested=self.submission.attested,
            number=make_number(day, sequence),
        )
        self.record = record
        if self.talk.loose:
            await self._adopt_what_came_before(self.case)
        self.talk = replace(self.talk, loose=False, puzzled=0, before="", purpose="", number="")
        return self.case

    def _reply_context(self) -> Mapping[str, str]:
        """How to answer in thread; and, where the sender was refuted, that nothing may ever be told there."""
        refuted = {} if self.submission.may_answer else {UNTOLD: "sender refuted"}
        return {**self.submission.context, **refuted}

    def _began(self) -> datetime:
        """When the words of this case began to arrive: an earlier greeting counts, last week's chat does not."""
        arrived = self.entry.received_at
        began = datetime.fromisoformat(self.talk.began_at) if self.talk.began_at else arrived
        return began if timedelta(0) <= arrived - began < NEW_TALK_AFTER else arrived

    async def _adopt_what_came_before(self, case: Case) -> None:
        await self.unit.timeline.adopt(self.conversation.id, case.id)
        await self.unit.files.adopt(self.conversation.id, case.id)
        await self.unit.tasks.adopt(self.conversation.id, case.id, case.number)

    async def move(self, *steps: Status) -> None:
        """Take the case through these states; written at once, told by what the path says."""
        before = self.open_case
        await record_step(self.house, self.unit, before, steps, "", "gateway")
        accepted_at = before.accepted_at or (self.now if Status.ACCEPTED in steps else None)
        self.case = replace(before, status=steps[-1], accepted_at=accepted_at)

    async def task(self, kind: str, reason: str, *, within: timedelta | None = None, detail: str = "") -> None:
        """Something for a person to do, by default within one working day."""
        await self.unit.tasks.add(
            new_task(
                kind,
                reason,
                self.now,
                within=within,
                case=self.case,
                conversation_id=self.conversation.id,
                ledger_id=self.entry.id,
                detail=detail,
            )
        )
        self.note("task", f"{kind}: {reason}")
