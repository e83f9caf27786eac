"""Is this a second complaint of the same person, or more of the first? Two complaints never mix."""

from __future__ import annotations

import re

from gateway.casework.lifecycle import OPEN_INTAKE
from gateway.intake.scene import Scene
from normalizer.normalize import normalize
from normalizer.record import Complaint, Intent
from store.values import Case

# Somebody who mends or takes back what they said speaks of the first complaint, in whatever words.
MENDING = re.compile(r"[打写寫说說填][错錯]|更正|改[一成为為]|不[对對]|[刚剛]才|撤[回销銷诉訴]", re.IGNORECASE)

# Somebody who says so means a second complaint, whatever else the words hold.
ANOTHER = re.compile(
    r"新的?投[诉訴]|另[外一][^。，,]{0,6}(?:投[诉訴]|件事)|[再还還]要?投[诉訴](?:一|另|别|別)|还有一[件个]"
    r"|another complaint|new complaint",
    re.IGNORECASE,
)

SURE = 0.7  # how sure the class of a few words must be to make them another complaint
SHORT_ANSWER = 25  # characters: shorter words answer the question we had put with the receipt


def means_another(scene: Scene) -> bool:
    """Said so, announced by the menu, or, once the first is accepted, about another policy or another kind of thing."""
    case, text = scene.case, scene.submission.text
    if case is None or not text:
        return False
    if ANOTHER.search(text) or scene.talk.purpose == "new":
        return True
    if case.status in OPEN_INTAKE or MENDING.search(text) or _comes_late(scene, case):
        return False
    if scene.talk.asked and len(text) < SHORT_ANSWER:
        return False
    return _speaks_of_other_things(case.record, normalize(scene.submission))


def _comes_late(scene: Scene, case: Case) -> bool:
    """Said on the line before the caller heard that the first was accepted; what was on disk meanwhile is out of turn.

    Nobody begins another complaint before: words that a broken line cut off belong to what was being told.
    """
    return scene.by_ear and case.accepted_at is not None and scene.entry.received_at <= case.accepted_at


def _speaks_of_other_things(known: Complaint, alone: Complaint) -> bool:
    if alone.heard.intent is not Intent.COMPLAINT or not alone.heard.clear or not alone.value("matter"):
        return False
    policies = known.value("policy_number"), alone.value("policy_number")
    if all(policies):
        return policies[0] != policies[1]
    classes = known.value("category"), alone.value("category")
    if "C99" in classes or not all(classes) or classes[0] == classes[1]:
        return False
    return alone.fields["category"].confidence >= SURE
