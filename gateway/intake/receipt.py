"""What we understood, told back in the fewest words, masked."""

from __future__ import annotations

import re

from gateway.intake.hotline.aloud import aloud
from gateway.intake.scene import Scene
from normalizer.mask import mask_address, mask_email, mask_id, mask_name, mask_number, mask_phone
from normalizer.record import Complaint, Method

SHOWN = {
    "complainant_name": mask_name,
    "phone": mask_phone,
    "policy_number": mask_number,
    "claim_number": mask_number,
}
REPEATED = SHOWN | {"email": mask_email, "id_number": mask_id, "address": mask_address}  # when it was corrected
REQUEST_LENGTH = 40

# A quoted request must not read like a question or an order of ours.
_COURTESY = re.compile(r"[请請]|麻[烦煩]|我?(?:希望|要求)|能否|可否|[吗嗎呢]|[?？!！\r\n]+")


async def understood(scene: Scene) -> str:
    """Subject, request and identifiers as one line; an identifier we looked up ourselves is not shown."""
    words, record = scene.words, scene.record
    parts = [words.get("receipt", "category", value=words.get("category", record.value("category") or "C99"))]
    if record.value("request"):
        parts.append(words.get("receipt", "request", value=plain(record.value("request"))))
    parts += [
        words.get("receipt", name, value=mask(record.value(name)))
        for name, mask in SHOWN.items()
        if _told_by_the_person(record, name)
    ]
    before = await scene.unit.files.of_complaint(scene.open_case.id)
    files = len(scene.enclosed) + len([file for file in before if not (scene.on_paper and file.inline)])
    if files:
        parts.append(words.get("receipt", "files", value=str(files)))
    return ("; " if words.language == "en" else "；").join(parts) + ("." if words.language == "en" else "。")


def what_changed(scene: Scene, names: frozenset[str]) -> str:
    """The values that a message gave, masked, as a phrase; empty when none of them is worth repeating."""
    words = scene.words
    told = [
        words.get("what", name, value=_shown(scene, name))
        for name in sorted(names)
        if name in REPEATED and scene.record.value(name)
    ]
    return (", " if words.language == "en" else "、").join(told)


def _shown(scene: Scene, name: str) -> str:
    """Masked where others may read along; spelt out to the one who has just said it."""
    value = scene.record.value(name)
    return aloud(name, value, scene.talk.language) if scene.by_ear else REPEATED[name](value)


def _told_by_the_person(record: Complaint, name: str) -> bool:
    found = record.fields.get(name)
    return found is not None and found.method not in (Method.DIRECTORY, Method.SENDER)


def plain(request: str) -> str:
    """The request in short, so that it cannot be taken for a question or an order of ours."""
    plain = _COURTESY.sub("", request).strip(" ，,。.;；")
    return plain if len(plain) <= REQUEST_LENGTH else plain[:REQUEST_LENGTH] + "…"
