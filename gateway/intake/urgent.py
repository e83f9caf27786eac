"""Danger to a person: the form stops, calm words and numbers, a person is paged, the complaint is kept.

Complaint-rules 3.1 (P0) and 3.2: a person within 15 minutes, day and night.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from normalizer.completeness import missing

from gateway.casework.lifecycle import OPEN_INTAKE, Status
from gateway.intake.scene import Scene
from gateway.operations.paging import page_somebody

WITHIN = timedelta(minutes=15)
CALM = ("self_harm", "safety", "group", "disaster")  # whose words come first when there are several


def is_urgent(scene: Scene) -> bool:
    return scene.record.value("priority") == "P0"


async def page(scene: Scene) -> None:
    """The first sign of danger in this case."""
    if scene.case is None:
        await scene.begin_case()
    if scene.open_case.status == Status.RECEIVED:
        await scene.move(Status.REGISTERED)
    danger = _danger(scene)
    await scene.task("page", danger, within=WITHIN, detail=scene.submission.text)
    await page_somebody(scene, danger)
    scene.say(f"calm_{danger}")
    scene.say("paged_number", number=scene.number)
    scene.talk = replace(scene.talk, paged=True, asked="", reminders=0)
    await accept_quietly(scene)


async def stay(scene: Scene) -> None:
    """Further words after the page: kept, no form; calm words again if the danger is named again."""
    if any(flag.item == scene.submission.key and flag.value in CALM for flag in scene.record.flags):
        scene.say(f"calm_{_danger(scene)}")
        scene.note("task", "page: danger named again")
    scene.say("we_are_here")
    await accept_quietly(scene)


async def accept_quietly(scene: Scene) -> None:
    """All we need was said: the complaint is accepted without a receipt that would read cold now."""
    if scene.open_case.status in OPEN_INTAKE and not missing(scene.record, scene.submission.sender):
        await scene.move(Status.ACCEPTED)


def _danger(scene: Scene) -> str:
    flags = scene.record.flag_codes
    return next((danger for danger in CALM if danger in flags), "safety")
