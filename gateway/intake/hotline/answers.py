"""Answers to what only a call asks: may we record, shall we go on, is it right what we understood, anything else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from gateway.intake.asking import accept, carry_on
from gateway.intake.doubts import given_now, standing
from gateway.intake.hotline import readback, said, transfer
from gateway.intake.hotline.failing import put_again, say_goodbye
from gateway.intake.scene import Scene
from normalizer.completeness import missing
from normalizer.record import Field, Intent, Method

ELSEWHERE = frozenset({Intent.HUMAN, Intent.WITHDRAW, Intent.PROGRESS})  # what leads away from the form
OPENING = frozenset({"", "menu"})
Answering = Callable[[Scene], Awaitable[bool]]  # False: the words are something else, and go the ordinary way


async def answer(scene: Scene) -> bool:
    """Handle the words if they are about the call itself or answer a question that only a call asks."""
    if _about_the_call(scene):
        return True
    path = ANSWERS.get(scene.talk.asked)
    if path is not None and await path(scene):
        return True
    _take_at_their_word(scene)
    return False


def _about_the_call(scene: Scene) -> bool:
    text = scene.submission.text
    language = said.language_wanted(text)
    if language:
        return _speak(scene, language)
    if _refuses(scene) and _unrecorded(scene):
        return True
    return bool(scene.talk.asked) and said.wants_it_again(text) and _say_again(scene)


def _speak(scene: Scene, language: str) -> bool:
    """In another language the notice and the keys are told once more: the first time they were not understood."""
    scene.talk = replace(scene.talk, language=language)
    scene.record = replace(scene.record, language=language)
    if scene.talk.asked not in OPENING:
        put_again(scene)
        return True
    if not scene.talk.unrecorded:
        scene.tell("recording_notice")
    scene.ask("menu")
    return True


def _refuses(scene: Scene) -> bool:
    """In so many words, or a no to the notice that the call is recorded."""
    said_no = scene.talk.asked == "menu" and scene.record.heard.agreed is False
    return said_no or said.refuses_recording(scene.submission.text)


def _unrecorded(scene: Scene) -> bool:
    """From now on nothing is recorded; False: more was said than that, and it goes its ordinary way."""
    if not scene.talk.unrecorded:
        scene.talk = replace(scene.talk, unrecorded=True)
        scene.note("call", "recording_refused", actor="customer")
        scene.tell("unrecorded")
    if not said.only_refuses(scene.submission.text):
        return False
    if scene.talk.asked in OPENING:
        scene.ask("matter")
    else:
        put_again(scene)
    return True


def _say_again(scene: Scene) -> bool:
    """What was said last, once more: it was not heard, so nothing counts."""
    asked = scene.talk.asked
    if asked == "confirm":
        readback.read_back(scene)
    elif asked == "more" and scene.case is not None and scene.case.accepted_at is not None:
        readback.say_number_again(scene)
        scene.tell("again_or_hang_up")
    elif asked == "more":
        scene.tell("that_is_all")
    else:
        put_again(scene)
    return True


def _take_at_their_word(scene: Scene) -> None:
    """Asked twice what they want, a person gets their words taken down as they are; staff will understand them."""
    heard, text = scene.record.heard, scene.submission.text.strip()
    insists = scene.talk.asked == "request" and scene.talk.worn_out("request")
    if not insists or heard.declined or "request" in heard.fields or heard.intent in ELSEWHERE or len(text) < 2:
        return
    wish = Field(value=text, source=text, method=Method.ANSWER, confidence=0.6, rule="request.at_their_word")
    record = scene.record.with_field("request", replace(wish, item=scene.submission.key))
    scene.record = replace(record, missing=missing(record, scene.submission.sender))


async def _menu(scene: Scene) -> bool:
    """A mere yes to the notice: go on; words of a complaint go the ordinary way."""
    if scene.record.heard.agreed is not True:
        return False
    scene.tell("noted")
    scene.ask("matter")
    return True


async def _go_on(scene: Scene) -> bool:
    number = scene.talk.number
    wanted = True if said.goes_on(scene.submission.text) else scene.record.heard.agreed
    scene.talk = replace(scene.talk, asked="", number="")
    if wanted is None:
        return False
    if wanted:
        await _resume(scene, number)
    else:
        scene.tell("noted")
        scene.ask("matter")
    return True


async def _resume(scene: Scene, number: str) -> None:
    """The unfinished complaint is this call's now; a person who was to call back has one thing less to ask."""
    case = await scene.unit.complaints.by_number(number, lock=True)
    if case is None or case.accepted_at is not None:
        scene.ask("matter")
        return
    scene.case = case
    scene.record = replace(case.record, heard=scene.record.heard)
    scene.note("call", "resumed", actor="customer")
    scene.tell("resumed")
    await carry_on(scene)


async def _confirm(scene: Scene) -> bool:
    """Yes accepts; a correction is repeated and confirmed; no alone is asked which item."""
    _take_corrections(scene)
    heard = scene.record.heard
    told = heard.corrected | (heard.fields & frozenset(readback.CHECKED))
    no = heard.agreed is False or bool(heard.correcting)
    if heard.intent in ELSEWHERE:
        return False
    if heard.agreed and not told:
        await _confirmed(scene)
    elif scene.talk.read_backs >= readback.MOST_READ_BACKS or (scene.talk.unclear and not told and not no):
        await scene.task("review", "not_confirmed", detail=scene.submission.text)
        await accept(scene)
    elif told:
        readback.read_back(scene)
    elif no:
        scene.ask("which_item")
        scene.talk = replace(scene.talk, asked=heard.correcting or "confirm", read_backs=scene.talk.read_backs + 1)
    else:
        scene.talk = replace(scene.talk, unclear=True)
        scene.tell("not_clear")
        readback.confirm(scene)
    return True


async def _confirmed(scene: Scene) -> None:
    """Yes; after an answer that we did not understand, somebody looks whether it was a correction."""
    readback.trust_what_was_confirmed(scene)
    if scene.talk.unclear:
        await scene.task("review", "not_confirmed")
    await accept(scene)


def _take_corrections(scene: Scene) -> None:
    """In answer to the read-back another value is no contradiction but the right one."""
    record, corrected = scene.record, scene.record.heard.corrected
    for name in readback.CHECKED:
        now = given_now(scene, name)
        if now is not None and name not in corrected:
            record, corrected = standing(record, name, now), corrected | {name}
    heard = replace(record.heard, corrected=corrected, contradicted=frozenset())
    scene.record = replace(record, heard=heard)


async def _more(scene: Scene) -> bool:
    """After the receipt: goodbye, or something new."""
    text = scene.submission.text
    agrees = scene.record.heard.agreed is True and len(text) <= said.LONGEST
    if not agrees and not said.says_farewell(text):
        return False
    say_goodbye(scene)
    return True


async def _contact(scene: Scene) -> bool:
    """Where to call back, told or not by somebody who waits for a person: all that is left is a message."""
    heard = scene.record.heard
    if not scene.talk.handed or not (heard.declined or "phone" in heard.fields):
        return False
    scene.talk = replace(scene.talk, asked="")
    transfer.take_a_message(scene)
    return True


ANSWERS: dict[str, Answering] = {
    "menu": _menu,
    "go_on": _go_on,
    "confirm": _confirm,
    "more": _more,
    "": _more,
    "contact": _contact,
}
