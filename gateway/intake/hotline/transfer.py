"""A person takes the call: rung at once where somebody can be rung, else called back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from channels.base import Then
from gateway.casework.lifecycle import Status
from gateway.intake.scene import Scene

BROKEN_OFF = frozenset({"hung_up", "fell_silent"})  # why somebody was to call back for the rest of a complaint
CALL_BACK_WITHIN = timedelta(hours=4)


def can_ring(scene: Scene) -> bool:
    """Is there anybody to be rung?"""
    return bool(scene.house.settings.phone_agents.strip())


def ring(scene: Scene) -> None:
    """Put the caller through; the talk is a person's from here on."""
    scene.tell("ringing")
    scene.talk = replace(scene.talk, rings=scene.talk.rings + 1)
    scene.then = Then.PUT_THROUGH


def take_a_message(scene: Scene) -> None:
    """After the tone; a caller who does not want to be recorded is called back all the same."""
    if ask_where(scene):
        return
    if scene.talk.unrecorded:
        promise_a_call(scene)
    else:
        scene.tell("leave_message")
        scene.then = Then.RECORD


def promise_a_call(scene: Scene, *, asking: bool = True) -> None:
    """The end of the call; where nobody knows the number to call back, that is asked first, if anybody listens."""
    if asking and ask_where(scene):
        return
    scene.tell("call_back" if can_be_called(scene) else "call_again")
    end(scene)


def ask_where(scene: Scene) -> bool:
    """A call back is promised to a number that was withheld: ask for one, once. False: it is known, or was asked."""
    if can_be_called(scene) or scene.talk.asks.get("contact"):
        return False
    scene.ask("contact")
    scene.then = Then.LISTEN
    return True


def end(scene: Scene) -> None:
    scene.talk = replace(scene.talk, asked="")
    scene.then = Then.HANG_UP


def can_be_called(scene: Scene) -> bool:
    return bool(scene.submission.sender) or bool(scene.record.value("phone"))


async def ask_to_call_back(scene: Scene, reason: str, detail: str = "") -> None:
    """One task for staff, however often this call gives cause for it."""
    case_id = scene.case.id if scene.case else None
    known = await scene.unit.tasks.open_of(case_id, scene.conversation.id, kind="callback")
    if not known:
        await scene.task("callback", reason, within=CALL_BACK_WITHIN, detail=detail)


async def need_not_call_back(scene: Scene) -> None:
    """The caller has called again and told the rest."""
    for task in await scene.unit.tasks.open_of(scene.open_case.id, kind="callback"):
        if task.reason in BROKEN_OFF:
            await scene.unit.tasks.done(task.id, scene.now, "gateway")


async def leave_open(scene: Scene, reason: str) -> None:
    """The call ends before all was said: what was said is an open complaint, and somebody calls back."""
    if scene.open_case.status == Status.RECEIVED:
        await scene.move(Status.REGISTERED)
    await ask_to_call_back(scene, reason, detail=", ".join(scene.record.missing))
    scene.talk = replace(scene.talk, asked="", left=True)
