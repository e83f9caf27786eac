"""Claims that could not be brought to their end yet: how often they were tried, and when they are tried again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from channels.letter.claiming import Claim
from channels.letter.limits import Limits, pause_after


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """``since`` we know of the claim."""

    since: datetime
    tries: int = 0
    pauses: int = 0  # after each try that failed, and whenever it had to wait through no fault of its own
    not_before: datetime


class Troubles:
    """What was left in ``processing``: by us after a failure, by another gateway that may be at it, or may be dead."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._known: dict[str, Trouble] = {}
        self._started = False

    def due(self, left: Iterable[Claim], now: datetime) -> list[Claim]:
        """At the start all of them; later those whose pause is over, and those of others that have long stood still."""
        there = list(left)
        self._known = {claim.token: self._of(claim, now) for claim in there}
        self._started = True
        return [claim for claim in there if self._known[claim.token].not_before <= now]

    def failed(self, claim: Claim, now: datetime) -> int:
        """Once more; how often by now."""
        self.put_off(claim, now)
        after = replace(self._known[claim.token], tries=self.tries(claim) + 1)
        self._known[claim.token] = after
        return after.tries

    def put_off(self, claim: Claim, now: datetime) -> None:
        """It must wait, and is not to blame."""
        before = self._known.get(claim.token) or Trouble(since=now, not_before=now)
        wait = timedelta(seconds=pause_after(before.pauses + 1, self._limits))
        self._known[claim.token] = replace(before, pauses=before.pauses + 1, not_before=now + wait)

    def tries(self, claim: Claim) -> int:
        found = self._known.get(claim.token)
        return found.tries if found else 0

    def patience(self, now: datetime) -> float | None:
        """Seconds until the next is tried again; None: there is none."""
        waits = (trouble.not_before - now for trouble in self._known.values() if trouble.pauses)
        return min((max(wait.total_seconds(), 0.0) for wait in waits), default=None)

    def _of(self, claim: Claim, now: datetime) -> Trouble:
        strange = timedelta(seconds=self._limits.stale_time) if self._started else timedelta()
        return self._known.get(claim.token) or Trouble(since=now, not_before=now + strange)
