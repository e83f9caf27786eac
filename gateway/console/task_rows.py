"""A task as a row of a page: why, until when, where to do it, and the words behind it masked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.casework.tasks import VERIFICATION
from gateway.console.wording import Wording
from gateway.staff.masking import Masked
from gateway.staff.task_pages import Seen
from store.values import Case, Task

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SOON = timedelta(hours=4)
# Kinds and reasons that are done on a page of their own.
ELSEWHERE: Mapping[str, str] = {
    "quarantine": "/console/doubts",
    "delivery": "/console/doubts/deliveries",
    "callback": "/console/doubts/callbacks",
    "stranger_in_thread": "/console/doubts/strangers",
    "emergency": "/console/emergencies",
    "endpoint": "/console/admin/endpoints",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Left:
    """How long there is until something is due. ``style``: over, late, or nothing."""

    words: str
    style: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    task: Task
    case: Case | None
    reason: str
    left: Left
    detail: str  # masked
    href: str  # where it is done; empty: here

    @property
    def number(self) -> str:
        return self.case.number if self.case else ""


async def rows_of(words: Wording, now: datetime, tasks: Iterable[Seen]) -> list[Row]:
    """Masking takes a while, and is done beside the loop."""
    return await asyncio.to_thread(lambda: [_row(words, now, task, case) for task, case in tasks])


def _row(words: Wording, now: datetime, task: Task, case: Case | None) -> Row:
    return Row(
        task=task,
        case=case,
        reason=words.code("task", task.reason),
        left=time_left(words, task.due_at, now),
        detail=masked_detail(task, case),
        href=_href(task),
    )


def masked_detail(task: Task, case: Case | None) -> str:
    if not task.detail:
        return ""
    mask = Masked.of(case) if case else Masked.alone(task.detail, task.created_at)
    return mask.text(task.detail)


def _href(task: Task) -> str:
    if task.kind == VERIFICATION:
        return f"/console/letters/verify#{task.ledger_id}" if task.ledger_id else "/console/letters/verify"
    return ELSEWHERE.get(task.reason) or ELSEWHERE.get(task.kind, "")


def time_left(words: Wording, due: datetime, now: datetime) -> Left:
    """In the largest unit of which there is at least one and a bit: 90 minutes are more telling than one hour."""
    apart = abs(due - now)
    unit, size = next(
        ((unit, size) for unit, size in (("days", DAY), ("hours", HOUR)) if apart >= 2 * size), ("minutes", MINUTE)
    )
    if due < now:
        return Left(words=words(f"tasks.over_{unit}", n=apart // size), style="over")
    return Left(words=words(f"tasks.left_{unit}", n=apart // size), style="late" if apart < SOON else "")
