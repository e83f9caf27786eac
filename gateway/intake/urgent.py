"""Danger to a person: the form stops, calm words and numbers, a person is paged, the complaint is kept.

Complaint-rules 3.1 (P0) and 3.2: a person within 15 minutes, day and night.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from gateway.casework.lifecycle import Status
from gateway.intake.hotline import transfer
from gateway.intake.paging import page_somebody
from gateway.intake.scene import Scene
from gateway.intake.understand import bounded
from normalizer.completeness import missing
from normalizer.normalize import normalize
from normalizer.record import Complaint, Intent

WITHIN = timedelta(minutes=15)
CALM = ("self_harm", "safety", "group", "disaster")  # whose words come first when there are several


def speaks_of_danger(scene: Scene) -> bool:
    """Do these very words speak of danger? What was said earlier has been acted on."""
    return _was_urgent(scene) and normalize(bounded(scene.submission)).value("priority") == "P0"


def _was_urgent(scene: Scene) -> bool:
    """Nothing lowers an urgency once it was seen, so the record tells cheaply when there can be none."""
    return scene.record.value("priority") == "P0"


async def needs_a_page(scene: Scene) -> bool:
    """Danger is named, and nobody is on their way: a page that somebody has taken and finished does not count."""
    if not _was_urgent(scene):
        return False
    pending = await _pending_page(scene)
    scene.talk = replace(scene.talk, paged=pending)
    return not pending and scene.danger


async def page(scene: Scene) -> None:
    """Call a person, now; a stranger's words and those after the end of a case get a case of their own."""
    if not scene.running:
        scene.case = None
        await scene.begin_case(Intent.COMPLAINT)
    if scene.open_case.status == Status.RECEIVED:
        await scene.move(Status.REGISTERED)
    danger = danger_in(scene.record)
    await scene.task("page", danger, within=WITHIN, detail=scene.submission.text)
    told = replace(scene.open_case, record=scene.record)
    await page_somebody(scene.house, scene.unit, told, danger, scene.now)
    scene.say(f"calm_{danger}")
    scene.talk = replace(scene.talk, paged=True, asked="", reminders=0)
    await accept_quietly(scene)
    if scene.by_ear and transfer.can_ring(scene):
        return transfer.ring(scene)
    scene.say("paged_number", number=scene.number)
    if scene.by_ear and not transfer.can_be_called(scene):
        scene.ask("contact")


async def stay(scene: Scene) -> None:
    """Further words while somebody is on their way: kept, no form; calm words again if danger is named again."""
    if scene.danger:
        scene.say(f"calm_{danger_in(scene.record)}")
        scene.note("task", "page: danger named again")
    scene.say("we_are_here")
    scene.talk = replace(scene.talk, asked="")
    await accept_quietly(scene)


async def _pending_page(scene: Scene) -> bool:
    if scene.case is None:
        return False
    return bool(await scene.unit.tasks.open_of(complaint_id=scene.case.id, kind="page"))


async def accept_quietly(scene: Scene) -> None:
    """All we need was said: the complaint is accepted without a receipt that would read cold now."""
    if scene.collecting and not missing(scene.record, scene.submission.sender):
        await scene.move(Status.ACCEPTED)


def danger_in(record: Complaint) -> str:
    """Which of the dangers it is, for the words and for whoever is paged."""
    flags = record.flag_codes
    return next((danger for danger in CALM if danger in flags), "safety")
