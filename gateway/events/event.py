"""An event: what happened to which complaint, as the body of a call."""

from __future__ import annotations

import itertools
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from store.values import Case

_COUNT = itertools.count()
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """``id`` is the webhook-id: the same at every endpoint, for every attempt and for a replay."""

    id: str
    type: str
    number: str
    body: str


def new_event(type: str, at: datetime, case: Case | None, change: Mapping[str, Any] = NOTHING) -> Event:
    """What happened at a moment; without a case, a test."""
    data = {**_facts(case), "change": dict(change)} if case else {}
    body = {"type": type, "timestamp": at.astimezone(UTC).isoformat(timespec="milliseconds"), "data": data}
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Event(id=event_id(at), type=type, number=case.number if case else "", body=text)


def event_id(at: datetime) -> str:
    """32 hexadecimal digits that sort by when it happened: milliseconds, a count within this process, chance."""
    return f"{lowest_id(at)}{next(_COUNT) % 0x10000:04x}{secrets.token_hex(8)}"


def lowest_id(at: datetime) -> str:
    """What the ids of events at or after a moment do not sort before."""
    return f"{max(int(at.timestamp() * 1000), 0):012x}"


def _facts(case: Case) -> dict[str, Any]:
    """No personal data, nothing in the customer's words."""
    value = case.record.value
    return {
        "number": case.number,
        "status": case.status,
        "channel": case.channel,
        "priority": value("priority") or None,
        "category": value("category") or None,
        "product": value("product") or None,
        "branch": case.branch or None,
        "due_at": case.due_at.astimezone(UTC).isoformat(timespec="seconds"),
    }
