"""Everything a person says that is not a complaint: greetings, questions, thanks, things we do not understand."""

from __future__ import annotations

import re
from dataclasses import replace

from gateway.casework.lifecycle import Status
from gateway.intake.asking import carry_on
from gateway.intake.complaint import supplement, tell
from gateway.intake.person import hand_over
from gateway.intake.scene import Scene
from normalizer.record import Intent

PUZZLED_TOO_OFTEN = 3
MOST_LOOSE_WORDS = 500
ROBOT = re.compile(
    r"你们?是不?是?(?:个)?(?:机器人|機器人|人工智能|真人|AI)|are you (?:a )?(?:bot|robot|human)", re.IGNORECASE
)
THANKS = re.compile(r"谢|謝|辛苦了|好的|知道了|收到|thank|^ok", re.IGNORECASE)


async def consult(scene: Scene) -> None:
    """A question without a grievance: a person answers it; without a case it gets a record that says it is none."""
    if scene.in_intake:
        scene.forgive()
        return await carry_on(scene)
    if scene.talk.handed and scene.running:
        return scene.say("still_here", number=scene.number)
    if not scene.running:
        await _file_as(scene, Intent.CONSULT)
    await scene.task("consult", "question", detail=scene.submission.text)
    scene.say("consult")


async def praise(scene: Scene) -> None:
    """Kind words: kept and passed on."""
    if scene.in_intake:
        return await carry_on(scene)
    if scene.running:
        return scene.say("thanks")
    await _file_as(scene, Intent.PRAISE)
    scene.say("praise")


async def robot(scene: Scene) -> None:
    """Whoever asks whether this is a machine gets the truth in a line, and the talk goes on."""
    scene.say("robot")
    if scene.in_intake and not scene.talk.handed:
        scene.forgive()
        await carry_on(scene)
    elif scene.by_ear and scene.talk.asked:
        scene.asks.append(scene.talk.asked)


async def other(scene: Scene) -> None:
    """A greeting, thanks, or words we cannot place."""
    if scene.running:
        return await _about_a_running_case(scene)
    if scene.files or scene.submission.quoted:
        return await tell(scene)  # a voice or a picture that comes first is somebody's complaint until we know better
    if scene.at_once:
        return await _mail_we_cannot_place(scene)
    if _is_thanks(scene):
        return scene.say("thanks")
    if scene.talk.puzzled + 1 >= PUZZLED_TOO_OFTEN:
        return await hand_over(scene, "not_understood")
    scene.say("hello", org=scene.house.settings.org_name)
    scene.ask("matter")
    before = f"{scene.talk.before}\n{scene.submission.text}".strip()[-MOST_LOOSE_WORDS:]
    scene.talk = replace(scene.talk, puzzled=scene.talk.puzzled + 1, before=before)


async def _file_as(scene: Scene, intent: Intent) -> None:
    """A record, so that nothing said is without a place; if a complaint follows, it becomes one."""
    scene.case = None
    await scene.begin_case(intent)
    await scene.move(Status.REGISTERED)


def _is_thanks(scene: Scene) -> bool:
    text = scene.submission.text
    return bool(THANKS.search(text)) and len(text) <= 20


async def _about_a_running_case(scene: Scene) -> None:
    if scene.in_intake:
        return await tell(scene)
    heard = scene.record.heard
    if scene.files or scene.submission.quoted or heard.fields or heard.declined:
        return await supplement(scene)
    if _is_thanks(scene):
        return scene.say("thanks")
    scene.say("still_here", number=scene.open_case.number)


async def _mail_we_cannot_place(scene: Scene) -> None:
    await _file_as(scene, Intent.OTHER)
    await scene.task("review", "not_understood", detail=scene.submission.text)
    scene.say("other_mail")
