"""An item that could not be handled: set aside whole, with its cause, and a person told; the next one goes on."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Sequence
from dataclasses import replace

from channels.base import Answer, AnswerKind, OutboundKind
from gateway.casework.tasks import new_task
from gateway.delivery.parcels import new_parcel
from gateway.house import House
from gateway.intake.entering import enter, same_answer, turn_of
from gateway.intake.phrases import Phrases, phrases
from gateway.intake.talk import Talk
from gateway.medium import Medium
from normalizer.record import Submission
from normalizer.text import fold, language_of
from store.errors import Damaged
from store.unit import Unit
from store.values import Entry, File, LedgerState


async def set_aside(
    house: House, submission: Submission, files: Sequence[File], error: Exception, speak_by: float | None
) -> Answer:
    """Quarantine in a transaction of its own; the person hears that somebody will look at what they sent."""
    async with house.store.unit() as unit:
        entry = await enter(unit, submission)
        if entry.state is not LedgerState.STORED:
            return same_answer(entry)
        answer = await on_the_line(house, unit, submission) if submission.talk else answer_to(submission, speak_by)
        await unit.ledger.settle(
            entry.id,
            answer_kind=answer.kind,
            answer_text=answer.text if answer.kind is AnswerKind.SPOKEN else "",
            answer_turn=turn_of(answer) if submission.talk else "",
        )
        await unit.ledger.quarantine(entry.id, cause_of(error))
        if not await unit.files.of_ledger(entry.id):
            for file in files:
                await unit.files.add(replace(file, ledger_id=entry.id))
        await tell_staff(house, unit, entry, error)
        if answer.kind is AnswerKind.QUEUED:
            await queue_answer(house, unit, submission, entry, answer.text)
        await unit.commit()
    return answer


def cause_of(error: Exception) -> str:
    """Kind and place of a failure, without its message: that may hold the customer's words."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].name}, line {frames[-1].lineno}" if frames else "unknown place"
    return f"{type(error).__name__} in {place}"


def _words(submission: Submission) -> Phrases:
    return phrases(language_of(submission.text, fold(submission.text)))


def answer_to(submission: Submission, speak_by: float | None) -> Answer:
    """That somebody will look at it; nothing where nobody hears it."""
    if not submission.may_answer or not submission.sender or submission.machine or submission.gesture:
        return Answer(kind=AnswerKind.SILENT)
    in_time = speak_by is not None and asyncio.get_running_loop().time() < speak_by
    words = _words(submission)
    text = words.say("set_aside")
    return Answer(kind=AnswerKind.SPOKEN if in_time else AnswerKind.QUEUED, text=text)


async def on_the_line(house: House, unit: Unit, submission: Submission) -> Answer:
    """Whoever is on the line may go on: the next words may well be handled."""
    talk = await _talk(house, unit, submission)
    text = phrases(talk.language, Medium.EAR).say("set_aside")
    return Answer(
        kind=AnswerKind.SPOKEN,
        text=text,
        asked=talk.asked,
        language=talk.language,
        recorded=not talk.unrecorded,
    )


async def _talk(house: House, unit: Unit, submission: Submission) -> Talk:
    """Where the talk stood before these words; from the beginning, if just that cannot be read."""
    try:
        conversation = await unit.conversations.lock(
            submission.channel, submission.sender, house.clock.now(), talk=submission.talk
        )
    except Damaged:
        return Talk()
    return Talk.from_state(conversation.state)


async def tell_staff(house: House, unit: Unit, entry: Entry, error: Exception) -> None:
    """The task that makes a person look."""
    await unit.tasks.add(
        new_task("quarantine", type(error).__name__, house.clock.now(), ledger_id=entry.id, detail=cause_of(error))
    )


async def queue_answer(house: House, unit: Unit, submission: Submission, entry: Entry, text: str) -> None:
    """By the outbox."""
    now, words = house.clock.now(), _words(submission)
    await unit.outbox.put(
        new_parcel(
            OutboundKind.ANSWER,
            submission.channel,
            submission.sender,
            text,
            now,
            subject=words.get("mail", "subject_receipt"),
            ledger_id=entry.id,
            language=words.language,
            context=submission.context,
        )
    )
    unit.wake()
