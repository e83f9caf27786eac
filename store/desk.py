"""What staff work with, as frozen values: people, sessions, branches, and what is decided, linked, told and planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from normalizer.record import nothing
from store.values import ComplaintId


@dataclass(frozen=True, kw_only=True, slots=True)
class Branch:
    """A part of the insurer. Whoever works in one sees its complaints and those of the branches under it."""

    code: str  # 310000, sh-pudong: letters, digits, hyphens
    name: str
    parent: str = ""  # empty: directly under the head office


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody who works here."""

    id: int
    login: str  # lower case; how the timeline and the audit trail name them
    name: str
    roles: frozenset[str]  # codes of gateway/staff/actor.py
    branch: str = ""  # code; empty: the head office, which sees all
    email: str = ""
    active: bool = True
    has_totp: bool = False
    created_at: datetime | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """Somebody signed in, on one device."""

    id: str
    person_id: int
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    address: str = ""
    agent: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockEvent:
    """Something that changes by when a complaint must be answered.

    ``kind``: complex (to 30 days), special (to 60), pause, resume, agreed, restart, stop.
    """

    kind: str
    at: datetime  # when it takes effect
    noted_at: datetime
    by: str
    facts: Mapping[str, Any] = field(default_factory=nothing)  # {reason, until, approver, told, why: appraisal}
    id: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """Two complaints that have to do with one another.

    ``kind``: duplicate, related, split (``other`` was taken out of it). ``state``: suggested, open, merged, undone, no.
    """

    complaint_id: ComplaintId
    other_id: ComplaintId
    kind: str
    state: str
    at: datetime
    by: str
    facts: Mapping[str, Any] = field(default_factory=nothing)  # {why: [same_policy, same_person], reason, likeness}
    id: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval:
    """A step that needs a second person.

    ``kind``: not_handled, special. ``state``: open, approved, refused, taken_back.
    """

    complaint_id: ComplaintId
    kind: str
    state: str
    asked_at: datetime
    asked_by: str
    facts: Mapping[str, Any] = field(default_factory=nothing)  # {code, reason, note, …}: what will be done
    decided_at: datetime | None = None
    decided_by: str = ""
    id: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Emergency:
    """An emergency plan at work for one complaint. ``state``: open (nobody has it), taken, closed."""

    complaint_id: ComplaintId
    plan: str
    state: str
    opened_at: datetime
    level: int = 0  # how far it was escalated
    taken_at: datetime | None = None
    taken_by: str = ""
    escalate_at: datetime | None = None
    closed_at: datetime | None = None
    facts: Mapping[str, Any] = field(default_factory=nothing)  # {steps: {code: {done_at, by, note}}, paged: […]}
    id: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """An address of another system that is told of changes."""

    id: str
    url: str
    secret: str  # whsec_…
    events: frozenset[str]  # empty: all
    active: bool = True
    note: str = ""
    previous: str = ""  # the secret before, while it is being rotated
    previous_until: datetime | None = None  # until then both sign
    failing_since: datetime | None = None  # nothing has passed since; None: the last one did
    created_at: datetime | None = None
    created_by: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """A saved view of the queue: its name and the query that makes it."""

    name: str
    query: str
    person_id: int | None = None  # None: everybody's
    position: int = 0
    id: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """Words that staff use again and again. ``use``: reply, ask, status."""

    name: str
    language: str
    use: str
    text: str
    retired: bool = False
    id: int = 0
