"""What the repositories hand out and take in: frozen values, already decrypted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

from normalizer.record import Complaint, Contact, Scan, nothing

LedgerId = NewType("LedgerId", int)
ComplaintId = NewType("ComplaintId", int)
ConversationId = NewType("ConversationId", int)


class LedgerState(StrEnum):
    STORED = "stored"
    HANDLED = "handled"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One line of the ledger: an item that arrived, and what became of it."""

    id: LedgerId
    channel: str
    key: str
    received_at: datetime
    sha256: str
    size: int
    state: LedgerState
    new: bool = False  # this very call stored it
    attempts: int = 0  # how often handling was tried and failed
    cause: str = ""  # why it is in quarantine
    answer_kind: str = ""  # spoken, queued, silent: what was answered, once handled
    answer_text: str = ""
    answer_turn: str = ""  # what followed on the open line, in codes of the intake
    complaint_id: ComplaintId | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversation:
    """Where the talk with one person on one channel stands. ``state`` belongs to the dialogue; it is JSON."""

    id: ConversationId
    channel: str
    contact: Contact
    state: Mapping[str, Any]
    complaint_id: ComplaintId | None = None  # the complaint being talked about now
    remind_at: datetime | None = None  # when silence becomes a reminder
    last_heard_at: datetime | None = None  # None: they have not written yet (a follow or a click is no message)
    parked: bool = False  # messages of the outbox wait for the person to write again


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A complaint as it is kept: the record, and where it is in its life."""

    id: ComplaintId
    number: str
    status: str  # codes of gateway/casework/lifecycle.py
    channel: str
    contact: Contact  # the address it came from
    conversation_id: ConversationId | None
    received_at: datetime
    due_at: datetime
    record: Complaint
    accepted_at: datetime | None = None
    reply_context: Mapping[str, str] = field(default_factory=nothing)  # what the channel needs to answer in thread
    attested: bool = True  # the first item came from a sender its channel vouched for
    updated_at: datetime | None = None
    # Staff's work with it
    branch: str = ""  # code of the branch that handles it; empty: the head office
    assignee_id: int | None = None
    told_at: datetime | None = None  # when the customer was last told something
    decided_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str = ""  # upheld, part, rejected, withdrawn, not_handled; empty while open
    score: int | None = None
    merged_into: ComplaintId | None = None
    keep_until: datetime | None = None  # once closed: from when on it may be erased
    erased_at: datetime | None = None


class OutboxState(StrEnum):
    WAITING = "waiting"  # due at next_at
    CLAIMED = "claimed"  # a worker has it until lease_until
    SENT = "sent"  # the provider took it
    DELIVERED = "delivered"  # the provider says the person has it
    FAILED = "failed"  # never will; staff were told
    REROUTED = "rerouted"  # unreachable here; another row carries it on the person's next channel
    HELD = "held"  # our own configuration is wrong; sent once that is mended
    PARKED = "parked"  # waits until the person next writes


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """One outgoing message to one destination, with its state."""

    id: str  # random, stable: the idempotency key towards the provider
    channel: str
    to: Contact
    kind: str
    text: str
    created_at: datetime
    next_at: datetime
    state: OutboxState = OutboxState.WAITING
    subject: str = ""
    number: str = ""
    status_label: str = ""
    link: str = ""
    language: str = "zh-Hans"
    context: Mapping[str, str] = field(default_factory=nothing)
    complaint_id: ComplaintId | None = None
    conversation_id: ConversationId | None = None
    ledger_id: LedgerId | None = None  # the item it answers
    attempts: int = 0
    provider_id: str = ""
    via: str = ""
    error: str = ""
    sent_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DamagedRow:
    """A row that does not open: what may be known of it without."""

    id: str
    channel: str
    number: str = ""
    complaint_id: ComplaintId | None = None
    conversation_id: ConversationId | None = None
    ledger_id: LedgerId | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlyReport:
    """A provider's word about a message that we do not know by that id yet."""

    channel: str
    provider_id: str
    state: str
    at: datetime
    reason: str = ""
    blocked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class CallRecord:
    """A call as it is known by now."""

    id: int
    channel: str
    call: str  # the carrier's id, and the talk of its conversation
    contact: Contact  # who is at the other end; nobody while the number is withheld
    outgoing: bool
    state: str  # codes of channels.base.CallState
    started_at: datetime
    heard_at: datetime  # when anything was last heard of it
    ended_at: datetime | None = None
    seconds: int | None = None
    conversation_id: ConversationId | None = None
    complaint_id: ComplaintId | None = None  # what was talked about
    number: str = ""

    @property
    def over(self) -> bool:
        return self.ended_at is not None


