"""What a step writes beside the state: when a complaint was decided and closed, how it ended, how long it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gateway.casework.lifecycle import BEGINS_AGAIN, CLOSED, DECIDES, ENDS_AS, Outcome, Status
from gateway.casework.retention.keeping import keep_until
from store.values import Case


def work_of(case: Case, status: Status, now: datetime, outcome: Outcome | None) -> Mapping[str, Any]:
    """Columns for ``complaints.set_work``; none for most steps."""
    if status in BEGINS_AGAIN and (case.outcome or case.closed_at or case.decided_at):
        return {"closed_at": None, "decided_at": None, "outcome": "", "keep_until": None}
    if status in DECIDES:
        decided = case.decided_at if status is Status.REVIEW_DECIDED else None  # the days are those of the first
        return {"decided_at": decided or now, "outcome": outcome or case.outcome}
    if status in ENDS_AS:
        return {"closed_at": now, "outcome": ENDS_AS[status], "keep_until": keep_until(case.record, now)}
    if status in CLOSED:
        return {"closed_at": case.closed_at or now, "keep_until": keep_until(case.record, now)}
    return {"keep_until": None} if case.keep_until is not None else {}
