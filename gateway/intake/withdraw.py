"""Taking a complaint back: asked once whether it is meant, then ended the same day (令2020年第3号 Art 15)."""

from __future__ import annotations

import re
from dataclasses import replace

from gateway.casework.lifecycle import NEXT, Status
from gateway.casework.telling import Message, tell
from gateway.intake.asking import carry_on
from gateway.intake.outside import case_of_slip
from gateway.intake.phrases import phrases
from gateway.intake.scene import Scene
from gateway.medium import medium_of
from normalizer.record import Intent
from store.values import Case

CONFIRMED = re.compile(r"[确確][认認定].{0,4}撤|(?:我要|是的?|同意)撤[回销銷诉訴]|confirm", re.IGNORECASE)
MEANT_NOT = re.compile(r"不.{0,3}撤|[别別]撤|继续|繼續|do not|don't|go on", re.IGNORECASE)


async def withdraw(scene: Scene) -> None:
    """Find which complaint is meant, and ask for confirmation before it ends."""
    cases = await _withdrawable(scene)
    named = set(scene.record.heard.case_numbers)
    meant = [case for case in cases if case.number in named] if named else cases
    if not meant and scene.by_ear:
        _ask_which(scene)
    elif not meant:
        scene.say("withdraw_none")
        await scene.task("review", "withdraw_unknown", detail=scene.submission.text)
    elif len(meant) > 1:
        scene.say("withdraw_which", numbers="、".join(case.number for case in meant))
        scene.talk = replace(scene.talk, asked="case_number", purpose="withdraw")
    else:
        ask_whether(scene, meant[0])


async def answer_confirmation(scene: Scene) -> None:
    """The reply to "do you really want to": yes ends it, anything else goes on."""
    cases = await _withdrawable(scene)
    case = next((each for each in cases if each.number == scene.talk.number), None)
    scene.talk = replace(scene.talk, asked="", purpose="", number="")
    if case is None:
        scene.say("withdraw_none")
    elif _is_meant(scene):
        await _end(scene, case)
    else:
        await _keep(scene, case)


def _ask_which(scene: Scene) -> None:
    """The caller's number is no proof: number and last four first, as for a question how things stand."""
    scene.ask("case_number")
    scene.talk = replace(scene.talk, purpose="withdraw")


def ask_whether(scene: Scene, case: Case) -> None:
    scene.say("withdraw_confirm", number=case.number)
    scene.talk = replace(scene.talk, asked="withdraw_confirm", purpose="withdraw", number=case.number)
    if scene.on_paper:  # with a slip on which it can be said
        scene.case = case
        scene.asks.append("withdraw_confirm")


async def _withdrawable(scene: Scene) -> list[Case]:
    """Only the sender's own cases; mail nobody vouched for must at least be a reply to our own message."""
    if scene.by_ear:
        return await _of_this_call(scene)
    if (case := case_of_slip(scene)) is not None:
        return [case] if _can_end(case) else []
    thread = scene.submission.thread
    if not scene.submission.attested and not (thread and thread.proven):
        return []
    cases = await scene.unit.complaints.of_contact(scene.submission.channel, scene.submission.sender)
    return [case for case in cases if _can_end(case)]


async def _of_this_call(scene: Scene) -> list[Case]:
    """What was told in this very call, and the one whose owner has proven to be on the line."""
    proven = await scene.unit.complaints.by_number(scene.talk.proven, lock=True) if scene.talk.proven else None
    told = scene.case if scene.case and scene.case.conversation_id == scene.conversation.id else None
    found = {case.id: case for case in (told, proven) if case is not None and _can_end(case)}
    return list(found.values())


def _can_end(case: Case) -> bool:
    return Status.WITHDRAWN in NEXT[Status(case.status)] and case.record.intent is Intent.COMPLAINT


def _is_meant(scene: Scene) -> bool:
    text, heard = scene.submission.text, scene.record.heard
    if MEANT_NOT.search(text) or heard.agreed is False:
        return False
    return heard.agreed is True or heard.intent is Intent.WITHDRAW or bool(CONFIRMED.search(text))


async def _end(scene: Scene, chosen: Case) -> None:
    """Once it is locked: what was decided a moment ago is not withdrawn over."""
    talked_about = scene.case
    case = await scene.unit.complaints.get(chosen.id, lock=True)
    if case is None or not _can_end(case):
        scene.say("withdraw_none")
        return await _back_to(scene, talked_about, chosen)
    scene.case = case
    await scene.move(Status.WITHDRAWN)
    scene.say("withdrawn", number=case.number, date=scene.words.date(scene.now))
    if scene.on_page:
        await _tell_where_they_came_by(scene, case)
    await _back_to(scene, talked_about, case)


async def _tell_where_they_came_by(scene: Scene, case: Case) -> None:
    """Number and last four can be known to others: the owner hears of it on the channel of the complaint."""
    words = phrases(case.record.language, medium_of(case.channel))
    text = words.get("push", Status.WITHDRAWN, number=case.number, note="")
    await tell(scene.house, scene.unit, case, Message(text=text, label=words.get("status", Status.WITHDRAWN)))


async def _keep(scene: Scene, case: Case) -> None:
    scene.say("not_withdrawn", number=case.number)
    await _back_to(scene, scene.case, case)


async def _back_to(scene: Scene, talked_about: Case | None, case: Case) -> None:
    """The talk goes on with the complaint it was about, which need not be the one in question."""
    if talked_about is not None and talked_about.id != case.id:
        scene.case = talked_about
    scene.record = scene.open_case.record if scene.case is not None else scene.record
    if scene.collecting and not scene.talk.handed:
        await carry_on(scene)
