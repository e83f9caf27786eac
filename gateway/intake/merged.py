"""What is heard of a complaint that was merged into another: work goes on there, and there it must be seen."""

from __future__ import annotations

from gateway.casework.doubts import MERGED_HEARD
from gateway.casework.tasks import new_task
from gateway.intake.scene import Scene


async def pass_on(scene: Scene) -> None:
    """Lay it before whoever works with the other one, whose row is not locked: it only gets an entry and a task."""
    case = scene.case
    if case is None or case.merged_into is None or not _is_heard(scene):
        return
    into = await scene.unit.complaints.get(case.merged_into)
    assert into is not None, "complaints are never deleted"
    facts = {"what": "heard", "other": case.number, "into": into.number, "item": int(scene.entry.id)}
    await scene.unit.timeline.add(into.id, at=scene.now, kind="link", actor="gateway", data=facts)
    await scene.unit.tasks.add(
        new_task(
            "review",
            MERGED_HEARD,
            scene.now,
            case=into,
            ledger_id=scene.entry.id,
            detail=f"{case.number}\n{scene.submission.text}",
        )
    )


def _is_heard(scene: Scene) -> bool:
    submission = scene.submission
    said = bool(submission.text or submission.quoted or submission.attachments or submission.given)
    return submission.machine is None and (said or submission.gesture is None)
