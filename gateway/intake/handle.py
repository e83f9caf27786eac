"""Which path an item takes: decided by who sent it, where the talk stands, and what the words want."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from gateway.casework.lifecycle import CLOSED
from gateway.intake import aside, complaint, outside, urgent
from gateway.intake.asking import ask_correct_value, carry_on
from gateway.intake.doubts import ask_about_doubts
from gateway.intake.feedback import feedback, is_feedback
from gateway.intake.hotline import answers, line
from gateway.intake.hotline.abroad import take_number
from gateway.intake.hotline.doubtful import believed, take_back_who
from gateway.intake.hotline.first import a_person_first, wants_no_person
from gateway.intake.hotline.keys import in_words
from gateway.intake.hotline.readback import unconfirmed
from gateway.intake.hotline.transcripts import is_written_down, take_down
from gateway.intake.paper.checked import take_check
from gateway.intake.paper.looking import ask_for_a_look, look_closely, must_wait, wait_for_a_look
from gateway.intake.person import hand_over
from gateway.intake.progress import progress, proof
from gateway.intake.scene import Scene
from gateway.intake.understand import understand
from gateway.intake.withdraw import answer_confirmation, withdraw
from normalizer.record import Complaint, Gesture, Intent

Path = Callable[[Scene], Awaitable[None]]


async def handle(scene: Scene) -> None:
    """Decide the next turn of the talk with the person who sent this item."""
    scene.submission = submission = believed(in_words(scene.submission, scene.talk.asked, scene.talk.language))
    if submission.unreadable:
        return await outside.cannot_be_read(scene)
    if submission.machine is not None:
        return await outside.from_a_machine(scene)
    if submission.gesture is not None:
        return await _gesture(scene, submission.gesture)
    if is_written_down(submission):
        await take_down(scene)
        return await _save_record(scene)
    owner = await outside.find_case(scene)
    await understand(scene)
    look_closely(scene)
    take_back_who(scene)
    scene.danger = urgent.speaks_of_danger(scene)
    if not scene.danger:
        if not submission.may_answer:
            return await outside.from_a_refuted_sender(scene)
        if not owner and scene.record.heard.intent is not Intent.PROGRESS:
            await outside.from_a_stranger(scene)
            return await ask_for_a_look(scene)
    await _answer(scene)
    await ask_for_a_look(scene)
    if scene.by_ear:
        await line.end_turn(scene)
    if not scene.on_paper:  # there a person of ours looks first
        ask_about_doubts(scene)
    if scene.by_ear:
        unconfirmed(scene)
    await _save_record(scene)


async def _answer(scene: Scene) -> None:
    """Danger first, then what we are waiting for, then what the words want."""
    if await urgent.needs_a_page(scene):
        return await urgent.page(scene)
    if must_wait(scene):
        return await wait_for_a_look(scene)
    if scene.by_ear and await _on_the_line(scene):
        return
    intent = scene.record.heard.intent
    if scene.talk.asked == "withdraw_confirm":
        return await answer_confirmation(scene)
    if scene.talk.purpose == "withdraw" and scene.record.heard.case_numbers and not scene.by_ear:
        return await withdraw(scene)
    if is_feedback(scene):
        return await feedback(scene)
    if _is_asked_who(scene):
        return await proof(scene)
    if scene.record.heard.greeting and not scene.talk.paged:
        return await aside.other(scene)
    if aside.ROBOT.search(scene.submission.text):
        return await aside.robot(scene)
    if _wants_to_correct(scene):
        return ask_correct_value(scene, scene.record.heard.correcting)
    if _names_a_case_of_somebody_else(scene):
        return await progress(scene)
    if scene.talk.paged and intent in (Intent.COMPLAINT, Intent.SUPPLEMENT, Intent.OTHER, Intent.PRAISE):
        return await urgent.stay(scene)
    await PATHS[intent](scene)


async def _on_the_line(scene: Scene) -> bool:
    """What a call has and a chat has not; words that were heard end a row of failures."""
    scene.talk = replace(scene.talk, failures=0)
    take_number(scene)
    if wants_no_person(scene):
        scene.record = replace(scene.record, heard=replace(scene.record.heard, intent=Intent.COMPLAINT))
    if await answers.answer(scene):
        return True
    return await a_person_first(scene)


async def _supplement(scene: Scene) -> None:
    """More to a case: to the one that is open; to the one whose number is named; else ask which."""
    if scene.running:
        return await complaint.tell(scene)
    if scene.record.heard.case_numbers or scene.talk.worn_out("case_number"):
        await complaint.tell(scene)
        return await scene.task("review", "supplement_to_unknown_case", detail=scene.submission.text)
    if _worth_a_complaint(scene):
        return await complaint.tell(scene)
    if scene.talk.asked == "matter":
        return await aside.other(scene)
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


async def _save_record(scene: Scene) -> None:
    """What was understood goes into the case, once, whatever path was taken; staff's values stand in the merge."""
    case = scene.case
    if case is None or scene.record == case.record:
        return
    turned_away = case.record.intent is Intent.COMPLAINT and scene.record.intent is not Intent.COMPLAINT
    if case.status in CLOSED or turned_away:
        return
    await scene.unit.complaints.save(case.id, record=scene.record, now=scene.now)


