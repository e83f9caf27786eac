"""What is still to ask, and acceptance as soon as nothing is."""

from __future__ import annotations

from dataclasses import replace

from channels.base import OutboundKind
from gateway.casework.lifecycle import Status
from gateway.intake.hotline import readback, transfer
from gateway.intake.paper.signed import is_unsigned
from gateway.intake.phrases import Phrases
from gateway.intake.receipt import understood
from gateway.intake.scene import Scene
from gateway.intake.talk import Talk
from normalizer.completeness import missing, to_ask_once
from normalizer.record import Complaint

# Who has to be named decides how we ask for the name.
BY_ROLE = {
    "complainant_name": ("agent", "organisation"),
    "documents": ("agent", "heir", "organisation", "legal_representative"),
}


async def carry_on(scene: Scene) -> None:
    """After new words: accept, ask the next thing, or leave the rest to a person."""
    lacking = missing(scene.record, scene.submission.sender)
    if not lacking:
        return readback.before_acceptance(scene) if scene.by_ear else await accept(scene)
    _drop_what_was_asked_enough(scene, lacking)
    questions = [name for name in lacking if name not in scene.talk.dropped]
    if questions and not scene.talk.handed:
        return await _put(scene, questions)
    await _leave_to_staff(scene)


async def accept(scene: Scene) -> None:
    """Nothing blocking is missing: the complaint is accepted, and the customer gets the receipt."""
    await scene.move(*(_steps_to_acceptance(scene)))
    words = scene.words
    scene.kind = OutboundKind.RECEIPT
    scene.say("accepted", number=scene.number)
    if "death" in scene.record.flag_codes:
        scene.say("sorry_death")
    scene.talk = replace(scene.talk, asked="", reminders=0, began_at="", puzzled=0)
    if scene.by_ear:
        return await readback.close(scene)
    scene.say("understood", what=await understood(scene))
    scene.say("next_step", due=words.date(scene.open_case.due_at))
    scene.lines.append(
        words.joined(words.say("how_progress_mail" if scene.at_once else "how_progress_chat"), words.say("correction"))
    )
    scene.say("privacy")
    offer_to_add(scene)


def offer_to_add(scene: Scene) -> None:
    """Ask once, never as a condition, for what would help: policy or claim number, papers, evidence."""
    if scene.talk.handed or scene.talk.paged or scene.by_ear or scene.on_page:
        return
    wanted = _of_help(scene)
    if _has_files(scene):
        wanted = [name for name in wanted if name != "evidence"]
    if wanted:
        scene.ask(*wanted)
        for name in wanted[1:]:
            scene.talk = scene.talk.asking(name)
        scene.talk = replace(scene.talk, asked=wanted[0])


async def _leave_to_staff(scene: Scene) -> None:
    """We asked often enough: a person goes on with what is there (complaint-rules 1.2: two asks, then go on)."""
    if scene.by_ear:
        return await _leave_to_a_call_back(scene)
    if scene.open_case.status == Status.RECEIVED:
        await scene.move(Status.REGISTERED)
    if not scene.talk.left:
        if not scene.talk.handed:
            await scene.task("incomplete", "asked_enough")
        scene.say("registered", number=scene.number)
        scene.say("by_staff")
    elif not scene.lines:
        scene.say("still_here", number=scene.number)
    scene.talk = replace(scene.talk, asked="", left=True)


async def _leave_to_a_call_back(scene: Scene) -> None:
    await transfer.leave_open(scene, "asked_enough")
    scene.say("registered", number=scene.number)
    readback.say_number_again(scene)
    transfer.promise_a_call(scene)


def ask_correct_value(scene: Scene, name: str) -> None:
    """The person wants to change something and did not say to what."""
    if not scene.words.has("label", name):
        name = "request"
    scene.lines.append(scene.words.get("ask", "correct", label=scene.words.get("label", name)))
    scene.talk = replace(scene.talk, asked=name)


def question(words: Phrases, talk: Talk, record: Complaint, section: str, name: str) -> str:
    """The wording of one question: by the person's role, and differently the second time or when nothing was heard."""
    role = record.value("party_role")
    forms = [f"{name}_unheard"] if talk.failures else []
    forms += [f"{name}_{role}"] if role in BY_ROLE.get(name, ()) else []
    if talk.asks.get(name, 0) > 1:
        forms.append(f"{name}_again")
    return words.get(section, next((form for form in forms if words.has(section, form)), name))


async def _put(scene: Scene, questions: list[str]) -> None:
    if scene.at_once:
        questions += _of_help(scene)
        if scene.open_case.status == Status.RECEIVED:
            await scene.move(Status.REGISTERED, Status.SUPPLEMENT)
    scene.ask(*questions)


def _of_help(scene: Scene) -> list[str]:
    """What would help, was not asked yet, and never blocks; what is written must be signed (Art 13 (4)).

    A form has a field for each of them.
    """
    if scene.on_page:
        return []
    names = [*to_ask_once(scene.record, scene.submission.sender), *(["signature"] if is_unsigned(scene) else [])]
    return [name for name in names if not scene.talk.asks.get(name)]


def _drop_what_was_asked_enough(scene: Scene, lacking: tuple[str, ...]) -> None:
    refused = scene.record.heard.declined == "refuse" and scene.talk.asked in lacking
    for name in lacking:
        if scene.talk.worn_out(name) or (refused and name == scene.talk.asked):
            scene.talk = scene.talk.dropping(name)


def _steps_to_acceptance(scene: Scene) -> tuple[Status, ...]:
    if scene.open_case.status == Status.RECEIVED:
        return (Status.REGISTERED, Status.ACCEPTED)
    return (Status.ACCEPTED,)


def _has_files(scene: Scene) -> bool:
    return bool(scene.enclosed) or bool(scene.talk.asks.get("evidence"))
