"""What was read may be wrong: doubtful values wait for a person, and no letter goes to a name nobody is sure of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gateway.casework.address import DOUBTED, SETTLED, is_doubted
from gateway.casework.lifecycle import Status
from gateway.casework.tasks import VERIFICATION
from gateway.intake.directory import confirmed
from gateway.intake.scene import Scene
from normalizer.completeness import missing
from normalizer.record import Complaint
from normalizer.seen import TEXT, Doubt, doubtful

REASON = "letter"
NOTHING_READ = "nothing_read"  # handwriting, a faint copy, or only enclosures: a person types what it says
CHANGED = "changed"  # another value than the letters before gave
WHO_AND_WHERE = ("complainant_name", "phone", "address")
STAND_ON_THE_ENVELOPE = frozenset({"complainant_name", "address"})


def look_closely(scene: Scene) -> None:
    """Set the scene's doubts, and let the record say of each such value how little it is worth."""
    if scene.submission.scan is None:
        return
    known = confirmed(scene.record, scene.holdings)
    scene.doubts = doubtful(scene.record, scene.submission, known)
    scene.doubts = {**_changed(scene), **scene.doubts}
    if not scene.submission.text.strip():
        scene.doubts = {**scene.doubts, TEXT: Doubt(name=TEXT, value="", why=(NOTHING_READ,))}
    scene.record = _less_sure(scene.record, scene.doubts)


def _changed(scene: Scene) -> Mapping[str, Doubt]:
    """Whoever gets hold of a slip could have our letters sent to another door: a new address is looked at first."""
    before = scene.open_case.record if scene.running else Complaint()
    now = {name: scene.record.fields[name] for name in WHO_AND_WHERE if name in scene.record.fields}
    return {
        name: Doubt(name=name, value=found.value, why=(CHANGED,), candidates=(before.value(name),))
        for name, found in now.items()
        if before.value(name) and before.value(name) != found.value and found.method not in SETTLED
    }


def _less_sure(record: Complaint, doubts: Mapping[str, Doubt]) -> Complaint:
    for name in doubts:
        found = record.fields.get(name)
        if found is not None:
            record = record.with_field(name, replace(found, confidence=min(found.confidence, DOUBTED)))
    return record


def must_wait(scene: Scene) -> bool:
    """Until a person has looked: whose letter it is, where to answer it, or whether what we miss stands in it."""
    if not scene.on_paper:
        return False
    if not scene.doubts:
        return scene.collecting and _may_go_astray(scene.record)
    lacking = missing(scene.record, scene.submission.sender)
    return bool(lacking) or not scene.submission.text.strip() or _may_go_astray(scene.record)


def _may_go_astray(record: Complaint) -> bool:
    """Also for what an earlier letter of this case left in doubt."""
    return any(is_doubted(record.fields.get(name)) for name in STAND_ON_THE_ENVELOPE)


async def wait_for_a_look(scene: Scene) -> None:
    """The complaint is there from the first moment, with its number and its clock; the answer is not, yet."""
    if not scene.running:
        scene.case = None
        await scene.begin_case(scene.record.heard.intent)
    if scene.open_case.status == Status.RECEIVED:
        await scene.move(Status.REGISTERED)


async def ask_for_a_look(scene: Scene) -> None:
    """One task for a letter, whatever is doubtful in it."""
    if scene.doubts and scene.case is not None:
        why = [f"{name}: {', '.join(doubt.why)}" for name, doubt in scene.doubts.items()]
        await scene.task(VERIFICATION, REASON, detail="\n".join(why))
