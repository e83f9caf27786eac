"""What happens on a line besides words: which path it takes, tapes, being put through, and the end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from channels.base import Then
from gateway.intake.asking import carry_on
from gateway.intake.hotline import transfer
from gateway.intake.hotline.failing import silent, unheard
from gateway.intake.hotline.opening import begin
from gateway.intake.person import hand_over
from gateway.intake.scene import Scene
from normalizer.record import Gesture, Intent

MOST_RINGS_IN_DANGER = 2

INVITATIONS = frozenset({"", "menu", "go_on", "matter"})  # what was put before anything was told

Path = Callable[[Scene], Awaitable[None]]


async def recorded(scene: Scene) -> None:
    """They have spoken after the tone: a message for staff, or the story that the recogniser did not catch."""
    if scene.talk.asked != "matter" or scene.talk.handed:
        scene.tell("message_kept")
        return transfer.end(scene)
    if not scene.running:
        scene.case = None
        await scene.begin_case(Intent.COMPLAINT)
    await scene.task("review", "recording_to_hear")
    scene.talk = replace(scene.talk.dropping("matter"), failures=0)
    scene.tell("noted")
    await carry_on(scene)


async def message(scene: Scene) -> None:
    """A recording arrives: whoever left one without a word that we caught has told us something all the same."""
    if scene.running:
        return
    scene.case = None
    await scene.begin_case(Intent.COMPLAINT)
    if not scene.talk.asked:  # else the call goes on, and knows of the recording in a moment
        await transfer.leave_open(scene, "message_left")


async def unanswered(scene: Scene) -> None:
    """Nobody of ours was free."""
    await transfer.ask_to_call_back(scene, "nobody_answered", detail=scene.record.value("matter"))
    if scene.talk.paged and scene.talk.rings < MOST_RINGS_IN_DANGER:
        return transfer.ring(scene)
    if scene.talk.paged:  # somebody in danger is not left to a tape
        return scene.say("paged_number", number=scene.number)
    scene.tell("nobody_free")
    if scene.in_intake and not scene.talk.handed:
        return await carry_on(scene)
    transfer.take_a_message(scene)


async def connected(scene: Scene) -> None:
    """A person has talked with the caller, and knows what is still to do."""
    scene.note("call", "connected")
    scene.talk = replace(scene.talk, handed=True, asked="")
    scene.tell("goodbye")
    scene.then = Then.HANG_UP


async def hung_up(scene: Scene) -> None:
    """The line is gone. What was said stays; where anything was left open, somebody calls back."""
    scene.note("call", "hung_up", actor="customer")
    scene.talk = replace(scene.talk, gone=True)
    await _see_to_the_rest(scene)
    scene.talk = replace(scene.talk, asked="")


async def _see_to_the_rest(scene: Scene) -> None:
    """Whoever is not on the line any more, and was not heard to the end, is called back."""
    talk = scene.talk
    heard = talk.before or talk.mumbled
    if scene.in_intake and not (talk.handed or talk.paged or talk.left):
        await transfer.leave_open(scene, "hung_up")
    elif scene.case is None and heard:
        await transfer.ask_to_call_back(scene, "hung_up", detail=heard)


async def progress_wanted(scene: Scene) -> None:
    """The key for progress: the number is asked for at once."""
    scene.ask("case_number")
    scene.talk = replace(scene.talk, purpose="progress")


async def complaint_wanted(scene: Scene) -> None:
    scene.tell("noted")
    if scene.in_intake:
        return await carry_on(scene)
    scene.ask("matter")


PATHS: dict[Gesture, Path] = {
    Gesture.CALLED: begin,
    Gesture.SILENT: silent,
    Gesture.UNHEARD: unheard,
    Gesture.RECORDED: recorded,
    Gesture.MESSAGE: message,
    Gesture.CONNECTED: connected,
    Gesture.UNANSWERED: unanswered,
    Gesture.HUNG_UP: hung_up,
    Gesture.PROGRESS: progress_wanted,
    Gesture.COMPLAINT: complaint_wanted,
    Gesture.HUMAN: hand_over,
}


async def end_turn(scene: Scene) -> None:
    """Words that came after the end are seen to; an answer that asks nothing ends what was asked before."""
    if scene.talk.gone:
        return await _see_to_the_rest(scene)
    if scene.record.intent is Intent.CONSULT and transfer.ask_where(scene):
        return
    listens = scene.then is Then.LISTEN and not scene.asks and not scene.talk.paged
    if not listens or scene.in_intake or scene.talk.asked not in INVITATIONS:
        return
    scene.tell("that_is_all")
    scene.talk = replace(scene.talk, asked="more")
