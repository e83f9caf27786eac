"""What the API says and hears: the JSON of its answers, its queries and its bodies. OpenAPI is built from these."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool

from channels.base import CallState
from gateway.casework.lifecycle import Outcome, Status
from gateway.staff.paging import LARGEST_ID
from normalizer.record import Intent, Method
from store.values import FileState, Hearing, LedgerState, OutboxState

NOTE_CHARS, REASON_CHARS, WORD_CHARS = 2000, 300, 200
WORDS_CHARS = 20_000
NO_CONTROLS = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
SOMETHING = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
SPOKEN = rf"{NO_CONTROLS[:-1]}[^\s\x00-\x1f\x7f]{NO_CONTROLS[1:]}"  # something, on one line or several


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


Code = Annotated[Status, BeforeValidator(_upper)]
Word = Annotated[str, Field(min_length=1, max_length=WORD_CHARS, pattern=SOMETHING)]
Phone = Annotated[str, Field(min_length=3, max_length=40, pattern=r"^\+?[0-9() .\-]+$")]
Name = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,32}$")]
Cursor = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9_\-]+$")]
Limit = Annotated[int, Field(ge=1, le=100)]
Reason = Annotated[
    str, Field(min_length=1, max_length=REASON_CHARS, pattern=SOMETHING, description="Why values are shown; audited")
]


class Shape(BaseModel):
    """An answer."""

    model_config = ConfigDict(frozen=True)


class Asked(BaseModel):
    """A query or a body: a name we do not know is a mistake of the caller's, told and not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# Queries and bodies


class Unmask(Asked):
    unmask: Reason | None = None


class MustUnmask(Asked):
    unmask: Reason


class Nothing(Asked):
    pass


class ComplaintsAsked(Unmask):
    status: list[Code] = Field([], max_length=20, description="May be given several times")
    channel: Name | None = None
    intent: Intent | None = None
    priority: Literal["P0", "P1", "P2", "P3"] | None = None
    items: Literal["all"] | None = Field(
        None, description="Praise, consultations and strangers' items too; a search by person or intent has them anyway"
    )
    cursor: Cursor | None = None
    limit: Limit = 50


class TimelineAsked(Unmask):
    after: int = Field(0, ge=0, le=LARGEST_ID, description="Id of the last entry of the page before")
    limit: Annotated[int, Field(ge=1, le=200)] = 200


class TasksAsked(Unmask):
    state: Literal["open", "done"] = "open"
    kind: Name | None = None
    cursor: Cursor | None = None
    limit: Limit = 50


class CallsAsked(Unmask):
    state: CallState | None = None
    cursor: Cursor | None = None
    limit: Limit = 50


class QuarantineAsked(Asked):
    cursor: Cursor | None = None
    limit: Limit = 50


Part = Annotated[str, Field(min_length=1, max_length=NOTE_CHARS, pattern=SPOKEN)]


class DecisionGiven(Asked):
    """The parts of a decision (Art 19), in the words that the customer reads."""

    verified: Part
    basis: Part
    remedies: Part


class Move(Asked):
    """Take a complaint to another state. The note is what the customer reads with the news."""

    status: Code
    note: Annotated[str, Field(max_length=NOTE_CHARS, pattern=NO_CONTROLS)] = ""
    tell: StrictBool = Field(True, description="Tell the customer on the channel they came by")
    decision: DecisionGiven | None = Field(None, description="Needed for a decision that is told by letter")
    outcome: Literal[Outcome.UPHELD, Outcome.PART, Outcome.REJECTED] | None = Field(None, description="Of a decision")


class WordsTyped(Asked):
    """What somebody heard in a recording."""

    text: Annotated[str, Field(min_length=1, max_length=WORDS_CHARS, pattern=SPOKEN)]


# Answers


class Complainant(Shape):
    name: str | None
    phone: str | None
    email: str | None
    id_number: str | None
    address: str | None
    party_role: str | None


class FieldShown(Shape):
    value: str
    source: str
    method: Method
    confidence: float


class AttachmentShown(Shape):
    id: str
    name: str
    type: str
    size: int
    sha256: str
    state: FileState
    url: str
    heard: Hearing = Field(description="Of a recording: whether its words are known")
    words: str | None = Field(description="What is said in it")


class MomentShown(Shape):
    id: int
    at: datetime
    kind: str
    actor: str
    text: str
    data: dict[str, Any]


class Ticket(Shape):
    number: str
    status: Status
    channel: str
    received_at: datetime
    accepted_at: datetime | None
    due_at: datetime
    complainant: Complainant
    policy_number: str | None
    claim_number: str | None
    respondent: str | None
    product: str | None
    category: str | None
    category_detail: str | None
    priority: str | None
    flags: list[str]
    matter: str | None
    reason: str | None
    request: str | None
    amounts: list[int | float]
    dates: list[str]
    missing: list[str]
    attachments: list[AttachmentShown]
    timeline: list[MomentShown]
    fields: dict[str, FieldShown]
    others: dict[str, list[str]] = Field(description="Further or contradictory values of a field, for staff to settle")
    intent: Intent
    language: str
    attested: bool


class TicketPage(Shape):
    items: list[Ticket]
    next: str | None


class TimelinePage(Shape):
    items: list[MomentShown]
    next: int | None


class Attachments(Shape):
    items: list[AttachmentShown]


class WordsKept(Shape):
    id: str = Field(description="Of the attachment")
    heard: Hearing
    tasks_done: list[str]


class To(Shape):
    kind: str
    value: str


class DeliveryShown(Shape):
    id: str
    channel: str
    to: To
    kind: str
    state: OutboxState
    text: str
    subject: str
    created_at: datetime
    next_at: datetime
    sent_at: datetime | None
    attempts: int
    provider_id: str
    via: str
    error: str


class Deliveries(Shape):
    items: list[DeliveryShown]


class TaskShown(Shape):
    id: str
    kind: str
    complaint: str | None
    intent: Intent | None
    reason: str
    due: datetime
    state: str
    created: datetime
    detail: str
    item: int | None
    done_at: datetime | None
    done_by: str


class TaskPage(Shape):
    items: list[TaskShown]
    next: str | None


class RecordingShown(Shape):
    id: str
    size: int
    sha256: str
    state: FileState


class CallShown(Shape):
    call: str
    direction: Literal["in", "out"]
    phone: str | None = Field(description="Null: the number is withheld")
    state: CallState
    started: datetime
    heard: datetime = Field(description="When anything was last heard of it")
    ended: datetime | None
    seconds: int | None
    complaint: str | None
    recordings: list[RecordingShown]


class CallPage(Shape):
    items: list[CallShown]
    next: str | None


class ItemShown(Shape):
    id: int
    channel: str
    received_at: datetime
    size: int
    sha256: str
    state: LedgerState
    attempts: int
    cause: str


class ItemPage(Shape):
    items: list[ItemShown]
    next: str | None


class Replayed(Shape):
    id: int
    outcome: str


class Description(Shape):
    """The OpenAPI document itself."""

    model_config = ConfigDict(extra="allow")

    openapi: str


class Fault(Shape):
    where: str
    why: str


class ProblemShown(Shape):
    """RFC 9457."""

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    errors: list[Fault] = []
    now: Status | None = None
    allowed: list[Status] = []
