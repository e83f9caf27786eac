"""What the API says and hears of clocks and approvals."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from gateway.staff.shapes import REASON_CHARS, SOMETHING, Asked, Cursor, Limit, Shape

Told = Annotated[str, Field(min_length=1, max_length=REASON_CHARS, pattern=SOMETHING)]


class Extend(Asked):
    """Extend the time. The customer reads the reason."""

    reason: Told


class Agree(Asked):
    """Another date, agreed on with the customer."""

    until: date
    evidence: Annotated[Told, Field(description="How we know that they agreed; kept, not told")]


class Restart(Asked):
    """New facts or reasons came from the customer."""

    received_at: AwareDatetime = Field(description="When the new material was received")
    reason: Annotated[Told, Field(description="What is new; kept, not told")]


class Decline(Asked):
    """Why a second person does not agree."""

    reason: Told


class ApprovalsAsked(Asked):
    limit: Limit = 50
    cursor: Cursor | None = None


class TargetShown(Shape):
    name: str
    at: datetime


class StepShown(Shape):
    code: str
    values: dict[str, str]


class EventShown(Shape):
    """Something that moved the date, and the proof that the customer was told of it."""

    kind: str
    at: datetime
    noted_at: datetime
    by: str
    facts: dict[str, Any]


class ClockShown(Shape):
    number: str
    received_at: datetime
    began_at: datetime
    due_at: datetime
    limit: str
    paused_since: datetime | None
    stopped_at: datetime | None
    overdue: bool
    prove_by: datetime | None
    targets: list[TargetShown]
    steps: list[StepShown]
    why: dict[str, list[str]]
    events: list[EventShown]
    version: str


class ApprovalShown(Shape):
    id: int
    complaint: str
    kind: str
    state: str
    asked_at: datetime
    asked_by: str
    facts: dict[str, Any]
    decided_at: datetime | None
    decided_by: str


class ApprovalPage(Shape):
    items: list[ApprovalShown]
    next: str | None
