"""More items of one sender than any person sends: kept whole and counted, but bundled for a person to look through.

Reading words costs a core for milliseconds; who sends without end must not have it to themselves. Counted in this
process and by the hour: a normal message costs no statement for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from channels.base import Answer, AnswerKind, Clock
from gateway.casework.tasks import new_task
from gateway.house import House
from gateway.intake.entering import turn_of
from gateway.intake.quarantine import answer_to, on_the_line, queue_answer
from gateway.operations.metrics import FLOODED
from normalizer.record import Submission
from store.unit import Unit
from store.values import Entry, File

Who = tuple[str, str]  # channel, address

CAUSE = "flood"
# Items an hour of one openid, address, caller (each turn of a call is one). The website has limits of its own, and the
# mailroom and the counter are ours.
LIMITS: Mapping[str, int] = {"wechat": 120, "email": 60, "phone": 600}
SOON = timedelta(hours=1)  # a person looks: somebody in need may be behind it
MOST_SENDERS = 100_000


@dataclass(slots=True)
class Sent:
    """What one sender sent this hour: how many, the key of the last, and of the first beyond the limit."""

    count: int = 0
    last: str = ""
    first_beyond: str = ""


class Floods:
    """How many items of each sender there were this hour."""

    def __init__(self, clock: Clock, limits: Mapping[str, int] = LIMITS) -> None:
        self._clock = clock
        self._limits = limits
        self._hour: datetime | None = None
        self._senders: dict[Who, Sent] = {}

    def excess(self, submission: Submission) -> int:
        """Count one; how many beyond the limit it is, 0 within. Robots are answered by nobody anyway.

        The same item tried again (the database was busy) counts once, and the first beyond the limit stays the first.
        """
        limit = self._limits.get(submission.channel)
        if limit is None or not submission.sender or submission.machine is not None:
            return 0
        self._begin_the_hour()
        who = (submission.channel, submission.sender.value.casefold())
        sent = self._senders.setdefault(who, Sent())
        if sent.last != submission.key:
            sent.last = submission.key
            sent.count += 1
        excess = max(0, sent.count - limit)
        if not excess:
            return 0
        sent.first_beyond = sent.first_beyond or submission.key
        return 1 if sent.first_beyond == submission.key else max(2, excess)

    def _begin_the_hour(self) -> None:
        hour = self._clock.now().replace(minute=0, second=0, microsecond=0)
        if hour != self._hour or len(self._senders) > MOST_SENDERS:
            self._hour = hour
            self._senders.clear()


async def bundle(
    house: House,
    unit: Unit,
    submission: Submission,
    entry: Entry,
    files: Sequence[File],
    excess: int,
    speak_by: float | None,
) -> Answer:
    """Set the item aside in a few statements; one task and one answer stand for all of the hour."""
    FLOODED.labels(channel=submission.channel).inc()
    answer = await _answer(house, unit, submission, excess, speak_by)
    spoken = answer.text if answer.kind is AnswerKind.SPOKEN else ""
    turn = turn_of(answer) if submission.talk else ""
    await unit.ledger.settle(entry.id, answer_kind=answer.kind, answer_text=spoken, answer_turn=turn)
    await unit.ledger.quarantine(entry.id, CAUSE)
    for file in files:
        await unit.files.add(replace(file, ledger_id=entry.id))
    if excess == 1:
        await unit.tasks.add(new_task("quarantine", CAUSE, house.clock.now(), within=SOON, ledger_id=entry.id))
    if answer.kind is AnswerKind.QUEUED:
        await queue_answer(house, unit, submission, entry, answer.text)
    return answer


async def _answer(house: House, unit: Unit, submission: Submission, excess: int, speak_by: float | None) -> Answer:
    """An open line is never left without words; elsewhere they are said once."""
    if submission.talk:
        return await on_the_line(house, unit, submission)
    return answer_to(submission, speak_by) if excess == 1 else Answer(kind=AnswerKind.SILENT)
