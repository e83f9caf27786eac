"""An item's line in the ledger: written once, and the same answer ever after."""

from __future__ import annotations

from channels.base import Answer, AnswerKind, Then
from normalizer.record import Submission
from store.unit import Unit
from store.values import Entry

RECORDED, UNRECORDED = "recorded", "unrecorded"


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
    kind = AnswerKind(entry.answer_kind or AnswerKind.SILENT)
    if not entry.answer_turn:
        return Answer(kind=kind, text=entry.answer_text)
    then, language, asked, recorded = entry.answer_turn.split("|")
    return Answer(
        kind=kind,
        text=entry.answer_text,
        asked=asked,
        then=Then(then),
        language=language,
        recorded=recorded == RECORDED,
    )


def turn_of(answer: Answer) -> str:
    """What follows on the line, in a form that stands beside the answer's words; empty where there is no line."""
    if answer.kind is not AnswerKind.SPOKEN:
        return ""
    recorded = RECORDED if answer.recorded else UNRECORDED
    return "|".join((answer.then, answer.language, answer.asked, recorded))
