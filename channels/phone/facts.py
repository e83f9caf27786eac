"""What Twilio's books say of calls, messages and recordings: only what we use, and nothing taken on trust."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Generic, TypeVar

from channels.phone.settings import SID

Facts = TypeVar("Facts")


@dataclass(frozen=True, kw_only=True, slots=True)
class CallFacts:
    """One call, either direction."""

    sid: str
    status: str  # queued, ringing, in-progress, completed, busy, failed, no-answer, canceled
    from_: str
    to: str
    direction: str  # inbound, outbound-api, outbound-dial
    duration: int | None = None  # seconds, once it is over
    started_at: datetime | None = None  # None: not dialled yet
    created_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordingFacts:
    """One recording."""

    sid: str
    call_sid: str
    status: str  # in-progress, paused, stopped, processing, completed, absent, deleted
    source: str  # RecordVerb, OutboundAPI, StartCallRecordingAPI, …
    duration: int | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageFacts:
    """One text message of ours."""

    sid: str
    body: str
    created_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed(Generic[Facts]):
    """What Twilio's books hold; not the whole of it where they have more pages than we read."""

    facts: Sequence[Facts]
    whole: bool = True


def call_from(told: Mapping[str, Any]) -> CallFacts:
    return CallFacts(
        sid=sid_of(told),
        status=_text(told, "status"),
        from_=_text(told, "from"),
        to=_text(told, "to"),
        direction=_text(told, "direction"),
        duration=_count(told.get("duration")),
        started_at=_moment(told.get("start_time")),
        created_at=_moment(told.get("date_created")),
    )


def recording_from(told: Mapping[str, Any]) -> RecordingFacts:
    return RecordingFacts(
        sid=sid_of(told),
        call_sid=sid_of(told, "call_sid"),
        status=_text(told, "status"),
        source=_text(told, "source"),
        duration=_count(told.get("duration")),
        created_at=_moment(told.get("date_created")),
    )


def message_from(told: Mapping[str, Any]) -> MessageFacts:
    return MessageFacts(sid=sid_of(told), body=_text(told, "body"), created_at=_moment(told.get("date_created")))


def sid_of(told: Mapping[str, Any], name: str = "sid") -> str:
    """An id that may stand in an address; empty when it is none."""
    sid = told.get(name)
    return sid if isinstance(sid, str) and SID.fullmatch(sid) else ""


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    return value if isinstance(value, str) else ""


def _count(value: object) -> int | None:
    """Twilio writes numbers as strings; -1 for a recording that is not over."""
    told = str(value)
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else None


def _moment(value: object) -> datetime | None:
    """RFC 2822, as ``Mon, 23 Nov 2026 01:30:00 +0000``."""
    try:
        moment = parsedate_to_datetime(value if isinstance(value, str) else "")
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
