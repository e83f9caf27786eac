"""What can be seen of the far side: what is said, what a call waits for, what was requested, what went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

KEPT = 5_000  # so many entries of a kind are remembered


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One thing said or done on a line."""

    who: str  # gateway, caller, agent
    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Wait:
    """What the document wants of the person now."""

    verb: str  # gather, record, dial
    input: tuple[str, ...] = ()  # speech, dtmf
    num_digits: int | None = None
    finish_on_key: str = ""
    timeout: int | None = None  # seconds of silence, or of ringing
    language: str = ""
    max_length: int | None = None  # seconds, of a recording
    dialled: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class CallError:
    """What the account's debugger would show."""

    code: int
    text: str
    url: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Requested:
    """One request: ``ask`` for a document, ``tell`` of news, or ``rest`` from the gateway to us."""

    kind: str
    method: str
    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    status: int = 0  # 0: no answer came
    token: str = ""  # of idempotency: the same in every attempt


@dataclass(frozen=True, kw_only=True, slots=True)
class Sms:
    """One text message as the network has it now."""

    sid: str
    to: str
    body: str
    status: str
    at: datetime


class Trouble(Exception):
    """A document did not come, or cannot be executed. ``kind``: ct, rt, 4xx, 5xx as in rp=, or document."""

    def __init__(self, code: int, text: str, kind: str = "document") -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text
        self.kind = kind


def remember(entries: list[Any], entry: object) -> None:
    """Append, and forget the oldest above the bound."""
    entries.append(entry)
    del entries[:-KEPT]
