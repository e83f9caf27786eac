"""The channel contract: all that a channel knows of the gateway, and the gateway of a channel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from aiohttp import web

from normalizer.record import Attachment, Contact, Submission, nothing

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
OLDEST_POST = timedelta(days=366)  # a letter said to have come before that is a slip of the pen


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """One webhook: mounted by the gateway at ``/in/<channel><path>``."""

    method: str
    handler: Handler
    path: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A raw item as it arrived, before anybody reads it."""

    channel: str
    key: str  # unique within the channel; the same key is the same item
    received_at: datetime
    raw: bytes
    envelope: Mapping[str, str] = field(default_factory=nothing)  # what the transport knew and the bytes do not say


class Kept(StrEnum):
    """What became of an item that was handed over for keeping."""

    NEW = "new"  # stored now; read it and submit it
    WAITING = "waiting"  # stored before, not yet handled; read it and submit it
    DONE = "done"  # handled before; nothing to do but tidy up
    SET_ASIDE = "set_aside"  # quarantined before: a person has it; nothing to do but tidy up

    @property
    def finished(self) -> bool:
        return self in (Kept.DONE, Kept.SET_ASIDE)


class AnswerKind(StrEnum):
    SPOKEN = "spoken"  # say it on the line that is open now
    QUEUED = "queued"  # it leaves by the outbox; say nothing now
    SILENT = "silent"  # there is nothing to say


class Then(StrEnum):
    """What follows on a line that stays open. Where there is no line, it means nothing."""

    LISTEN = "listen"  # for what the person says or keys next
    RECORD = "record"  # what the person says after a tone
    PUT_THROUGH = "put_through"  # ring a person of ours
    HANG_UP = "hang_up"  # all is said


