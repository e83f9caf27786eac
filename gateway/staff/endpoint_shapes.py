"""What the API says and hears of endpoints."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field, StrictBool

from gateway.events.guard import URL_CHARS
from gateway.staff.shapes import NO_CONTROLS, Asked, Cursor, Limit, Shape
from store.values import OutboxState

EventName = Annotated[str, Field(pattern=r"^[a-z]+\.[a-z_]+$", max_length=64)]
EventId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class EndpointGiven(Asked):
    """An address of another system, and what it is told."""

    url: Annotated[str, Field(min_length=1, max_length=URL_CHARS, pattern=NO_CONTROLS)]
    events: list[EventName] = Field([], max_length=40, description="Empty: all")
    active: StrictBool = True
    note: Annotated[str, Field(max_length=200, pattern=NO_CONTROLS)] = ""


class ToldAsked(Asked):
    cursor: Cursor | None = None
    limit: Limit = 50


class Again(Asked):
    """One event, or a span of time: since <= time < until."""

    event: EventId | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


class EndpointShown(Shape):
    id: str
    url: str
    events: list[str]
    active: bool
    note: str
    created_at: datetime | None
    created_by: str
    rotating_until: datetime | None = Field(description="Until then the secret before signs too")
    failing_since: datetime | None = Field(description="Nothing has passed since; null: the last one did")


class EndpointWithSecret(EndpointShown):
    secret: str = Field(description="Shown this once")


class EndpointList(Shape):
    items: list[EndpointShown]
    types: list[str] = Field(description="All events there are")


class Told(Shape):
    id: str
    event: str = Field(description="The webhook-id")
    type: str
    complaint: str | None
    state: OutboxState
    attempts: int
    created_at: datetime
    next_at: datetime
    sent_at: datetime | None
    error: str


class ToldPage(Shape):
    items: list[Told]
    next: str | None


class Tried(Shape):
    event: str


class SentAgain(Shape):
    events: int
