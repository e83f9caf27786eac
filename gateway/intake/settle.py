"""A turn is written down: what was heard and said, where the talk stands, and how the answer leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from channels.base import Answer, AnswerKind, OutboundKind
from channels.origin import UNPROVEN
from gateway.delivery.parcels import new_parcel
from gateway.delivery.pushing import push
from gateway.intake.entering import turn_of
from gateway.intake.filing import keep_files
from gateway.intake.hotline.transcripts import is_written_down
from gateway.intake.limits import may_be_answered
from gateway.intake.merged import pass_on
from gateway.intake.paper.keeping import keep_scan
from gateway.intake.paper.replying import destination, facts_of
from gateway.intake.render import subject_of, text_of
from gateway.intake.scene import Scene
from gateway.intake.silence import next_reminder
from gateway.intake.talk import Talk, fingerprint
from normalizer.given import LANGUAGE
from normalizer.record import Gesture

# Nobody said anything by these: neither the talk nor a reminder is touched.
UNNOTICED = frozenset({Gesture.NOTED, Gesture.UNFOLLOW})

# What opens the short reply window of a chat (customer-service messages after a click, a follow, a scan).
OF_THE_POST = ("postmark", "tracking_number")  # what an envelope told

MOVES = frozenset({Gesture.COMPLAINT, Gesture.PROGRESS, Gesture.HUMAN, Gesture.FOLLOW})


async def settle(scene: Scene, speak_by: float | None) -> Answer:
    """Decide how the answer leaves, and write the turn. An answer is spoken or queued, never both."""
    answer = await _answer(scene, speak_by)
    if answer.kind is AnswerKind.QUEUED:
        await queue(scene, answer.text)  # once it lies on the page, its delivery tells of it
    elif scene.on_page and scene.kind is OutboundKind.RECEIPT:
        await push(scene.house, scene.unit, replace(scene.open_case, record=scene.record), "", scene.now)
    await keep_files(scene)
    await keep_scan(scene)
    await _write_timeline(scene, answer.text)
    await pass_on(scene)
    await _save_talk(scene)
    await _note_told(scene, answer)
    if scene.by_ear:
        await scene.unit.calls.touch(scene.submission.channel, scene.submission.talk, scene.now)
    await scene.unit.ledger.settle(
        scene.entry.id,
        answer_kind=answer.kind,
        answer_text=answer.text if answer.kind is AnswerKind.SPOKEN else "",
        answer_turn=turn_of(answer),
        complaint_id=scene.case.id if scene.case else None,
        conversation_id=scene.conversation.id,
    )
    if scene.quarantine_cause:
        await scene.unit.ledger.quarantine(scene.entry.id, scene.quarantine_cause)
    return answer


async def queue(scene: Scene, text: str) -> None:
    """The words go to the outbox, in this very transaction."""
    await scene.unit.outbox.put(
        new_parcel(
            scene.kind,
            scene.submission.channel,
            destination(scene),
            text,
            scene.now,
            subject=subject_of(scene),
            case=scene.case,
            conversation_id=scene.conversation.id,
            ledger_id=scene.entry.id,
            language=scene.talk.language,
            context={**scene.submission.context, **facts_of(scene)},
        )
    )
    scene.unit.wake()


async def _answer(scene: Scene, speak_by: float | None) -> Answer:
    text = text_of(scene)
    if not text:
        return Answer(kind=AnswerKind.SILENT)
    if not await may_be_answered(scene):
        await _was_not_said(scene)
        return Answer(kind=AnswerKind.SILENT)
    if scene.by_ear:
        return on_the_line(text, scene)
    in_time = speak_by is not None and asyncio.get_running_loop().time() < speak_by
    return Answer(kind=AnswerKind.SPOKEN if in_time else AnswerKind.QUEUED, text=text)


def on_the_line(text: str, scene: Scene) -> Answer:
    """However long it took: who is gone by then hears it when their carrier asks again."""
    talk = scene.talk
    return Answer(
        kind=AnswerKind.SPOKEN,
        text=text,
        asked=talk.asked,
        then=scene.then,
        language=talk.language,
        recorded=not talk.unrecorded,
    )


async def _was_not_said(scene: Scene) -> None:
    """What was not said was not asked; and somebody must know that this complaint waits without an answer."""
    before = Talk.from_state(scene.conversation.state)
    scene.talk = replace(scene.talk, asked=before.asked, asks=before.asks, doubts=before.doubts, doubted=before.doubted)
    if scene.collecting and scene.submission.may_answer:
        await scene.task("incomplete", "answer_withheld")


async def _write_timeline(scene: Scene, answer: str) -> None:
    """Heard first, then what it led to, then what was said."""
    submission = scene.submission
    entries = [*scene.moments]
    if submission.text or submission.quoted or submission.attachments or submission.gesture is None:
        who = "machine" if submission.machine else "customer"
        entries.insert(0, ("heard", who, _their_words(scene), _circumstances(scene)))
    if answer:
        entries.append(("said", "gateway", answer, {}))
    if submission.machine is not None and scene.case is None:
        return  # a robot's mail that belongs to no case stays in the ledger
    case_id = scene.case.id if scene.case else None
    for kind, actor, text, data in entries:
        await scene.unit.timeline.add(
            case_id, at=scene.now, kind=kind, actor=actor, text=text, data=data, conversation_id=scene.conversation.id
        )


def _their_words(scene: Scene) -> str:
    """As they came; of a form also what stood in each field, whether we understood it or not."""
    submission = scene.submission
    typed = [f"[{name}] {words}" for name, words in submission.given.items() if name != LANGUAGE]
    return "\n".join(filter(None, (submission.text or submission.quoted, *typed)))


async def _note_told(scene: Scene, answer: Answer) -> None:
    """A receipt is news of the complaint; a turn of the talk is not, and costs no statement."""
    if scene.case is not None and scene.kind is OutboundKind.RECEIPT and answer.kind is not AnswerKind.SILENT:
        await scene.unit.complaints.set_work(scene.case.id, {"told_at": scene.now}, now=scene.now)


def _circumstances(scene: Scene) -> Mapping[str, Any]:
    submission = scene.submission
    facts = {"item": int(scene.entry.id), "files": len(scene.files), "attested": submission.attested}
    origin = {"origin": "unproven"} if UNPROVEN in submission.warnings else {}
    post = {name: submission.context[name] for name in OF_THE_POST if submission.context.get(name)}
    return {**facts, **origin, **post}


def _wrote(scene: Scene) -> bool:
    """A message, not a gesture, not the words of an earlier one: only it opens the long reply window of a chat."""
    return scene.submission.gesture is None and not is_written_down(scene.submission)


async def _save_talk(scene: Scene) -> None:
    """A robot's mail moves no conversation; a person's words free what was parked for their next contact."""
    if scene.submission.machine is not None:
        return
    if scene.conversation.parked and _wrote(scene):
        await scene.unit.outbox.unpark(scene.conversation.id, scene.now)
        await scene.unit.conversations.set_parked(scene.conversation.id, False)
        scene.unit.wake()
    before = scene.conversation
    goes_on = not scene.set_apart and scene.submission.gesture not in UNNOTICED
    scene.talk = _after_this(scene) if goes_on else scene.talk
    await scene.unit.conversations.save(
        before.id,
        state=scene.talk.to_state() if goes_on else before.state,
        complaint_id=(scene.case.id if scene.case else None) if goes_on else before.complaint_id,
        remind_at=next_reminder(scene) if goes_on else before.remind_at,
        last_heard_at=scene.entry.received_at if _wrote(scene) else before.last_heard_at,
    )


def _after_this(scene: Scene) -> Talk:
    """The talk with the traces that every message leaves."""
    talk, submission = scene.talk, scene.submission
    if scene.case is None and _wrote(scene):
        talk = replace(talk, loose=True)
    if submission.text:
        talk = replace(talk, last=fingerprint(submission.text), reminders=0)
    if submission.gesture in MOVES:
        talk = replace(talk, moved_at=scene.entry.received_at.isoformat())
    return talk
