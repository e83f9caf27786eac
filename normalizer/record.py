"""What a person sent, and the one record it becomes: frozen values, no behaviour that needs the world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")  # the insurer's day: what 昨天 means, and when a limit ends


def nothing() -> Mapping[str, Any]:
    """The empty default of a mapping: Python 3.11 takes it from a factory only, as it has no hash there."""
    return _NOTHING


_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Intent(StrEnum):
    """What a message wants."""

    COMPLAINT = "complaint"
    PROGRESS = "progress"
    SUPPLEMENT = "supplement"
    WITHDRAW = "withdraw"
    HUMAN = "human"
    CONSULT = "consult"
    PRAISE = "praise"
    OTHER = "other"


class Method(StrEnum):
    """How a value was found, from least to most certain of whose it is."""

    MODEL = "model"  # a language model read along and pointed at the words; whatever a person says later wins
    RULE = "rule"  # a cue or a grammar in the text
    ANSWER = "answer"  # the bare reply to the question we had asked
    SENDER = "sender"  # the address the item came from
    DIRECTORY = "directory"  # the insurer's own files
    STAFF = "staff"  # a person confirmed it; nothing but a person changes it


class ContactKind(StrEnum):
    OPENID = "openid"
    PHONE = "phone"
    EMAIL = "email"
    POST = "post"  # a postal address, as it goes on an envelope
    VISIT = "visit"  # somebody at our website or counter, by an id that we gave them: nobody is reached by it
    NONE = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """An address by which a person came and can be told things."""

    kind: ContactKind
    value: str = ""

    def __bool__(self) -> bool:
        return self.kind is not ContactKind.NONE and bool(self.value)


NOBODY = Contact(kind=ContactKind.NONE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A file that came with an item: its bytes, or the provider's reference by which they are fetched later."""

    name: str
    media_type: str = "application/octet-stream"
    content: bytes | None = None
    ref: str = ""  # e.g. a WeChat media_id; empty when content is here
    inline: bool = False  # shown inside the text (cid picture)


class PageKind(StrEnum):
    """What a page of paper is: only a LETTER says what its sender wants."""

    LETTER = "letter"
    SLIP = "slip"  # our own return slip, filled in
    ENVELOPE = "envelope"
    SEPARATOR = "separator"  # our sheet between two letters
    BLANK = "blank"
    ID_CARD = "id_card"
    INVOICE = "invoice"
    POLICY = "policy"  # a page of an insurance contract
    OTHER = "other"  # an enclosure of another kind: a report, a photograph, a print of a chat


Box = tuple[int, int, int, int]  # left, top, right, bottom, in pixels of the upright page


@dataclass(frozen=True, kw_only=True, slots=True)
class ScanLine:
    """One line of a page as it was read.

    ``start`` is where it begins in the text of its submission; -1: it is not part of that text (an enclosure's).
    ``others`` are the same line read in other ways (larger, without colour, blurred), where they came out differently.
    """

    text: str
    box: Box
    score: float  # 0..1, the recogniser's word for it; says nothing of a line that it never saw
    start: int = -1
    others: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ScanPage:
    """One page, turned upright. ``rotation`` is by how many degrees clockwise it was turned for that."""

    number: int  # in its file, from 1
    kind: PageKind
    rotation: int
    width: int
    height: int
    dpi: int
    lines: tuple[ScanLine, ...] = ()
    image: bytes = b""  # JPEG of the upright page, as its boxes measure it
    to_original: tuple[float, ...] = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)  # x' = a x + b y + c, y' = d x + e y + f
    by: str = "ocr"  # ocr, text_layer, nothing
    warnings: tuple[str, ...] = ()  # lines_unseen, ink_unread, page_unread, page_unreadable, stamped, faxed, …


@dataclass(frozen=True, kw_only=True, slots=True)
class Scan:
    """What an item on paper looked like and how it was read: enough for a person to check every value against it."""

    pages: tuple[ScanPage, ...]
    codes: tuple[str, ...] = ()  # bar codes as read, ours and others'
    marks: frozenset[str] = frozenset()  # signature, seal: what the letter bears of Art 13 (4)
    engine: str = ""  # name and version of what read it
    settings: Mapping[str, str] = field(default_factory=nothing)
    likeness: str = ""  # perceptual hash of the first letter page, hexadecimal; near ones look alike


@dataclass(frozen=True, kw_only=True, slots=True)
class Thread:
    """Which open case an item says it belongs to, and how far to believe it."""

    number: str  # our complaint number
    by: tuple[str, ...] = ()  # in_reply_to, plus_address, subject, body, returned_message, returned_subject, slip
    proven: bool = False  # the token or Message-ID is one of ours, not a guess from a subject


class Machine(StrEnum):
    """Mail that no person wrote to us: kept and classified, never acknowledged."""

    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    LIST = "list"
    SPAM = "spam"


