"""When a message that did not pass is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

# The steps of RFC 5321 4.5.4.1 practice: quick at first, patient later; after two days a person must know.
STEPS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))
GIVE_UP_AFTER = timedelta(hours=48)


def next_attempt(now: datetime, created_at: datetime, attempts: int, after: timedelta | None) -> datetime | None:
    """The time of the next attempt, or None when it is time to give up. ``after`` is the provider's own wish."""
    if now - created_at >= GIVE_UP_AFTER:
        return None
    step = STEPS[min(max(attempts, 1), len(STEPS)) - 1]
    return now + (step if after is None else after)
