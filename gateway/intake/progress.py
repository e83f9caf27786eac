"""How things stand: told only to whoever is entitled, and to a stranger in words that reveal nothing.

Entitled are the address on file (the same openid; mail our own MX vouched for), and whoever knows the number and the
last four characters of the registered phone or ID. Wrong number and wrong proof get the same answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gateway.casework.lifecycle import CLOSED, OPEN_INTAKE
from gateway.casework.told_too import as_handled
from gateway.intake.asking import carry_on
from gateway.intake.hotline import transfer
from gateway.intake.hotline.waiting_news import tell_waiting_news
from gateway.intake.outside import case_of_slip
from gateway.intake.phrases import Phrases
from gateway.intake.proof import proven_case, take_back_the_try, too_many_tries
from gateway.intake.scene import Scene
from gateway.intake.withdraw import ask_whether
from normalizer.record import Intent
from store.values import Case

SHOWN_AT_ONCE = 3
WITHHELD_A_DAY = 30  # proofs tried by all callers together who withhold their number
PURPOSE = "progress"


async def progress(scene: Scene) -> None:
    """A question about how things stand, or the next step of proving who asks."""
    own = await _own_cases(scene)
    named = scene.record.heard.case_numbers or ((scene.talk.number,) if scene.talk.number else ())
    mine = [case for case in own if not named or case.number in named]
    if mine:
        _tell(scene, [await as_handled(scene.unit, case) for case in mine])
    elif named:
        await _prove(scene, named[-1])
    else:
        _ask_for_number(scene)
    await _return_to_the_form(scene)


async def proof(scene: Scene) -> None:
    """The answer to our question for a number or a proof; "I don't know" ends it, and no complaint is made of it."""
    heard = scene.record.heard
    offered = bool(heard.case_numbers or _offered_proof(scene))
    if heard.declined or (scene.talk.worn_out(scene.talk.asked) and not offered):
        if scene.by_ear:
            return await _to_a_person(scene)
        scene.say("progress_none")
        scene.talk = replace(scene.talk.without("case_number", "last_four"), purpose="", number="")
        return
    await progress(scene)


def label(words: Phrases, case: Case) -> str:
    """One line of one case: state and the day an answer is due, nothing personal."""
    open_ended = case.status in CLOSED
    due = "" if open_ended else words.say("progress_due", due=words.date(case.due_at))
    return words.say("progress", number=case.number, label=words.get("status", case.status), due=due)


async def _own_cases(scene: Scene) -> Sequence[Case]:
    if scene.by_ear:
        return [scene.case] if scene.case is not None and _was_told_here(scene, scene.case) else []
    if (case := case_of_slip(scene)) is not None:
        return [case]
    if not scene.submission.attested:
        return ()
    submission = scene.submission
    cases = await scene.unit.complaints.of_contact(submission.channel, submission.sender)
    return [case for case in cases if case.record.intent is Intent.COMPLAINT]


def _was_told_here(scene: Scene, case: Case) -> bool:
    """In this very call; another one from the same number may have been anybody's."""
    return case.conversation_id == scene.conversation.id and case.record.intent is Intent.COMPLAINT


def _tell(scene: Scene, cases: Sequence[Case]) -> None:
    running = [case for case in cases if case.status not in CLOSED] or list(cases[:1])
    for case in running[:SHOWN_AT_ONCE]:
        if case.status in OPEN_INTAKE and case.accepted_at is None:
            scene.say("progress_open", number=case.number)
        else:
            scene.lines.append(label(scene.words, case))
    scene.talk = replace(scene.talk, purpose="", number="")


def _ask_for_number(scene: Scene) -> None:
    if scene.talk.worn_out("case_number"):
        scene.say("progress_none")
        scene.talk = replace(scene.talk.without("case_number"), purpose="")
        return
    if not scene.by_ear:
        scene.say("progress_none")
    scene.ask("case_number")
    scene.talk = replace(scene.talk, purpose=PURPOSE)


async def _prove(scene: Scene, number: str) -> None:
    """Number and last four must belong together; tries are limited for the person and for the number."""
    proof = _offered_proof(scene)
    if not proof:
        scene.ask("last_four")
        scene.talk = replace(scene.talk, purpose=scene.talk.purpose or PURPOSE, number=number)
        return
    if await _tried_too_often(scene, number):
        return await _locked(scene)
    case = await proven_case(scene.unit, number, proof)
    scene.talk = replace(scene.talk, asked="", number="")
    if case is None:
        return await _failed(scene)
    await take_back_the_try(scene.unit, _tries(scene, number), scene.now)
    await _proven(scene, case)


async def _tried_too_often(scene: Scene, number: str) -> bool:
    allowed = scene.house.settings.proof_tries
    withheld = scene.by_ear and not scene.submission.sender
    if withheld and await too_many_tries(scene.unit, ("withheld",), WITHHELD_A_DAY, scene.now):
        return True
    return await too_many_tries(scene.unit, _tries(scene, number), allowed, scene.now)


async def _proven(scene: Scene, case: Case) -> None:
    """The one on the line knows what only the owner knows."""
    purpose = scene.talk.purpose
    scene.talk = replace(scene.talk, purpose="", proven=case.number)
    if scene.by_ear and purpose == "withdraw":
        return ask_whether(scene, case)
    scene.lines.append(label(scene.words, await as_handled(scene.unit, case)))
    if scene.by_ear:
        await tell_waiting_news(scene, case)
        scene.tell("that_is_all")
        scene.talk = replace(scene.talk, asked="more")


async def _failed(scene: Scene) -> None:
    """On the line the number is asked for again; after three tries a person takes over."""
    scene.say("proof_failed")
    if not scene.by_ear:
        scene.talk = replace(scene.talk, purpose="")
        return
    scene.talk = replace(scene.talk.without("case_number", "last_four"), tries=scene.talk.tries + 1)
    if scene.talk.tries >= scene.house.settings.proof_tries:
        return await _to_a_person(scene)
    scene.ask("case_number")


async def _locked(scene: Scene) -> None:
    scene.say("proof_locked")
    scene.talk = replace(scene.talk, asked="", purpose="", number="")
    if scene.by_ear:
        await _to_a_person(scene)


async def _to_a_person(scene: Scene) -> None:
    """Somebody who may be the owner and cannot show it: no complaint, and nothing told, but a person."""
    await transfer.ask_to_call_back(scene, "cannot_prove", detail=scene.submission.text)
    scene.talk = replace(scene.talk, asked="", purpose="", number="")
    if transfer.can_ring(scene):
        return transfer.ring(scene)
    scene.tell("staff_will_check")
    if not transfer.ask_where(scene):
        transfer.end(scene)


def _offered_proof(scene: Scene) -> str:
    """Four characters, or the whole phone or ID number when somebody gives that instead."""
    heard = scene.record.heard
    whole = next((scene.record.value(name)[-4:] for name in ("phone", "id_number") if name in heard.fields), "")
    return heard.last_four or whole


def _tries(scene: Scene, number: str) -> tuple[str, str]:
    """Whoever calls again is the same person; of those who withhold their number each call is one."""
    sender = scene.submission.sender
    who = f"caller:{sender.value}" if scene.by_ear and sender else f"person:{scene.conversation.id}"
    return (who, f"number:{number}")


async def _return_to_the_form(scene: Scene) -> None:
    """Asked in the middle of the intake: answered in a line, and the intake goes on where it was."""
    if scene.asks or not scene.collecting or scene.talk.handed:
        return
    if scene.record.intent is Intent.COMPLAINT and scene.talk.asked:
        scene.forgive()
        await carry_on(scene)
