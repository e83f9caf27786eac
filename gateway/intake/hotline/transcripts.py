"""The words of a recording, once a recogniser or a person has written them down: nobody waits for an answer."""

from __future__ import annotations

from dataclasses import replace

from gateway.hearing.item import WORDS_OF
from gateway.intake import urgent
from gateway.intake.scene import Scene
from gateway.intake.understand import understand
from normalizer.record import Submission


def is_written_down(submission: Submission) -> bool:
    return WORDS_OF in submission.context


async def take_down(scene: Scene) -> None:
    """They count like any others; danger in them calls a person. The talk with its speaker stays where it is."""
    file = await scene.unit.files.get(scene.submission.context[WORDS_OF])
    if file is not None and file.complaint_id is not None:
        scene.case = await scene.unit.complaints.get(file.complaint_id, lock=True)
    scene.set_apart = True
    scene.talk = replace(scene.talk, asked="")  # what we ask meanwhile is not what these words answer
    await understand(scene)
    scene.danger = urgent.speaks_of_danger(scene)
    if await urgent.needs_a_page(scene):
        await urgent.page(scene)
    elif not scene.running:
        scene.case = None
        await scene.begin_case(scene.record.heard.intent)
        await scene.task("review", "recording_written_down")
    scene.lines.clear()
