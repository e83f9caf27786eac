"""How much time is left, in words: nobody should have to subtract dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.casework.lifecycle import CLOSED
from gateway.console.wording import Wording
from store.values import Case

NEAR = timedelta(days=3)
STANDING = frozenset({"APPRAISAL", "MEDIATION"})  # not counted while outsiders have it


@dataclass(frozen=True, kw_only=True, slots=True)
class Remaining:
    """``tone``: over, near, calm, still (the clock stands), ended. The words say it too: colour alone tells nobody."""

    words: str
    tone: str


def remaining(case: Case, now: datetime, t: Wording) -> Remaining:
    """Of a complaint at this moment."""
    if case.status in CLOSED or case.decided_at is not None:
        return Remaining(words=t("queue.clock_ended"), tone="ended")
    if case.status in STANDING:
        return Remaining(words=t("queue.clock_still"), tone="still")
    left = case.due_at - now
    if left < timedelta(0):
        return Remaining(words=t("queue.clock_over", span=span(-left, t)), tone="over")
    return Remaining(words=t("queue.clock_left", span=span(left, t)), tone="near" if left <= NEAR else "calm")


def span(length: timedelta, t: Wording) -> str:
    """The two greatest units: 3 天 4 小时, 2 小时 5 分."""
    days, hours, minutes = length.days, length.seconds // 3600, length.seconds % 3600 // 60
    if days:
        return t("queue.days_hours", days=days, hours=hours) if hours else t("queue.days", days=days)
    return t("queue.hours_minutes", hours=hours, minutes=minutes) if hours else t("queue.minutes", minutes=minutes)
