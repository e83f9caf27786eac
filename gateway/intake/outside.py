"""Items that no customer of this case wrote to us: robots, strangers in a thread, what cannot be read."""

from __future__ import annotations

from dataclasses import replace

from gateway.casework.lifecycle import Status
from gateway.intake.scene import Scene
from normalizer.record import Intent, Machine
from store.values import Case


async def from_a_machine(scene: Scene) -> None:
    """Automatic replies, bounces, lists, spam: kept and filed, never answered."""
    case = await named_case(scene)
    if case is not None:
        scene.case, scene.record = case, case.record
        scene.note("machine", str(scene.submission.machine), actor="mail")
    if case is not None and scene.submission.machine is Machine.LIST:
        await scene.task("review", "list_mail_in_thread")


async def from_a_stranger(scene: Scene) -> None:
    """Somebody else writes into a case: a new item for staff, never shown or appended, in words that tell nothing."""
    about = scene.submission.thread.number if scene.submission.thread else ""
    scene.case = None
    await scene.begin_case(scene.record.heard.intent)
    await scene.move(Status.REGISTERED)
    await scene.task("review", "stranger_in_thread", detail=f"{about}\n{scene.submission.text}")
    scene.say("stranger")


async def cannot_be_read(scene: Scene) -> None:
    """Authentic, not understood: kept whole, a stub for staff, and a receipt for the customer."""
    await scene.begin_case(Intent.OTHER)
    scene.quarantine_cause = scene.submission.unreadable
    await scene.task("quarantine", "unreadable", detail=scene.submission.unreadable)
    scene.say("unreadable", number=scene.number)
    scene.talk = replace(scene.talk, asked="")


async def named_case(scene: Scene) -> Case | None:
    """The case an item says it belongs to, if there is one."""
    thread = scene.submission.thread
    return await scene.unit.complaints.by_number(thread.number) if thread else None


def is_owner(scene: Scene, case: Case) -> bool:
    """Does the item come from the address on file? A forged sender (may_answer withheld) does not count."""
    mine, theirs = scene.submission.sender, case.contact
    same = mine.kind is theirs.kind and mine.value.casefold() == theirs.value.casefold()
    return same and bool(mine) and scene.submission.may_answer
