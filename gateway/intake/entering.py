"""An item's line in the ledger: written once, and the same answer ever after."""

from __future__ import annotations

from channels.base import Answer, AnswerKind
from normalizer.record import Submission
from store.unit import Unit
from store.values import Entry


async def enter(unit: Unit, submission: Submission) -> Entry:
    """The item's line in the ledger: a new one, or what became of it before."""
    return await unit.ledger.enter(
        channel=submission.channel,
        key=submission.key,
        received_at=submission.received_at,
        raw=submission.raw,
        envelope={},
    )


def same_answer(entry: Entry) -> Answer:
    """A repeated delivery hears the very same; what left by the queue is not said a second time."""
    return Answer(kind=AnswerKind(entry.answer_kind or AnswerKind.SILENT), text=entry.answer_text)