def _is_asked_who(scene: Scene) -> bool:
    """We wait for a number or a proof; a complaint that is told meanwhile, or the wish for a person, goes first."""
    purposes = ("progress", "withdraw") if scene.by_ear else ("progress",)
    waiting = scene.talk.asked in ("case_number", "last_four") and scene.talk.purpose in purposes
    heard = scene.record.heard
    if not waiting or heard.intent is Intent.HUMAN:
        return False
    answers = bool(heard.case_numbers or heard.last_four or heard.declined or heard.fields & {"phone", "id_number"})
    return answers or (not heard.clear and heard.intent is not Intent.COMPLAINT)


def _wants_to_correct(scene: Scene) -> bool:
    """The phone number is wrong, they say, and nothing more: we ask. A wrong name on a policy is a complaint."""
    heard = scene.record.heard
    told_it = heard.correcting in heard.fields or bool(heard.fields & {"matter", "request"})
    return bool(heard.correcting) and scene.running and not told_it


def _names_a_case_of_somebody_else(scene: Scene) -> bool:
    """A number that is not the person's own, and little more: never the beginning of a complaint."""
    named = scene.record.heard.case_numbers
    own = scene.case is not None and scene.case.number in named
    wants_something = scene.record.heard.intent in (Intent.WITHDRAW, Intent.HUMAN)
    return bool(named) and not own and not wants_something and len(scene.submission.text) < 40


def _worth_a_complaint(scene: Scene) -> bool:
    return scene.record.heard.clear or bool(scene.files)


async def _gesture(scene: Scene, gesture: Gesture) -> None:
    await outside.find_case(scene)
    scene.record = scene.case.record if scene.case else Complaint(language=scene.talk.language)
    if gesture is Gesture.CHECKED:
        await take_check(scene)
        await _save_record(scene)
    elif scene.by_ear:
        if gesture in line.PATHS:
            await line.PATHS[gesture](scene)
    elif gesture is Gesture.FOLLOW:
        scene.say("welcome", org=scene.house.settings.org_name)
    elif gesture is Gesture.COMPLAINT:
        await _wants_to_complain(scene)
    elif gesture is Gesture.PROGRESS:
        await progress(scene)
    elif gesture is Gesture.HUMAN:
        await hand_over(scene)


async def _wants_to_complain(scene: Scene) -> None:
    """The menu's button: an unfinished complaint goes on, otherwise a new one is invited."""
    if scene.collecting and not scene.talk.handed:
        scene.say("go_on")
        scene.forgive()
        return await carry_on(scene)
    scene.say("hello", org=scene.house.settings.org_name)
    scene.ask("matter")
    scene.talk = replace(scene.talk, purpose="new")
