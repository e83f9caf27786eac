"""Whose item is it? Robots, strangers in a thread, refuted senders, and what cannot be read."""

from __future__ import annotations

from channels.origin import UNPROVEN
from gateway.casework.lifecycle import Status
from gateway.intake.scene import Scene
from normalizer.record import Intent, Machine
from store.values import Case, ComplaintId

BY_US = frozenset({"slip", "staff", "proof"})  # proof: number and last four were shown to our page
MOST_REFERENCES = 5  # ids of a mail that are looked up, newest first


async def find_case(scene: Scene) -> bool:
    """Set the case this item is about; False when it claims one that is not its sender's, whether it exists or not."""
    if scene.entry.complaint_id is not None:  # replayed: it belongs where it was put the first time
        scene.case = await scene.unit.complaints.get(scene.entry.complaint_id, lock=True)
        return True
    if scene.submission.thread is not None:
        named = await _named_case(scene)
        if named is None or not await may_act_for(scene, named):
            return False
        scene.case = named
    elif scene.conversation.complaint_id is not None:
        await _go_on(scene, scene.conversation.complaint_id)
    return True


async def _go_on(scene: Scene, id: ComplaintId) -> None:
    """With the complaint of this talk; what nobody proved adds to nothing that somebody did."""
    if UNPROVEN in scene.submission.warnings and not scene.by_ear:
        case = await _goes_on_with(scene, id)
        scene.set_apart = case is not None and case.attested
        scene.case = None if scene.set_apart else case
    elif _goes_on(scene):
        scene.case = await _goes_on_with(scene, id)


async def _goes_on_with(scene: Scene, id: ComplaintId) -> Case | None:
    """The talk's complaint; what that was merged into, if that is of this talk too: there we ask and tell."""
    case = await scene.unit.complaints.get(id, lock=True)
    if case is None or case.merged_into is None:
        return case
    into = await scene.unit.complaints.get(case.merged_into)
    if into is None or into.conversation_id != scene.conversation.id:
        return case
    return await scene.unit.complaints.get(into.id, lock=True)


def _goes_on(scene: Scene) -> bool:
    """Nobody vouches for a caller's number, but whoever is on the line is who was there a moment ago."""
    return scene.submission.attested or scene.by_ear


async def may_act_for(scene: Scene, case: Case) -> bool:
    """The address on file, vouched for by our own mail server; or, unvouched, in reply to a message we really sent.

    The slip of our own letter bears a check that only its addressee has seen; and we ourselves may.
    """
    thread = scene.submission.thread
    if thread is not None and BY_US & set(thread.by):
        return thread.proven
    if not has_its_address(scene, case) or not scene.submission.may_answer:
        return False
    return scene.submission.attested or await _answers_our_message(scene, case)


def case_of_slip(scene: Scene) -> Case | None:
    """The case of a slip of ours that came back: who holds it has our letter in their hands."""
    thread = scene.submission.thread
    by_slip = thread is not None and thread.proven and bool(BY_US & set(thread.by))
    return scene.case if by_slip else None


def has_its_address(scene: Scene, case: Case) -> bool:
    mine, theirs = scene.submission.sender, case.contact
    return bool(mine) and mine.kind is theirs.kind and mine.value.casefold() == theirs.value.casefold()


async def from_a_machine(scene: Scene) -> None:
    """Automatic replies, bounces, lists, spam: kept, filed where they provably belong, never answered."""
    case = await _named_case(scene)
    if case is None or not await _provably_about(scene, case):
        return
    scene.case, scene.record = case, case.record
    scene.note("machine", str(scene.submission.machine), actor="machine")
    if scene.submission.machine is Machine.LIST:
        await scene.task("review", "list_mail_in_thread")


async def from_a_stranger(scene: Scene) -> None:
    """Somebody else writes into a case: a new item for staff, never shown or appended, in words that tell nothing."""
    about = scene.submission.thread.number if scene.submission.thread else ""
    scene.case, scene.set_apart = None, True
    await scene.begin_case(scene.record.heard.intent)
    await scene.move(Status.REGISTERED)
    await scene.task("review", "stranger_in_thread", detail=f"{about}\n{scene.submission.text}")
    scene.say("stranger")


async def from_a_refuted_sender(scene: Scene) -> None:
    """Our own mail server says that this is forged: kept for a person, and the borrowed address hears nothing."""
    scene.case, scene.set_apart = None, True
    await scene.begin_case(scene.record.heard.intent)
    await scene.move(Status.REGISTERED)
    await scene.task("review", "sender_refuted", detail=scene.submission.text)


async def cannot_be_read(scene: Scene) -> None:
    """Authentic, not understood: kept whole, with a person told, in the case that runs or in a stub of its own."""
    scene.quarantine_cause = scene.submission.unreadable
    scene.set_apart = True
    await find_case(scene)
    if scene.running:
        scene.record = scene.open_case.record
    else:
        await scene.begin_case(Intent.OTHER)
    if scene.entry.complaint_id is None:
        await scene.task("quarantine", "unreadable", detail=scene.submission.unreadable)
        scene.say("unreadable", number=scene.number)


async def _named_case(scene: Scene) -> Case | None:
    """The case an item says it belongs to, if there is one."""
    thread = scene.submission.thread
    return await scene.unit.complaints.by_number(thread.number, lock=True) if thread else None


async def _provably_about(scene: Scene, case: Case) -> bool:
    vouched = scene.submission.attested and has_its_address(scene, case)
    return vouched or await _answers_our_message(scene, case)


async def _answers_our_message(scene: Scene, case: Case) -> bool:
    """Does it carry the Message-ID of a mail we sent about this case? That id was told to its recipient alone."""
    context = scene.submission.context
    ids = [context.get("bounce_message_id", ""), *reversed(context.get("references", "").split())]
    for message_id in [each for each in ids if each][:MOST_REFERENCES]:
        ours = await scene.unit.outbox.by_provider_id(scene.submission.channel, message_id)
        if ours is not None and ours.complaint_id == case.id:
            return True
    return False
