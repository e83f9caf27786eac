"""A person is wanted: told at once, asked nothing more."""

from __future__ import annotations

from dataclasses import replace

from gateway.casework.lifecycle import Status
from gateway.intake.scene import Scene
from normalizer.record import Intent


async def hand_over(scene: Scene, reason: str = "asked_for_person") -> None:
    """A task for staff with the whole conversation behind it; the bot listens on but stops asking."""
    if not scene.running:
        scene.case = None
        await scene.begin_case(Intent.HUMAN)
    if not scene.talk.handed:
        await scene.task("handover", reason, detail=scene.submission.text)
    if scene.open_case.status == Status.RECEIVED:
        await scene.move(Status.REGISTERED)
    scene.say("handed_number", number=scene.number)
    scene.talk = replace(scene.talk, handed=True, asked="", purpose="", reminders=0)
