"""What happens on a line besides words: it opens, stays silent, is not understood, is put through, breaks off."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from channels.base import Then
from gateway.casework.lifecycle import OPEN_INTAKE
from gateway.intake.asking import accept, carry_on
from gateway.intake.hotline import transfer
from gateway.intake.hotline.doubtful import remember
from gateway.intake.person import hand_over
from gateway.intake.scene import Scene
from normalizer.record import Gesture, Intent
from store.values import Case

GOES_ON_WITHIN = timedelta(days=7)  # a call that broke off longer ago is not offered to go on
MOST_RINGS_IN_DANGER = 2
MOST_SILENCES_IN_DANGER = 6
MOST_FAILURES = 2  # the same question is put again once; then a key, a recording or a person
SKIPPED_IN_SILENCE = frozenset({"phone", "policy_number"})  # they help and block nothing
LEFT_TO_STAFF = frozenset({"complainant_name", "request", "contact"})
RECORDED_INSTEAD = frozenset({"menu", "matter"})

INVITATIONS = frozenset({"", "menu", "go_on", "matter"})  # what was put before anything was told

Path = Callable[[Scene], Awaitable[None]]


async def begin(scene: Scene) -> None:
    """The greeting; whoever's last call broke off may go on, without hearing what was said then."""
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
    elif asked in LEFT_TO_STAFF and _is_told(scene):
        scene.talk = scene.talk.dropping(asked)
        await _go_on_without(scene)
    elif asked == "confirm":
        await _accept_unconfirmed(scene)
    else:
        await hand_over(scene, "not_understood")


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
    if _is_told(scene) and not (scene.talk.handed or scene.talk.paged):
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
    if _is_told(scene) and not (talk.handed or talk.paged or talk.left):
        await transfer.leave_open(scene, "hung_up")
    elif scene.case is None and heard:
        await transfer.ask_to_call_back(scene, "hung_up", detail=heard)


async def progress_wanted(scene: Scene) -> None:
    """The key for progress: the number is asked for at once."""
    scene.ask("case_number")
    scene.talk = replace(scene.talk, purpose="progress")


async def complaint_wanted(scene: Scene) -> None:
    scene.tell("noted")
    if _is_told(scene):
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
    if not listens or _is_told(scene) or scene.talk.asked not in INVITATIONS:
        return
    scene.tell("that_is_all")
    scene.talk = replace(scene.talk, asked="more")


def _is_told(scene: Scene) -> bool:
    """Is a complaint being told, of which something is still open? Praise and mere questions are complete."""
    return scene.collecting and scene.record.intent is Intent.COMPLAINT


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
    if _is_told(scene):
        await transfer.leave_open(scene, "fell_silent")
        return transfer.promise_a_call(scene, asking=False)
    scene.tell("nobody_there")
    transfer.end(scene)
