"""What a reckoning says: by when a complaint must be answered, and each step that led there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from gateway.casework.clocks.limits import Alert
from normalizer.record import SHANGHAI


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One step of the explanation: a code, and what is filled in; dates and times are those of Shanghai."""

    code: str
    values: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """What the house wants to have done before the law asks for it."""

    name: str  # contact, ask, interim, decision, personal
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Reckoning:
    """How a complaint's clock stands at one moment."""

    began_at: datetime  # receipt of the complaint, or of the new facts that restarted it
    due_at: datetime  # decided and told by then; while paused, as if the clock went on now
    limit: str  # simple, complex, special, agreed
    now: datetime
    targets: tuple[Target, ...]
    steps: tuple[Step, ...]
    alerts: tuple[Alert, ...]
    version: str  # of the limits
    paused_since: datetime | None = None
    stopped_at: datetime | None = None
    prove_by: datetime | None = None  # the date before, while proof is awaited that the customer was told of a new one

    @property
    def paused(self) -> bool:
        return self.paused_since is not None

    @property
    def stopped(self) -> bool:
        return self.stopped_at is not None

    @property
    def running(self) -> bool:
        return not self.paused and not self.stopped

    @property
    def overdue(self) -> bool:
        return self.running and self.now > self.due_at


def day(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d")


def minute(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def date_of(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()