class FileState(StrEnum):
    WAITING = "waiting"  # still at the provider; a worker fetches it
    STORED = "stored"
    LOST = "lost"  # gone at the provider; staff were told


class Hearing(StrEnum):
    NEEDLESS = ""  # no recording, or one whose words came another way
    WAITING = "waiting"  # for its words
    DONE = "done"
    FAILED = "failed"  # no machine could; a person was asked to listen


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What is said in a recording, and who heard it so."""

    text: str
    method: str  # machine, staff
    confidence: float | None = None  # None: whoever heard it does not say


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """An attachment of an item: its bytes lie in the blob store under sha256."""

    id: str
    ledger_id: LedgerId
    complaint_id: ComplaintId | None
    channel: str
    name: str
    media_type: str
    state: FileState
    size: int = 0
    sha256: str = ""
    ref: str = ""  # the provider's reference while waiting
    inline: bool = False
    attempts: int = 0
    received_at: datetime | None = None
    conversation_id: ConversationId | None = None  # whose it is while there is no complaint
    next_at: datetime | None = None  # when to fetch it; at once when not given
    heard: Hearing = Hearing.NEEDLESS
    hearings: int = 0  # how often its words were asked for
    call: str = ""  # of a recording: the call in which it was made
    words: Words | None = None


class ScanState(StrEnum):
    CLEAR = "clear"  # nothing in it that a person must look at
    DOUBTFUL = "doubtful"  # a person must say what some values are
    VERIFIED = "verified"  # a person has
    DROPPED = "dropped"  # the complaint was over before anybody did


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptDoubt:
    """Why a person must look at one value: codes of ``normalizer.seen``, and where it stands."""

    value: str
    why: tuple[str, ...]
    candidates: tuple[str, ...] = ()
    places: tuple[tuple[int, tuple[int, int, int, int]], ...] = ()  # page, box


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptScan:
    """How an item on paper was read. ``images`` are the pages upright, by sha256, in the order of ``scan.pages``."""

    ledger_id: LedgerId
    complaint_id: ComplaintId | None
    received_at: datetime
    state: ScanState
    scan: Scan
    text: str
    images: tuple[str, ...] = ()
    doubts: Mapping[str, KeptDoubt] = field(default_factory=nothing)
    id: int = 0


class PostState(StrEnum):
    PRINTED = "printed"  # lies in the folder for the printer
    POSTED = "posted"
    DELIVERED = "delivered"
    RETURNED = "returned"


@dataclass(frozen=True, kw_only=True, slots=True)
class Posting:
    """A letter of ours on its way: its id is that of the message in the outbox."""

    id: str
    complaint_id: ComplaintId | None
    number: str
    kind: str
    state: PostState
    pages: int
    sha256: str  # of the PDF in the blob store
    printed_at: datetime
    tracking: str = ""
    posted_at: datetime | None = None
    ended_at: datetime | None = None
    seq: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """One entry of a complaint's timeline. ``kind``: heard, said, status, note, file, task, field."""

    at: datetime
    kind: str
    actor: str  # customer, gateway, staff name
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=nothing)
    id: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """Something a person must do.

    ``kind``: handover, callback, page, consult, review, quarantine, delivery, incomplete, verification.
    """

    id: str
    kind: str
    reason: str  # a short code: self_harm, asked_for_person, stranger_in_thread, media_lost, …
    created_at: datetime
    due_at: datetime
    complaint_id: ComplaintId | None = None
    number: str = ""
    conversation_id: ConversationId | None = None
    ledger_id: LedgerId | None = None
    detail: str = ""  # for the person who does it; may hold the customer's words
    state: str = "open"  # open, done
    done_at: datetime | None = None
    done_by: str = ""
