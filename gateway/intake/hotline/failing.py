"""Nothing was said, or nothing that can be relied on: the same question once more, then another way, never a loop."""

from __future__ import annotations

from dataclasses import replace

from channels.base import Then
from gateway.intake.asking import accept, carry_on
from gateway.intake.hotline import transfer
from gateway.intake.hotline.doubtful import remember
from gateway.intake.person import hand_over
from gateway.intake.scene import Scene

MOST_SILENCES_IN_DANGER = 6
MOST_FAILURES = 2  # the same question is put again once; then a key, a recording or a person
SKIPPED_IN_SILENCE = frozenset({"phone", "policy_number"})  # they help and block nothing
LEFT_TO_STAFF = frozenset({"complainant_name", "request", "contact"})
RECORDED_INSTEAD = frozenset({"menu", "matter"})


async def silent(scene: Scene) -> None:
    """We listened, and nothing came."""
    asked = scene.talk.asked
    scene.talk = replace(scene.talk, failures=scene.talk.failures + 1)
    if scene.talk.paged and scene.talk.failures < MOST_SILENCES_IN_DANGER:
        scene.say("we_are_here")  # somebody in danger is not left for being silent
    elif asked in ("", "more"):
        say_goodbye(scene)
    elif asked in SKIPPED_IN_SILENCE:
        await _go_on_without(scene)
    elif scene.talk.failures < MOST_FAILURES:
        scene.tell("not_heard")
        put_again(scene)
    elif asked == "confirm":
        await _accept_unconfirmed(scene)
    else:
        await _end_in_silence(scene)


async def unheard(scene: Scene) -> None:
    """Something was said that nobody can be sure of; it is kept, and believed in nothing."""
    asked = scene.talk.asked
    remember(scene)
    scene.talk = replace(scene.talk, failures=scene.talk.failures + 1)
    if scene.talk.failures < MOST_FAILURES:
        scene.tell("not_clear")
        put_again(scene)
    elif asked in ("", "more"):
        say_goodbye(scene)
    elif asked in RECORDED_INSTEAD and not scene.talk.unrecorded:
        scene.tell("after_tone")
        scene.talk = replace(scene.talk, asked="matter")
        scene.then = Then.RECORD
    elif asked in SKIPPED_IN_SILENCE:
        await _go_on_without(scene)
    elif asked in LEFT_TO_STAFF and scene.in_intake:
        scene.talk = scene.talk.dropping(asked)
        await _go_on_without(scene)
    elif asked == "confirm":
        await _accept_unconfirmed(scene)
    else:
        await hand_over(scene, "not_understood")


def put_again(scene: Scene) -> None:
    """The same question once more: it was not heard, so it does not count as asked."""
    if scene.talk.asked not in ("", "more"):
        scene.asks.append(scene.talk.asked)


def say_goodbye(scene: Scene) -> None:
    scene.tell("person_will_call" if scene.talk.paged else "goodbye")
    transfer.end(scene)


async def _accept_unconfirmed(scene: Scene) -> None:
    """All was told, and the read-back met silence: accepted, and somebody makes sure of it."""
    await scene.task("review", "not_confirmed")
    await accept(scene)


async def _go_on_without(scene: Scene) -> None:
    scene.talk = replace(scene.talk, failures=0)
    await carry_on(scene)


async def _end_in_silence(scene: Scene) -> None:
    if scene.in_intake:
        await transfer.leave_open(scene, "fell_silent")
        return transfer.promise_a_call(scene, asking=False)
    scene.tell("nobody_there")
    transfer.end(scene)
