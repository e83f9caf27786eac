"""The call-back after handling: a score, and reopening in one word (process row F2)."""

from __future__ import annotations

import re

from gateway.casework.lifecycle import Status
from gateway.intake.scene import Scene
from normalizer.text import fold

NOT_SOLVED = re.compile(r"[没沒未](?:有)?解[决決]|不满意|不滿意|not solved", re.IGNORECASE)

NUMERALS = "一二三四五"
# 5分，谢谢: we have just asked for it, so that more may follow; a number without its unit may count anything.
WITH_WORDS = re.compile(
    rf"\W*(?:我?(?:给|打|评)(?:你们|个)?)?\s*([1-5{NUMERALS}])\s*(?:颗?星|分|stars?|points?)[吧啊哦]?(?=[\s，。,.;!?~]|$)",
    re.IGNORECASE,
)


def is_feedback(scene: Scene) -> bool:
    """We asked for a score, and this is one, or the word that it is not solved."""
    if scene.case is None or scene.case.status != Status.FOLLOW_UP:
        return False
    return _score(scene) is not None or bool(NOT_SOLVED.search(scene.submission.text))


async def feedback(scene: Scene) -> None:
    score = _score(scene)
    if score is not None:
        await scene.unit.complaints.set_work(scene.open_case.id, {"score": score}, now=scene.now)
        scene.note("score", str(score), actor="customer", score=score)
        scene.say("scored")
    if NOT_SOLVED.search(scene.submission.text):
        await scene.move(Status.REOPENED)
        await scene.task("review", "not_solved", detail=scene.submission.text)
        scene.lines.append(scene.words.get("push", "REOPENED", number=scene.number, note=""))


def _score(scene: Scene) -> int | None:
    """1 to 5, by itself or before other words."""
    if scene.record.heard.score is not None:
        return scene.record.heard.score
    found = WITH_WORDS.match(fold(scene.submission.text))
    if found is None:
        return None
    return NUMERALS.index(found[1]) + 1 if found[1] in NUMERALS else int(found[1])
