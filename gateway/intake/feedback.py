"""The call-back after handling: a score, and reopening in one word (process row F2)."""

from __future__ import annotations

import re

from gateway.casework.lifecycle import Status
from gateway.intake.scene import Scene

NOT_SOLVED = re.compile(r"[没沒未](?:有)?解[决決]|不满意|不滿意|not solved", re.IGNORECASE)


def is_feedback(scene: Scene) -> bool:
    """We asked for a score, and this is one, or the word that it is not solved."""
    if scene.case is None or scene.case.status != Status.FOLLOW_UP:
        return False
    return scene.record.heard.score is not None or bool(NOT_SOLVED.search(scene.submission.text))


async def feedback(scene: Scene) -> None:
    score = scene.record.heard.score
    if score is not None:
        await scene.unit.complaints.set_work(scene.open_case.id, {"score": score}, now=scene.now)
        scene.note("score", str(score), actor="customer", score=score)
        scene.say("scored")
    if NOT_SOLVED.search(scene.submission.text):
        await scene.move(Status.REOPENED)
        await scene.task("review", "not_solved", detail=scene.submission.text)
        scene.lines.append(scene.words.get("push", "REOPENED", number=scene.number, note=""))
