"""When nothing was said to a customer for five working days: a progress note on their channel, or a person's call."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from gateway.casework.clocks.reckoning import Reckoning
from gateway.casework.clocks.setting import CLOCK, next_note
from gateway.casework.clocks.standing import reckoned
from gateway.casework.lifecycle import CLOSED, Status
from gateway.casework.tasks import new_task
from gateway.casework.telling import Message, tell
from gateway.house import House
from gateway.intake.phrases import phrases
from gateway.medium import medium_of
from normalizer.record import Intent
from store.unit import Unit
from store.values import Case

S = Status

# What the note says, by status. Who was told a decision, or is asked for a score, waits for nothing of ours.
SAID: Mapping[Status, str] = {
    S.RECEIVED: "waiting",
    S.REGISTERED: "waiting",
    S.SUPPLEMENT: "waiting",
    S.ACCEPTED: "waiting",
    S.GRADED: "waiting",
    S.REOPENED: "waiting",
    S.INVESTIGATING: "investigating",
    S.APPRAISAL: "apart",
    S.MEDIATION: "apart",
    S.SOLUTION: "solution",
    S.IMPLEMENTING: "carried_out",
    S.REVIEW_REQUESTED: "in_review",
    S.REVIEWING: "in_review",
}
URGENT = "P0"  # a person speaks with them
PERSON_WITHIN = timedelta(hours=4)


async def note_progress(house: House, unit: Unit, case: Case) -> None:
    """Tell the customer how it stands, unless somebody has told them something meanwhile. The case is locked."""
    now = house.clock.now()
    due = next_note(case.told_at or case.received_at)
    if not _is_waiting(case):
        return await unit.complaints.set_work(case.id, {"note_at": None}, now=now)
    if due > now:
        return await unit.complaints.set_work(case.id, {"note_at": due}, now=now)
    if Status(case.status) in SAID:
        await _speak(house, unit, case, now)
    await unit.complaints.set_work(case.id, {"note_at": next_note(now)}, now=now)


def _is_waiting(case: Case) -> bool:
    return case.record.intent is Intent.COMPLAINT and case.status not in CLOSED and case.merged_into is None


async def _speak(house: House, unit: Unit, case: Case, now: datetime) -> None:
    if case.record.value("priority") == URGENT:
        known = await unit.tasks.open_of(complaint_id=case.id, kind=CLOCK)
        if not any(task.reason == "quiet" for task in known):
            await unit.tasks.add(new_task(CLOCK, "quiet", now, within=PERSON_WITHIN, case=case))
        return
    await tell(house, unit, case, _message(case, await reckoned(unit, case, now)))


def _message(case: Case, standing: Reckoning) -> Message:
    words = phrases(case.record.language, medium_of(case.channel))
    label = words.get("status", case.status)
    said = "late" if standing.overdue else SAID[Status(case.status)]
    due = words.date(standing.due_at)
    return Message(text=words.get("clock", f"progress_{said}", number=case.number, due=due, label=label), label=label)