# What an answer may ask for that is a number, which a telephone's keys can give.
NUMBERS = frozenset({"contact", "phone", "policy_number", "claim_number", "case_number", "last_four", "id_number"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What the person is told; a repeated delivery of the same item gets the very same one."""

    kind: AnswerKind
    text: str = ""
    asked: str = ""  # what the text asks for: complainant_name, policy_number, confirm, … empty: nothing in particular
    then: Then = Then.LISTEN
    language: str = "zh-Hans"
    recorded: bool = True  # the person has not refused that the line be recorded


class CallState(StrEnum):
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"

    @property
    def over(self) -> bool:
        return self not in (CallState.RINGING, CallState.IN_PROGRESS)


@dataclass(frozen=True, kw_only=True, slots=True)
class CallReport:
    """What a carrier says of a call. Reports come twice, late and in any order; a call that is over stays over."""

    channel: str
    call: str  # the carrier's id of the call, which is also the ``talk`` of its submissions
    state: CallState
    at: datetime
    other: Contact  # who is at the other end; nobody when the number is withheld
    outgoing: bool = False
    seconds: int | None = None  # how long it was, once it is over


class Inbox(Protocol):
    """All that a channel knows of the gateway."""

    async def keep(self, item: Item) -> Kept:
        """Store an item whole, durably, before it is read. Committed on return."""
        ...

    async def submit(self, submission: Submission, *, speak_by: float | None = None) -> Answer:
        """Handle one item, in one transaction; committed on return.

        ``speak_by`` (event-loop time) is until when an answer can be spoken on the open line; None: never.
        An item that cannot be handled is quarantined, never raised for: the caller gets an Answer in any case.
        Raises only when nothing could be stored, so that the provider tries again.
        """
        ...

    async def report(self, report: DeliveryReport) -> None:
        """Tell what a provider said later about a message of ours."""
        ...

    async def note_call(self, report: CallReport) -> None:
        """Write down how a call stands; committed on return. Never undoes what is known to be later."""
        ...


class OutboundKind(StrEnum):
    ANSWER = "answer"  # a turn of the dialogue
    RECEIPT = "receipt"  # acknowledgement with the number
    REMINDER = "reminder"
    STATUS = "status"  # a change of status: result news, worth a reserved quota
    NOTICE = "notice"  # to staff: page, alarm
    COPY = "copy"  # in writing what was told on the line; where it cannot go, nothing is lost


@dataclass(frozen=True, kw_only=True, slots=True)
class Outbound:
    """One message to one destination."""

    id: str  # ours, stable over attempts: where a provider takes an idempotency key, this is it
    channel: str
    to: Contact
    text: str
    kind: OutboundKind
    subject: str = ""
    number: str = ""  # the complaint it is about
    status_label: str = ""  # the state in a few words, for templates with short fields
    link: str = ""  # progress page for messages too short to say it all
    language: str = "zh-Hans"
    attempt: int = 1
    created_at: datetime
    context: Mapping[str, str] = field(
        default_factory=nothing
    )  # what the channel said of the item this answers (Message-ID, …)


@dataclass(frozen=True, kw_only=True, slots=True)
class Printed:
    """A message that was made into a document: what was printed is what we must be able to show later."""

    content: bytes  # PDF
    pages: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """The provider took the message. ``provider_id`` matches later reports."""

    provider_id: str
    via: str = ""  # customer_service, template, subscription, smtp, print
    printed: Printed | None = None  # for somebody to print, post, and tell us of
    delivered: bool = False  # the provider's word that it reached the person, not only that it was taken


class DeliveryState(StrEnum):
    DELIVERED = "delivered"
    FAILED = "failed"  # final at this address
    DELAYED = "delayed"


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryReport:
    """What a provider told later about a message: by its id, or (a bounce) by our own outbound id."""

    channel: str
    state: DeliveryState
    at: datetime
    provider_id: str = ""
    outbound_id: str = ""
    reason: str = ""
    blocked: bool = False  # the person refuses us here: take the next channel


class Channel(Protocol):
    """How one medium is heard and answered."""

    @property
    def name(self) -> str: ...

    def routes(self, inbox: Inbox) -> Iterable[Route]:
        """The webhooks that others call; each verifies first, then parses."""
        ...

    async def listen(self, inbox: Inbox) -> None:
        """Fetch what must be fetched, until cancelled; returns at once when there is nothing to fetch.

        Supervised: whatever it raises is logged, shown in /readyz, and it is started again with back-off.
        """
        ...

    async def read(self, item: Item) -> Submission:
        """What a kept item says: on first reading, after a crash, and when staff replay it.

        Raises Unreadable, and NotNow when it must wait.
        """
        ...

    async def send(self, outbound: Outbound) -> Receipt:
        """One delivery attempt; raises a DeliveryError."""
        ...

    async def aclose(self) -> None: ...


@runtime_checkable
class Fetcher(Protocol):
    """A channel whose attachments come by reference: a worker fetches them, with retries, after the item is handled."""

    async def fetch(self, attachment: Attachment) -> Attachment:
        """The attachment with its content and true type. Raises Retryable, or Rejected when it is gone for good."""
        ...


@runtime_checkable
class Tidier(Protocol):
    """A channel whose provider keeps attachments until it is told to drop them."""

    async def tidy(self, attachment: Attachment) -> None:
        """We hold the attachment safely now; the provider's copy may go. Raises DeliveryError; called again is fine."""
        ...


@runtime_checkable
class Line(Protocol):
    """A channel of calls, which can be asked how one stands when the carrier's own word did not come."""

    async def look_up(self, call: str) -> CallReport:
        """How the call stands by the carrier's books. Raises DeliveryError; Rejected when they do not know it."""
        ...

    def may_text(self, to: Contact) -> bool:
        """Can a written message reach this number from our account?"""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """One file as it came out of a scanner."""

    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class HandIn:
    """What somebody in the mailroom hands in as one piece: a scan, or several files that are one letter."""

    papers: tuple[Paper, ...]
    received_on: date | None = None  # the day the post came; None: today
    postmark: date | None = None
    tracking_number: str = ""
    envelope: Paper | None = None  # scan of the envelope


@runtime_checkable
class Mailroom(Protocol):
    """A channel that takes what people hand in, beside what it fetches itself."""

    async def hand_in(self, given: HandIn) -> tuple[str, bool]:
        """Keep it as one item and have it read soon; its key, and whether it is new. Committed on return.

        Raises Unreadable when it can be nothing that we read: too large, too many, an empty file, a day that
        lies in the future or before ``OLDEST_POST``.
        """
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Sourced:
    """One thing that the far side holds: something that came to us, or a message that it took from us.

    ``keys`` are those of items, any one of which shows that we have it; of a message its provider id. None: it bears
    no key that could be compared.
    """

    kind: str  # mail, scan, call, recording; message, call_out
    name: str  # by which a person finds it there; it says nothing of anybody
    at: datetime | None
    keys: tuple[str, ...] = ()
    due: bool = True  # we must have it; else we may, or may not
    waits: bool = False  # it lies there to be handed over to us
    ours: bool = False  # a message of ours: it belongs into the outbox


@runtime_checkable
class Books(Protocol):
    """A channel whose far side can be asked what it holds, so that nothing is lost between it and us unnoticed."""

    async def books(self, since: datetime, until: datetime) -> Sequence[Sourced]:
        """What came or left between two moments, and all that waits there. Raises ChannelError when it cannot be asked.

        The same thing named twice was delivered twice.
        """
        ...

    def vouches(self, key: str, envelope: Mapping[str, str]) -> bool:
        """Would the books name the item with this key (or the message with this provider id), if it came from there?"""
        ...


@runtime_checkable
class Probe(Protocol):
    """A channel that can tell how its far side is doing."""

    def state(self) -> Mapping[str, str]:
        """Short facts for /readyz: {"listening": "idle", "last_proof": "2026-…"}; key ``problem`` means not ready."""
        ...


class Memory(Protocol):
    """What a channel remembers between restarts and shares between processes; values are encrypted at rest.

    A value written with ``keep`` is forgotten that long after its last write; without, it is kept for ever.
    """

    async def get(self, key: str) -> str | None: ...

    async def put(self, key: str, value: str, *, keep: timedelta | None = None) -> None: ...

    async def swap(self, key: str, old: str | None, new: str, *, keep: timedelta | None = None) -> bool:
        """Write ``new`` only if the value is still ``old`` (None: not there yet); False when another was faster."""
        ...


class Clock(Protocol):
    """The time, so that tests and the demo can set it."""

    def now(self) -> datetime:
        """The present moment, aware."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Means:
    """What a channel is built from."""

    settings: Mapping[str, str]  # the environment without TOUSU_, lower case: {"wechat_app_id": "wx…"}; all present
    memory: Memory  # the channel's own drawer
    clock: Clock


@dataclass(frozen=True, slots=True)
class Off:
    """A channel that is not configured: it is off, and this is why."""

    why: str


Builder = Callable[[Means], Channel | Off]
