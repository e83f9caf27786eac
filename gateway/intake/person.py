"""A person is wanted: told at once, asked nothing more."""

from __future__ import annotations

from dataclasses import replace

from gateway.casework.lifecycle import Status
from gateway.intake.hotline import transfer
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
    scene.talk = replace(scene.talk, handed=True, asked="", purpose="", reminders=0)
    if scene.by_ear and transfer.can_ring(scene):
        return transfer.ring(scene)
    scene.say("handed_number", number=scene.number)
    if scene.by_ear:
        transfer.take_a_message(scene)
