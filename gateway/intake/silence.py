"""When a question stays unanswered: a reminder, a second one, then a person goes on with what there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from channels.base import OutboundKind
from gateway.casework.address import reached_at
from gateway.casework.letters import reply_context
from gateway.casework.lifecycle import OPEN_INTAKE, Status
from gateway.casework.move import record_step
from gateway.casework.tasks import new_task
from gateway.delivery.parcels import new_parcel
from gateway.house import House
from gateway.intake.asking import question
from gateway.intake.phrases import phrases
from gateway.intake.scene import Scene
from gateway.intake.talk import Talk
from gateway.medium import Medium, medium_of
from store.errors import Damaged
from store.unit import Unit
from store.values import Case, Conversation, ConversationId

log = structlog.get_logger(__name__)

BATCH = 50
REMINDERS = ("reminder", "reminder_last")
POST_AND_BACK = timedelta(days=8)  # a letter there, a slip back; of a second one the answer would come too late


def next_reminder(scene: Scene) -> datetime | None:
    """When silence after this turn becomes a reminder: only while a blocking question of ours is open."""
    if scene.by_ear:
        return None  # a call that breaks off is called back by a person
    open_question = scene.collecting and scene.talk.asked and not scene.talk.handed and not scene.talk.paged
    if not open_question or not scene.submission.may_answer:
        return None
    if scene.on_paper:
        return scene.now + POST_AND_BACK
    return scene.now + timedelta(hours=scene.house.settings.remind_after_hours)


async def remind_the_silent(house: House) -> int:
    """One round over the conversations whose time has come; how many there were."""
    async with house.store.reading() as unit:
        due = await unit.conversations.due_ids(house.clock.now(), BATCH)
    for conversation_id in due:
        await _remind_one(house, conversation_id)
    return len(due)


async def _remind_one(house: House, id: ConversationId) -> None:
    """A transaction of its own: a conversation that cannot be read must not silence the others."""
    now = house.clock.now()
    async with house.store.unit() as unit:
        try:
            conversation = await unit.conversations.lock_due(id, now)
        except Damaged:
            log.exception("conversation_damaged", conversation=id)
            await unit.conversations.postpone(id, None)
            await unit.tasks.add(new_task("review", "damaged", now))
            return await unit.commit()
        if conversation is not None:
            await _break_silence(house, unit, conversation)
            await unit.commit()


async def _break_silence(house: House, unit: Unit, conversation: Conversation) -> None:
    talk = Talk.from_state(conversation.state)
    case = await unit.complaints.get(conversation.complaint_id, lock=True) if conversation.complaint_id else None
    remind_at = None
    if case is not None and _is_asked(case) and not talk.handed:
        if talk.reminders < len(REMINDERS) and medium_of(conversation.channel) is not Medium.PAPER:
            remind_at = await _remind(house, unit, conversation, talk, case)
            talk = replace(talk, reminders=talk.reminders + 1)
        else:
            await _take_over(house, unit, conversation, talk, case)
            talk = replace(talk, asked="", reminders=0, left=True, dropped=(*talk.dropped, *case.record.missing))
    await unit.conversations.save(
        conversation.id,
        state=talk.to_state(),
        complaint_id=conversation.complaint_id,
        remind_at=remind_at,
        last_heard_at=conversation.last_heard_at,
    )


def _is_asked(case: Case) -> bool:
    """What was merged into another complaint is complete with it."""
    return case.status in OPEN_INTAKE and case.accepted_at is None and case.merged_into is None


async def _remind(house: House, unit: Unit, conversation: Conversation, talk: Talk, case: Case) -> datetime:
    words = phrases(talk.language)
    text = words.say(REMINDERS[talk.reminders], number=case.number)
    if talk.asked and words.has("ask", talk.asked):
        text = f"{text}\n{question(words, talk, case.record, 'ask', talk.asked)}"
    await _send(house, unit, conversation, case, talk, text)
    settings = house.settings
    hours = settings.remind_again_hours if talk.reminders == 0 else settings.hand_over_hours
    return house.clock.now() + timedelta(hours=hours)


async def _take_over(house: House, unit: Unit, conversation: Conversation, talk: Talk, case: Case) -> None:
    now = house.clock.now()
    words = phrases(talk.language, medium_of(conversation.channel))
    if case.status == Status.RECEIVED:
        await record_step(house, unit, case, (Status.REGISTERED,), "", "gateway")
    await unit.tasks.add(new_task("incomplete", "no_answer", now, case=case, conversation_id=conversation.id))
    text = words.say("taken_over", number=case.number, due=words.date(case.due_at))
    await _send(house, unit, conversation, case, talk, text)


async def _send(house: House, unit: Unit, conversation: Conversation, case: Case, talk: Talk, text: str) -> None:
    now = house.clock.now()
    words = phrases(talk.language)
    await unit.outbox.put(
        new_parcel(
            OutboundKind.REMINDER,
            conversation.channel,
            reached_at(conversation.channel, conversation.contact, case.record),
            text,
            now,
            subject=words.get("mail", "subject_ask"),
            case=case,
            conversation_id=conversation.id,
            language=talk.language,
            context=reply_context(case),
        )
    )
    await unit.timeline.add(case.id, at=now, kind="said", actor="gateway", text=text, conversation_id=conversation.id)
    await unit.complaints.set_work(case.id, {"told_at": now}, now=now)
    unit.wake()
