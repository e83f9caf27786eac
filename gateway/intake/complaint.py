"""A complaint is being told: collect, correct, accept; later words go to the case they belong to."""

from __future__ import annotations

import re
from dataclasses import replace

from gateway.casework.lifecycle import CLOSED, OPEN_INTAKE, Status
from gateway.intake.asking import carry_on, offer_to_add
from gateway.intake.receipt import what_changed
from gateway.intake.scene import Scene
from gateway.intake.talk import fingerprint
from normalizer.normalize import normalize
from normalizer.record import Complaint, Intent

# Somebody who mends or takes back what they said speaks of the first complaint, in whatever words.
MENDING = re.compile(r"[打写寫说說填][错錯]|更正|改[一成为為]|不[对對]|[刚剛]才|撤[回销銷诉訴]", re.IGNORECASE)

# Somebody who says so means a second complaint, whatever else the words hold.
ANOTHER = re.compile(
    r"新的?投[诉訴]|另[外一][^。，,]{0,6}(?:投[诉訴]|件事)|[再还還]要?投[诉訴](?:一|另|别|別)|还有一[件个]"
    r"|another complaint|new complaint",
    re.IGNORECASE,
)


async def tell(scene: Scene) -> None:
    """Words of a complaint, or an answer to a question about one."""
    if scene.case is None or scene.case.status in CLOSED:
        await _begin(scene)
    elif scene.case.status in OPEN_INTAKE:
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
    if heard.intent is Intent.COMPLAINT and heard.clear and not heard.corrected:
        scene.say("supplemented_new")
    scene.talk = replace(scene.talk, asked="")
    if said and not scene.files:
        offer_to_add(scene)


def means_another(scene: Scene) -> bool:
    """Is this a second complaint of the same person, not more of the first?"""
    case = scene.case
    if case is None:
        return False
    if ANOTHER.search(scene.submission.text):
        return True
    if case.status in OPEN_INTAKE or scene.talk.asked or MENDING.search(scene.submission.text):
        return False
    return _speaks_of_other_things(case.record, normalize(scene.submission))


def _speaks_of_other_things(known: Complaint, alone: Complaint) -> bool:
    if alone.heard.intent is not Intent.COMPLAINT or not alone.heard.clear or not alone.value("matter"):
        return False
    policies = known.value("policy_number"), alone.value("policy_number")
    if all(policies):
        return policies[0] != policies[1]
    classes = known.value("category"), alone.value("category")
    return "C99" not in classes and all(classes) and classes[0] != classes[1]


async def _begin(scene: Scene) -> None:
    if scene.case is not None:
        scene.talk = scene.talk.afresh()
    await scene.begin_case(Intent.COMPLAINT)
    scene.say("opened", number=scene.number)
    _mention_files(scene)
    await carry_on(scene)
    _drop_the_opening_line_of_a_receipt(scene)


async def _go_on(scene: Scene) -> None:
    _acknowledge_changes(scene)
    _mention_files(scene)
    if speaks_of_something_else(scene):
        scene.talk = scene.talk.forgiving()
    if scene.record.intent is not Intent.COMPLAINT:
        scene.record = replace(scene.record, intent=Intent.COMPLAINT)
    await carry_on(scene)


def speaks_of_something_else(scene: Scene) -> bool:
    """Words that are no answer to our question and no refusal: the next fragment of the story, a greeting, an echo."""
    heard, asked = scene.record.heard, scene.talk.asked
    if heard.declined or asked in heard.fields:
        return False
    return bool(heard.fields) or heard.greeting or _said_before(scene)


def _said_before(scene: Scene) -> bool:
    """The very same words again: typed twice, or sent again because the answer was slow."""
    return bool(scene.submission.text) and scene.talk.last == fingerprint(scene.submission.text)


def _acknowledge_changes(scene: Scene) -> None:
    corrected = what_changed(scene, scene.record.heard.corrected)
    if corrected:
        scene.say("changed", what=corrected)


def _mention_files(scene: Scene) -> None:
    """A voice message that nobody could transcribe says nothing to us yet, and the person should know."""
    voices = [file for file in scene.files if file.media_type.startswith("audio/")]
    if len(voices) < len(scene.files):
        scene.say("file_kept")
    if voices and not scene.submission.text:
        scene.say("voice_kept")


def _drop_the_opening_line_of_a_receipt(scene: Scene) -> None:
    """A complaint that is complete at once gets the receipt alone; it tells the number itself."""
    if scene.open_case.status == Status.ACCEPTED:
        scene.lines.remove(scene.words.say("opened", number=scene.number))
