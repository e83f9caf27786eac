"""What became of one attempt: the worker decides from this alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from channels.base import Receipt


@dataclass(frozen=True, slots=True)
class Sent:
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Later:
    reason: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class NoWay:
    """Not on this channel: the person's next one, or when they next write."""

    reason: str
    until_contact: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    reason: str


@dataclass(frozen=True, slots=True)
class Held:
    """Our own settings are wrong: kept, and an alarm."""

    reason: str


Outcome = Sent | Later | NoWay | Failed | Held
