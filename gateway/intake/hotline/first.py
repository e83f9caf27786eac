"""Who gets a person before any form: the elderly, and whoever says so while telling what happened."""

from __future__ import annotations

import re
from dataclasses import replace

from gateway.casework.lifecycle import Status
from gateway.intake.hotline import transfer
from gateway.intake.person import hand_over
from gateway.intake.scene import Scene
from normalizer.record import Intent

WANTED = re.compile(
    r"(?<![不别没])(?:转|找|要|接|叫|换)(?:一?个|一下|到|接)?(?:人工|真人|活人|坐席)"
    r"|speak to (?:a|some) ?(?:person|one|human)",
    re.IGNORECASE,
)


UNWANTED = re.compile(
    r"(?:不要|不用|不想|别|不必|不需要)(?:给我|再|帮我)?(?:转|找|接|叫)(?:到|接)?(?:人工|真人|坐席|客服)", re.IGNORECASE
)


def wants_no_person(scene: Scene) -> bool:
    """不要转人工，你直接记下来: the words that name a person mean the opposite."""
    return scene.record.heard.intent is Intent.HUMAN and bool(UNWANTED.search(scene.submission.text))


async def a_person_first(scene: Scene) -> bool:
    """Put the caller through, what was said stored before; False: the ordinary way goes on."""
    if scene.talk.handed or not _tells_a_complaint(scene):
        return False
    if WANTED.search(UNWANTED.sub("", scene.submission.text)):
        await _begin(scene)
        await hand_over(scene)
        return True
    if _is_elderly(scene) and not scene.talk.offered:
        return await _elderly(scene)
    return False


async def _elderly(scene: Scene) -> bool:
    """Rung at once; where nobody can be rung, called back first, and heard to the end meanwhile."""
    await _begin(scene)
    scene.talk = replace(scene.talk, offered=True)
    await scene.task("handover", "elderly", within=transfer.CALL_BACK_WITHIN, detail=scene.submission.text)
    if transfer.can_ring(scene):
        transfer.ring(scene)
        return True
    scene.tell("elderly")
    return False


def _tells_a_complaint(scene: Scene) -> bool:
    return scene.collecting or scene.record.heard.intent is Intent.COMPLAINT


def _is_elderly(scene: Scene) -> bool:
    """T/IAC 54-2025: recognise elderly callers and put them through; who calls for their parents is not meant."""
    own = scene.record.value("party_role") in ("", "self")
    return own and "elderly" in scene.record.flag_codes


async def _begin(scene: Scene) -> None:
    if not scene.running:
        scene.case = None
        await scene.begin_case(Intent.COMPLAINT)
    if scene.open_case.status == Status.RECEIVED:
        await scene.move(Status.REGISTERED)
