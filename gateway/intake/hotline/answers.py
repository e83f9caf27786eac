"""Answers to what only a call asks: may we record, shall we go on, is it right what we understood, anything else."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

from gateway.intake.asking import accept, carry_on
from gateway.intake.doubts import given_now, standing
from gateway.intake.hotline import readback
from gateway.intake.hotline.line import put_again, say_goodbye
from gateway.intake.scene import Scene
from normalizer.completeness import missing
from normalizer.record import Field, Intent, Method

SHORT = 20  # characters: longer words tell more than this
LONGEST_FAREWELL = 40
AGAINST_RECORDING = re.compile(
    r"不(?:同意|要|想|愿意?|许|能|可以|接受)(?:被|给我|你们?)?录音|别录音|do(?:n't| not) record|not? record",
    re.IGNORECASE,
)
ENGLISH = re.compile(r"\benglish\b|英[文语語]", re.IGNORECASE)
AGAIN = re.compile(r"再[说說念讲講报報]|重[复複]|没听清|沒聽清|没记住|again|repeat", re.IGNORECASE)
FAREWELL = re.compile(
    r"^(?:(?:没有?(?:别的|其他)?(?:事|问题)?|沒有?(?:別的)?(?:事)?|不用|好的?|再见|再見|拜拜|谢谢您?|謝謝您?|麻烦您?|就这样|行|嗯|可以"
    r"|知道|记下|记住|no|ok|okay|(?:good ?)?bye|thanks?|thank you(?: very much)?|that(?:'?s| is) all|nothing(?: else)?)"
    r"[了啊吧的。，,.! ]*)+$",
    re.IGNORECASE,
)

ELSEWHERE = frozenset({Intent.HUMAN, Intent.WITHDRAW, Intent.PROGRESS})  # what leads away from the form
Answering = Callable[[Scene], Awaitable[bool]]  # False: the words are something else, and go the ordinary way


async def answer(scene: Scene) -> bool:
    """Handle the words if they are about the call itself or answer a question that only a call asks."""
    text, asked = scene.submission.text, scene.talk.asked
    if len(text) <= SHORT and ENGLISH.search(text):
        return _in_english(scene)
    if len(text) <= SHORT and _refuses(scene):
        return _unrecorded(scene)
    path = ANSWERS.get(asked)
    if path is not None and await path(scene):
        return True
    _take_at_their_word(scene)
    return False


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
    heard = scene.record.heard
    number = scene.talk.number
    if heard.agreed is None:
        scene.talk = replace(scene.talk, asked="", number="")
        return False
    scene.talk = replace(scene.talk, asked="", number="")
    if heard.agreed:
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
    if heard.intent in ELSEWHERE:
        return False
    if heard.agreed and not told:
        readback.trust_what_was_confirmed(scene)
        await accept(scene)
    elif scene.talk.read_backs >= readback.MOST_READ_BACKS or (scene.talk.unclear and not told):
        await scene.task("review", "not_confirmed", detail=scene.submission.text)
        await accept(scene)
    elif told:
        readback.read_back(scene)
    elif heard.agreed is False or heard.correcting:
        scene.ask("which_item")
        scene.talk = replace(scene.talk, asked=heard.correcting or "confirm", read_backs=scene.talk.read_backs + 1)
    else:
        scene.talk = replace(scene.talk, unclear=True)
        scene.tell("noted")
        readback.confirm(scene)
    return True


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
    """After the receipt: say it again, goodbye, or something new."""
    text = scene.submission.text
    if AGAIN.search(text) and len(text) <= SHORT and scene.case is not None:
        readback.say_number_again(scene)
        scene.tell("again_or_hang_up")
        return True
    farewell = scene.record.heard.agreed or FAREWELL.match(text.strip())
    if len(text) > LONGEST_FAREWELL or not farewell:
        return False
    say_goodbye(scene)
    return True


ANSWERS: dict[str, Answering] = {"menu": _menu, "go_on": _go_on, "confirm": _confirm, "more": _more, "": _more}


def _in_english(scene: Scene) -> bool:
    scene.talk = replace(scene.talk, language="en")
    scene.record = replace(scene.record, language="en")
    _ask_again_or_begin(scene)
    return True


def _refuses(scene: Scene) -> bool:
    """In so many words, or a no to the notice that the call is recorded."""
    said_no = scene.talk.asked == "menu" and scene.record.heard.agreed is False
    return said_no or bool(AGAINST_RECORDING.search(scene.submission.text))


def _unrecorded(scene: Scene) -> bool:
    scene.talk = replace(scene.talk, unrecorded=True)
    scene.note("call", "recording_refused", actor="customer")
    scene.tell("unrecorded")
    _ask_again_or_begin(scene)
    return True


def _ask_again_or_begin(scene: Scene) -> None:
    if scene.talk.asked in ("", "menu"):
        scene.ask("matter")
    else:
        put_again(scene)
