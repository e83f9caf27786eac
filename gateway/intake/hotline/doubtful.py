"""Words that the recogniser is not sure of: believed in nothing but danger, and kept for whoever calls back."""

from __future__ import annotations

from dataclasses import replace

from gateway.intake.scene import Scene
from normalizer.completeness import missing
from normalizer.normalize import normalize
from normalizer.record import Gesture, Submission

MOST_KEPT = 400  # characters
UNSURE = {"unsure": "1"}
OF_THE_PERSON = ("complainant_name", "phone", "policy_number", "claim_number", "id_number", "email")


def believed(submission: Submission) -> Submission:
    """A guess that speaks of danger is taken as said: a page too many is nothing against one too few."""
    if submission.gesture is not Gesture.UNHEARD or not submission.quoted:
        return submission
    words = replace(
        submission, gesture=None, text=submission.quoted, quoted="", context={**submission.context, **UNSURE}
    )
    return words if normalize(words).value("priority") == "P0" else submission


def take_back_who(scene: Scene) -> None:
    """Of such a guess nobody's name or number is believed."""
    if "unsure" not in scene.submission.context:
        return
    known = scene.case.record.fields if scene.case else {}
    guessed = {name for name in OF_THE_PERSON if scene.record.value(name) and name not in known}
    fields = {name: found for name, found in scene.record.fields.items() if name not in guessed}
    record = replace(scene.record, fields={**fields, **{n: known[n] for n in OF_THE_PERSON if n in known}})
    scene.record = replace(record, missing=missing(record, scene.submission.sender))


def remember(scene: Scene) -> None:
    """The guess, beside those before it."""
    kept = f"{scene.talk.mumbled}\n{scene.submission.quoted}".strip()
    scene.talk = replace(scene.talk, mumbled=kept[-MOST_KEPT:])
