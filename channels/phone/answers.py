"""What an answer of Twilio's REST interface is worth, and what its filters take."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from channels.errors import Misconfigured, Rejected, Retryable
from channels.phone.refusals import error_for
from channels.phone.settings import SID
from channels.phone.transport import Reply


def believe(reply: Reply, *, missing: bool = False) -> Mapping[str, Any]:
    """The JSON of a good answer. Raises Retryable when a good answer holds none."""
    check(reply, missing=missing)
    told = reply.json()
    if not told:
        raise Retryable("Twilio's answer is not understood")
    return told


def check(reply: Reply, *, missing: bool = False) -> None:
    """Raises what a refusal means; ``missing``: that something is not there is no fault of our settings."""
    if reply.fine:
        return
    if reply.status < 400:
        raise Misconfigured(f"Twilio answers HTTP {reply.status}: is the API's address right?")
    code = _code(reply.json())
    if missing and reply.status == 404:
        raise Rejected("Twilio does not know it", code="20404")
    raise error_for(reply.status, code, after=reply.after)


def _code(told: Mapping[str, Any]) -> int:
    code = told.get("code")
    return code if isinstance(code, int) else 0


def entries(told: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    entries = told.get(key)
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def not_before(moment: datetime | None, since: datetime) -> bool:
    """What bears no date is rather looked at twice than missed."""
    return moment is None or moment >= since


def day(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%d}T00:00:00Z"


def safe(sid: str) -> str:
    if not SID.fullmatch(sid):
        raise Rejected("not an id of Twilio's", code="no_sid")
    return sid
