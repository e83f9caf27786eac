"""Something for a person to do."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from gateway.casework.deadlines import one_working_day
from store.values import Case, ConversationId, LedgerId, Task

VERIFICATION = "verification"  # a person must compare what was read with the paper


def new_task(
    kind: str,
    reason: str,
    now: datetime,
    *,
    within: timedelta | None = None,
    case: Case | None = None,
    conversation_id: ConversationId | None = None,
    ledger_id: LedgerId | None = None,
    detail: str = "",
) -> Task:
    """A task due within the given time, or by the same hour of the next working day."""
    return Task(
        id=uuid4().hex,
        kind=kind,
        reason=reason,
        created_at=now,
        due_at=now + within if within else one_working_day(now),
        complaint_id=case.id if case else None,
        number=case.number if case else "",
        conversation_id=conversation_id,
        ledger_id=ledger_id,
        detail=detail,
    )
