"""A person has looked at what was read: their values stand, and the letter that waited for it gets its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from gateway.casework.emergency.opening import LEVELS, open_for
from gateway.casework.tasks import VERIFICATION
from gateway.intake import urgent
from gateway.intake.asking import carry_on
from gateway.intake.paper.item import CHECKED, Check, read_check
from gateway.intake.scene import Scene
from normalizer.completeness import missing
from normalizer.normalize import normalize
from normalizer.record import Complaint, Field, Intent, Method
from store.values import KeptDoubt, KeptScan, LedgerId, ScanState

RULE = "checked"
TELLING = frozenset({Intent.COMPLAINT, Intent.SUPPLEMENT, Intent.OTHER})  # in a letter of its own


async def take_check(scene: Scene) -> None:
    """Values of staff stand above all others; on paper the dialogue goes on where it waited for them."""
    if scene.case is None:
        return
    check = read_check(scene.submission)
    before = scene.record
    if check.text:
        scene.record = await _typed(scene, check)
    scene.record = _with(scene.record, before, check.fields, scene.submission.key)
    scene.record = replace(scene.record, missing=missing(scene.record, scene.case.contact))
    _note(scene, before, check)
    await _audit(scene, check)
    scene.set_apart = not _is_talked_about(scene)
    settled = await _settle_doubts(scene, check)
    if check.text and await _speaks_of_danger(scene):
        return await urgent.page(scene)
    await _see_to_the_grade(scene, before, check)
    if scene.on_paper and settled:
        await _go_on(scene)


async def _typed(scene: Scene, check: Check) -> Complaint:
    """What a person read where the machine could not; of the machine's reading of that letter only what somebody
    confirmed is left, and of the letters before it all.
    """
    misread = await scene.unit.ledger.get(LedgerId(check.scan)) if check.scan is not None else None
    before = {
        name: found
        for name, found in scene.record.fields.items()
        if found.method is Method.STAFF or (misread is not None and found.item != misread.key)
    }
    known = replace(scene.record, fields=MappingProxyType(before)) if before else None
    read = normalize(replace(scene.submission, text=check.text, gesture=None, thread=None), known)
    intent = Intent.COMPLAINT if read.intent in TELLING else read.intent
    return replace(read, intent=intent, fields=MappingProxyType({**read.fields, **_by_staff(before)}))


def _by_staff(fields: Mapping[str, Field]) -> Mapping[str, Field]:
    return {name: found for name, found in fields.items() if found.method is Method.STAFF}


def _with(record: Complaint, before: Complaint, values: Mapping[str, str], item: str) -> Complaint:
    fields = dict(record.fields)
    for name, value in values.items():
        known = before.fields.get(name) or Field(value="")
        fields[name] = replace(known, value=value, method=Method.STAFF, confidence=1.0, rule=RULE, item=item)
    given = {name: found for name, found in fields.items() if found.value}
    others = {name: found for name, found in record.others.items() if name not in values}
    return replace(record, fields=MappingProxyType(given), others=MappingProxyType(others))


def _note(scene: Scene, before: Complaint, check: Check) -> None:
    """Who said so, and what stood there before."""
    if check.text:
        scene.note("heard", check.text, actor=check.by, typed=True)
    for name, value in check.fields.items():
        scene.note("field", name, actor=check.by, before=before.value(name), now=value)


async def _audit(scene: Scene, check: Check) -> None:
    """With the values or not at all: whoever is cut off after them leaves no change without its reason."""
    if check.reason:
        scene.note("note", check.reason, actor=check.by, of=check.action)
    detail = {
        "fields": sorted(check.fields),
        "reason": check.reason,
        "item": check.scan,
        "characters": len(check.text),
        "as_written": check.as_written,
    }
    await scene.unit.audit.write(
        at=scene.now, actor=check.by, action=check.action or CHECKED, subject=scene.number, detail=detail
    )


def _is_talked_about(scene: Scene) -> bool:
    """Does the talk wait for this? A look at an older case must not turn it away from what is being told now."""
    return scene.on_paper and scene.conversation.complaint_id == scene.open_case.id


async def _settle_doubts(scene: Scene, check: Check) -> bool:
    """Is nothing of this case left to look at, and was something before? A value holds for all its letters."""
    doubtful = [kept for kept in await scene.unit.scans.of_complaint(scene.open_case.id) if kept.doubts]
    left = [await _settle(scene, check, kept) for kept in doubtful]
    return bool(doubtful) and not any(left)


async def _settle(scene: Scene, check: Check, kept: KeptScan) -> Mapping[str, KeptDoubt]:
    """What a person must still look at in one letter; nothing left means that its task is done."""
    typed = bool(check.text) and kept.ledger_id == check.scan
    left = {name: doubt for name, doubt in kept.doubts.items() if name not in check.fields and not typed}
    if len(left) < len(kept.doubts):
        await scene.unit.scans.settle(kept, ScanState.DOUBTFUL if left else ScanState.VERIFIED, left)
    if not left:
        for task in await scene.unit.tasks.open_of(complaint_id=scene.open_case.id, kind=VERIFICATION):
            if task.ledger_id == kept.ledger_id:
                await scene.unit.tasks.done(task.id, scene.now, check.by)
    return left


async def _speaks_of_danger(scene: Scene) -> bool:
    scene.danger = scene.record.value("priority") == "P0"
    return await urgent.needs_a_page(scene)


async def _see_to_the_grade(scene: Scene, before: Complaint, check: Check) -> None:
    """Whoever grades it grave begins its plan by that; the clock sees to all that became grave in other ways."""
    grade = scene.record.value("priority")
    if grade in LEVELS and grade != before.value("priority"):
        graded = replace(scene.open_case, record=scene.record)
        await open_for(scene.house, scene.unit, graded, actor=check.by)


async def _go_on(scene: Scene) -> None:
    """The answer that waited; what is no complaint, a question or a wish to withdraw, a person answers."""
    if not scene.in_intake:
        if scene.collecting:
            await scene.task("review", "letter_checked")
        return
    if missing(scene.record, scene.submission.sender):
        scene.say("opened", number=scene.number)
    await carry_on(scene)
