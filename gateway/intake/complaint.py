"""A complaint is being told: collect, correct, accept; later words go to the case they belong to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from gateway.casework.lifecycle import Status
from gateway.intake.asking import carry_on, offer_to_add
from gateway.intake.doubts import acknowledge_choice
from gateway.intake.receipt import what_changed
from gateway.intake.scene import Scene
from normalizer.completeness import missing
from normalizer.record import Intent

STILL_TYPING = timedelta(seconds=15)


async def tell(scene: Scene) -> None:
    """Words of a complaint, or an answer to a question about one."""
    if not scene.running:
        await _begin(scene)
    elif scene.collecting:
        await _go_on(scene)
    else:
        await supplement(scene)


async def supplement(scene: Scene) -> None:
    """More about a complaint that is accepted: added to it, told so, nothing asked again."""
    heard = scene.record.heard
    said = heard.fields & {"phone", "complainant_name", "policy_number", "claim_number"}
    if heard.declined and not heard.fields and not scene.files:
        scene.talk = replace(scene.talk, asked="")
        return scene.say("no_matter", number=scene.number)
    _acknowledge_changes(scene)
    scene.say("supplemented", number=scene.number)
    scene.talk = replace(scene.talk, asked="")
    if scene.open_case.status == Status.SUPPLEMENT:
        await scene.task("review", "supplement_received")  # staff had asked for it in the middle of their work
    if said and not scene.files:
        offer_to_add(scene)


async def _begin(scene: Scene) -> None:
    if scene.case is not None:
        scene.talk = replace(scene.talk.afresh(), began_at=scene.entry.received_at.isoformat())
    await scene.begin_case(Intent.COMPLAINT)
    scene.say("opened", number=scene.number)
    _mention_files(scene)
    await carry_on(scene)
    _drop_the_opening_line_of_a_receipt(scene)


async def _go_on(scene: Scene) -> None:
    _acknowledge_changes(scene)
    _mention_files(scene)
    if scene.record.intent is not Intent.COMPLAINT:
        scene.record = replace(scene.record, intent=Intent.COMPLAINT)
    if _goes_on_telling(scene):
        return scene.say("listening")
    if speaks_of_something_else(scene):
        scene.forgive()
    await carry_on(scene)


def _goes_on_telling(scene: Scene) -> bool:
    """Fragments typed one after the other: the question stands right above, and is not put under each of them."""
    if (
        not scene.talk.asked_at
        or scene.at_once
        or scene.by_ear
        or scene.lines
        or "matter" not in scene.record.heard.fields
    ):
        return False
    just_asked = scene.entry.received_at - datetime.fromisoformat(scene.talk.asked_at) < STILL_TYPING
    return just_asked and speaks_of_something_else(scene) and bool(missing(scene.record, scene.submission.sender))


def speaks_of_something_else(scene: Scene) -> bool:
    """Words that are no answer to our question and no refusal: the next fragment of the story, a greeting, an echo."""
    heard, asked = scene.record.heard, scene.talk.asked
    if heard.declined or asked in heard.fields:
        return False
    return bool(heard.fields) or heard.greeting or scene.said_before or not scene.submission.text


def _acknowledge_changes(scene: Scene) -> None:
    acknowledge_choice(scene)
    corrected = what_changed(scene, scene.record.heard.corrected)
    if corrected:
        scene.say("changed", what=corrected)


def _mention_files(scene: Scene) -> None:
    """A voice message that nobody could transcribe says nothing to us yet, and the person should know."""
    voices = [file for file in scene.enclosed if file.media_type.startswith("audio/")]
    if len(voices) < len(scene.enclosed):
        scene.say("file_kept")
    if voices and not scene.submission.text:
        scene.say("voice_kept")


def _drop_the_opening_line_of_a_receipt(scene: Scene) -> None:
    """A complaint that is complete at once gets the receipt alone; it tells the number itself."""
    if scene.open_case.status == Status.ACCEPTED:
        scene.lines.remove(scene.words.say("opened", number=scene.number))
