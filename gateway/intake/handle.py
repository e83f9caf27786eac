"""Which path an item takes: decided by who sent it, where the talk stands, and what the words want."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from gateway.casework.lifecycle import CLOSED, OPEN_INTAKE, Status
from gateway.intake import aside, complaint, outside, urgent
from gateway.intake.asking import ask_correct_value, carry_on
from gateway.intake.directory import look_up
from gateway.intake.feedback import feedback, is_feedback
from gateway.intake.person import hand_over
from gateway.intake.progress import progress, proof
from gateway.intake.scene import Scene
from gateway.intake.withdraw import answer_confirmation, withdraw
from normalizer.normalize import normalize
from normalizer.record import Complaint, Gesture, Intent

Path = Callable[[Scene], Awaitable[None]]


async def handle(scene: Scene) -> None:
    """Decide the next turn of the talk with the person who sent this item."""
    submission = scene.submission
    if submission.unreadable:
        return await outside.cannot_be_read(scene)
    if submission.machine is not None:
        return await outside.from_a_machine(scene)
    if submission.gesture is not None:
        return await _gesture(scene, submission.gesture)
    owner = await _find_case(scene)
    await _understand(scene)
    if not owner and scene.record.heard.intent is not Intent.PROGRESS:
        return await outside.from_a_stranger(scene)
    await _answer(scene)
    await _save_record(scene)


async def _answer(scene: Scene) -> None:
    """Danger first, then what we are waiting for, then what the words want."""
    if urgent.is_urgent(scene) and not scene.talk.paged:
        return await urgent.page(scene)
    intent = scene.record.heard.intent
    if scene.talk.asked == "withdraw_confirm":
        return await answer_confirmation(scene)
    if is_feedback(scene):
        return await feedback(scene)
    if _is_asked_who(scene):
        return await proof(scene)
    if scene.record.heard.greeting and not scene.talk.paged:
        return await aside.other(scene)
    if aside.ROBOT.search(scene.submission.text):
        return await aside.robot(scene)
    if scene.record.heard.correcting:
        return ask_correct_value(scene, scene.record.heard.correcting)
    if scene.talk.paged and intent in (Intent.COMPLAINT, Intent.SUPPLEMENT, Intent.OTHER, Intent.PRAISE):
        return await urgent.stay(scene)
    await PATHS[intent](scene)


async def _supplement(scene: Scene) -> None:
    """More to a case: to the one that is open; to the one whose number is named; else ask which."""
    if scene.case is not None and scene.case.status not in CLOSED:
        return await complaint.tell(scene)
    if scene.record.heard.case_numbers or scene.talk.worn_out("case_number"):
        await complaint.tell(scene)
        return await scene.task("review", "supplement_to_unknown_case", detail=scene.submission.text)
    if _worth_a_complaint(scene):
        return await complaint.tell(scene)
    scene.ask("case_number")
    scene.talk = replace(scene.talk, purpose="supplement")


PATHS: dict[Intent, Path] = {
    Intent.COMPLAINT: complaint.tell,
    Intent.SUPPLEMENT: _supplement,
    Intent.PROGRESS: progress,
    Intent.WITHDRAW: withdraw,
    Intent.HUMAN: hand_over,
    Intent.CONSULT: aside.consult,
    Intent.PRAISE: aside.praise,
    Intent.OTHER: aside.other,
}


async def _find_case(scene: Scene) -> bool:
    """Set the case this item is about; False when a stranger writes into somebody's thread."""
    named = await outside.named_case(scene)
    if named is not None:
        if not outside.is_owner(scene, named):
            return False
        scene.case = named
    elif scene.conversation.complaint_id is not None:
        scene.case = await scene.unit.complaints.get(scene.conversation.complaint_id)
    return True


async def _understand(scene: Scene) -> None:
    """The record as it stands after these words, with what the insurer's own files add."""
    if complaint.means_another(scene):
        await _set_aside_the_first(scene)
    known = scene.case.record if scene.case is not None and scene.case.status not in CLOSED else None
    scene.record = normalize(scene.submission, known, asked=scene.talk.asked or None)
    await _switch_to_named_case(scene)
    scene.record = await look_up(scene.house.directory, scene.record)
    if scene.submission.text:
        scene.talk = replace(scene.talk, language=scene.record.language)


async def _switch_to_named_case(scene: Scene) -> None:
    """A person who names another of their own cases speaks about that one: two complaints never mix."""
    named = scene.record.heard.case_numbers
    if not named or (scene.case is not None and scene.case.number in named) or not scene.submission.attested:
        return
    case = await scene.unit.complaints.by_number(named[-1])
    if case is not None and outside.is_owner(scene, case):
        scene.case = case
        known = case.record if case.status not in CLOSED else None
        scene.record = normalize(scene.submission, known, asked=scene.talk.asked or None)


async def _set_aside_the_first(scene: Scene) -> None:
    """A second complaint begins; an unfinished first one is not forgotten but goes to a person."""
    if scene.case is not None and scene.case.status == Status.RECEIVED:
        await scene.move(Status.REGISTERED)
        await scene.task("incomplete", "second_complaint_began")
    scene.case = None
    scene.talk = replace(scene.talk.afresh(), began_at=scene.entry.received_at.isoformat())


async def _save_record(scene: Scene) -> None:
    """What was understood goes into the case, once, whatever path was taken; staff's values stand in the merge."""
    case = scene.case
    if case is None or scene.record == case.record:
        return
    if case.status in CLOSED or case.record.intent not in (scene.record.intent, Intent.HUMAN, Intent.OTHER):
        return
    await scene.unit.complaints.save(case.id, record=scene.record, now=scene.now)


def _is_asked_who(scene: Scene) -> bool:
    """We wait for a number or a proof; a complaint that is told meanwhile, or the wish for a person, goes first."""
    waiting = scene.talk.asked in ("case_number", "last_four") and scene.talk.purpose == "progress"
    told_a_complaint = scene.record.heard.intent is Intent.COMPLAINT and scene.record.heard.clear
    return waiting and not told_a_complaint and scene.record.heard.intent is not Intent.HUMAN


def _worth_a_complaint(scene: Scene) -> bool:
    return scene.record.heard.clear or bool(scene.files)


async def _gesture(scene: Scene, gesture: Gesture) -> None:
    await _find_case(scene)
    scene.record = scene.case.record if scene.case else Complaint()
    if gesture is Gesture.FOLLOW:
        scene.say("welcome", org=scene.house.settings.org_name)
    elif gesture is Gesture.COMPLAINT:
        await _wants_to_complain(scene)
    elif gesture is Gesture.PROGRESS:
        await progress(scene)
    elif gesture is Gesture.HUMAN:
        await hand_over(scene)


async def _wants_to_complain(scene: Scene) -> None:
    """The menu's button: an unfinished complaint goes on, otherwise a new one is invited."""
    if scene.case is not None and scene.case.status in OPEN_INTAKE and not scene.talk.handed:
        scene.say("go_on")
        scene.talk = scene.talk.forgiving()
        return await carry_on(scene)
    scene.say("hello", org=scene.house.settings.org_name)
    scene.ask("matter")
