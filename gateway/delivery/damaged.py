"""Rows that do not open any more: a person must know, and nothing else may wait for them."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from gateway.casework.deadlines import one_working_day
from store.values import DamagedRow, Task


def damaged_task(row: DamagedRow, kind: str, now: datetime) -> Task:
    """Its words are gone; what lies beside them says whose they were."""
    return Task(
        id=uuid4().hex,
        kind=kind,
        reason="damaged",
        created_at=now,
        due_at=one_working_day(now),
        complaint_id=row.complaint_id,
        number=row.number,
        conversation_id=row.conversation_id,
        ledger_id=row.ledger_id,
        detail=f"{row.channel} {row.id}",
    )
