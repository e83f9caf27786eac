"""A call begins: who we are, that it is recorded, and whether a call that broke off shall go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from gateway.casework.lifecycle import OPEN_INTAKE
from gateway.intake.scene import Scene
from normalizer.record import Intent
from store.values import Case

GOES_ON_WITHIN = timedelta(days=7)  # a call that broke off longer ago is not offered to go on


async def begin(scene: Scene) -> None:
    """The greeting; whoever's last call broke off may go on, without hearing what was said then.

    One that is handled after words of the same call (it lay on disk meanwhile) is heard by nobody, and asks nothing.
    """
    if scene.case is not None or scene.talk.asked or scene.talk.gone:
        return
    scene.tell("greeting", org=scene.house.settings.org_name)
    if scene.house.settings.phone_record:
        scene.tell("recording_notice")
    else:
        scene.talk = replace(scene.talk, unrecorded=True)
    scene.tell("english_too")
    unfinished = await _unfinished(scene)
    if unfinished is not None:
        scene.talk = replace(scene.talk, number=unfinished.number)
        scene.ask("go_on")
    else:
        scene.ask("menu")


async def _unfinished(scene: Scene) -> Case | None:
    """What an earlier call from this number left open."""
    channel, sender = scene.submission.channel, scene.submission.sender
    since = scene.now - GOES_ON_WITHIN
    found = await scene.unit.complaints.unfinished_of(channel, sender, since, tuple(OPEN_INTAKE)) if sender else None
    if found is None or found.record.intent is not Intent.COMPLAINT:
        return None
    calls = await scene.unit.calls.of_contact(channel, sender)
    still_on = any(call.complaint_id == found.id and not call.over for call in calls)
    return None if still_on else found
