"""One line of the queue, as it is shown: masked, short, and with the time left in words."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.console.queue.names import Names
from gateway.console.remaining import Remaining, remaining
from gateway.console.wording import Wording
from gateway.staff.masking import Masked
from store.values import Case

EXCERPT = 90  # characters of the matter


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    number: str
    clock: Remaining
    due_at: datetime
    priority: str
    status: str
    channel: str
    name: str
    matter: str
    category: str
    detail: str
    branch: str
    assignee: str
    mine: bool
    flags: tuple[str, ...]
    merged: bool


async def rows_of(cases: Sequence[Case], names: Names, me: int | None, now: datetime, t: Wording) -> list[Row]:
    """Beside the loop: masking long letters takes a while."""
    return await asyncio.to_thread(lambda: [_row(case, names, me, now, t) for case in cases])


def _row(case: Case, names: Names, me: int | None, now: datetime, t: Wording) -> Row:
    record, mask = case.record, Masked.of(case)
    return Row(
        number=case.number,
        clock=remaining(case, now, t),
        due_at=case.due_at,
        priority=record.value("priority"),
        status=case.status,
        channel=case.channel,
        name=mask.value("complainant_name", record.value("complainant_name")),
        matter=_excerpt(mask.text(record.value("matter")[: EXCERPT * 3])),
        category=record.value("category"),
        detail=record.value("category_detail"),
        branch=names.branch(case.branch),
        assignee=names.person(case.assignee_id),
        mine=me is not None and case.assignee_id == me,
        flags=record.flag_codes,
        merged=case.merged_into is not None,
    )


def _excerpt(words: str) -> str:
    one_line = " ".join(words.split())
    return one_line if len(one_line) <= EXCERPT else one_line[:EXCERPT] + "…"