class Gesture(StrEnum):
    """Something a person did without words."""

    COMPLAINT = "menu_complaint"
    PROGRESS = "menu_progress"
    HUMAN = "menu_human"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    NOTED = "noted"  # kept in the ledger, nothing to answer (location report, scan, receipt of ours)
    CHECKED = "checked"  # a person of ours looked at what was read, and says what it is
    # On a telephone line:
    CALLED = "called"  # the call begins
    SILENT = "silent"  # we listened, and nothing was said or keyed
    UNHEARD = "unheard"  # something was said that the recogniser is not sure of; its guess is in ``quoted``
    RECORDED = "recorded"  # spoke after the tone; the recording itself follows as an item of its own
    MESSAGE = "message"  # the recording of a message that somebody left; its words are unknown yet
    CONNECTED = "connected"  # was put through to a person, and that talk is over
    UNANSWERED = "unanswered"  # was put through, and nobody answered
    HUNG_UP = "hung_up"  # the line is gone


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission:
    """One item that reached us, read: who, when, their own words, and what came with them.

    ``received_at`` is aware; the day it names (Asia/Shanghai) resolves 昨天 and dates without a year.
    ``key`` identifies the item within its channel for ever: the same key is the same item.
    """

    channel: str
    key: str
    sender: Contact
    received_at: datetime
    text: str = ""
    subject: str = ""
    raw: bytes = b""  # the item as it came, byte for byte
    attachments: tuple[Attachment, ...] = ()
    gesture: Gesture | None = None
    thread: Thread | None = None
    machine: Machine | None = None
    attested: bool = True  # the channel vouches for the sender (openid; aligned mail authentication)
    may_answer: bool = True  # an automatic answer may go out (no list, robot, bounce)
    unreadable: str = ""  # why the item could not be read; everything we have is in raw
    quoted: str = ""  # quotes and signatures set apart from the customer's own words
    warnings: tuple[str, ...] = ()
    context: Mapping[str, str] = field(
        default_factory=nothing
    )  # what the channel needs to answer in thread; opaque to others
    talk: str = ""  # what binds the items of one talk where the sender's address does not: a call's id
    scan: Scan | None = None  # of what came on paper
    given: Mapping[str, str] = field(
        default_factory=nothing
    )  # what a form asked for by name, in the person's own words
    keyed: str = ""  # digits pressed on a telephone, without the closing #; what they mean depends on what was asked

    @property
    def received_on(self) -> date:
        return self.received_at.astimezone(SHANGHAI).date()


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Where in a text a value stands: ``text[start:end]``; ``part`` is "text" or "subject"."""

    start: int
    end: int
    part: str = "text"


PERSON = "person."  # begins the rule of a field that names a person; their role follows


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One value of the record, with its provenance."""

    value: str
    source: str = ""  # the words that led to it, verbatim
    span: Span | None = None
    method: Method = Method.RULE
    confidence: float = 1.0
    rule: str = ""  # name of the rule that decided, for --explain
    item: str = ""  # key of the submission it came in

    @property
    def role(self) -> str:
        """Of a person named: complainant, agent, principal, holder, insured, family, staff, lawyer, witness, other."""
        return self.rule.removeprefix(PERSON) if self.rule.startswith(PERSON) else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """What the last message by itself said, for the dialogue to react to."""

    intent: Intent = Intent.OTHER
    rule: str = ""  # by which the intent was decided, for --explain
    fields: frozenset[str] = frozenset()  # names that this message gave or changed
    corrected: frozenset[str] = frozenset()  # of these, the ones that replaced another value
    contradicted: frozenset[str] = frozenset()  # of these, the ones that stand beside another value: which is right?
    correcting: str = ""  # a field the person wants to change without saying to what ("改一下电话")
    declined: str = ""  # "", unknown (不知道), none (没有), later (晚点发), evasive (随便), refuse (不想说)
    agreed: bool | None = None  # a bare yes or no
    case_numbers: tuple[str, ...] = ()  # our numbers (TS…), check digit verified
    last_four: str = ""  # four trailing characters offered as proof (phone or ID)
    score: int | None = None  # a bare 1..5
    greeting: bool = False  # 你好, 在吗 and nothing else
    clear: bool = False  # names at least one checkable fact


@dataclass(frozen=True, kw_only=True, slots=True)
class Complaint:
    """The one record. Field names, codes and flags as in tests/cases/README.md.

    ``fields`` holds those that are known of complainant_name, phone, email, id_number, policy_number, claim_number,
    address, respondent, matter, reason, request, organisation, uscc, plate, bank_card, party_role, product, category,
    category_detail and priority.
    ``people`` is everybody named, each with a ``role``. ``amounts`` (yuan) and ``dates`` (ISO) keep the text's order.
    ``missing`` is what must still be asked.
    """

    intent: Intent = Intent.OTHER
    fields: Mapping[str, Field] = field(default_factory=nothing)
    amounts: tuple[Field, ...] = ()
    dates: tuple[Field, ...] = ()
    flags: tuple[Field, ...] = ()  # value is the flag's code, source the words
    missing: tuple[str, ...] = ()
    others: Mapping[str, tuple[Field, ...]] = field(
        default_factory=nothing
    )  # contradictory or further values, side by side
    language: str = "zh-Hans"  # zh-Hans, zh-Hant, en: how the customer writes
    heard: Heard = field(default_factory=Heard)
    people: tuple[Field, ...] = ()  # value is the name

    def value(self, name: str) -> str:
        """The value of a field, or the empty string."""
        found = self.fields.get(name)
        return found.value if found else ""

    def with_field(self, name: str, found: Field) -> Complaint:
        return replace(self, fields=MappingProxyType({**self.fields, name: found}))

    @property
    def flag_codes(self) -> tuple[str, ...]:
        return tuple(flag.value for flag in self.flags)
