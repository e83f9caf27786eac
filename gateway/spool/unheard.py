"""What was decided while nobody listened any more: an answer that is still to be sent, a call that was promised."""

from __future__ import annotations

from channels.base import Answer, OutboundKind
from gateway.casework.tasks import new_task
from gateway.delivery.parcels import new_parcel
from gateway.house import House
from gateway.intake.entering import enter
from gateway.intake.hotline.transfer import CALL_BACK_WITHIN
from normalizer.record import Submission
from store.values import LedgerState

SPOKEN = "spoken"
AWAY = "system_away"  # why somebody is called back


async def send_unheard(house: House, submission: Submission, answer: Answer) -> None:
    """Words that the ledger has as spoken, while their hearer was told interim ones: they leave by the outbox, once.

    The item was committed although we had given up waiting for it.
    """
    async with house.store.unit() as unit:
        conversation = await unit.conversations.lock(submission.channel, submission.sender, house.clock.now())
        entry = await enter(unit, submission)
        if entry.state is LedgerState.STORED or entry.answer_kind != SPOKEN:
            return
        case = await unit.complaints.get(entry.complaint_id) if entry.complaint_id is not None else None
        await unit.outbox.put(
            new_parcel(
                OutboundKind.ANSWER,
                submission.channel,
                submission.sender,
                entry.answer_text,
                house.clock.now(),
                case=case,
                conversation_id=conversation.id,
                ledger_id=entry.id,
                language=answer.language,
                context=submission.context,
            )
        )
        await unit.ledger.queued_after_all(entry.id)
        unit.wake()
        await unit.commit()


async def call_them_back(house: House, submission: Submission) -> None:
    """A caller was told that we call back: one task for the call, with its complaint as soon as there is one."""
    async with house.store.unit() as unit:
        now = house.clock.now()
        talk = await unit.conversations.lock(submission.channel, submission.sender, now, talk=submission.talk)
        case = await unit.complaints.get(talk.complaint_id) if talk.complaint_id is not None else None
        if not await unit.tasks.open_of(conversation_id=talk.id, kind="callback"):
            task = new_task("callback", AWAY, now, within=CALL_BACK_WITHIN, case=case, conversation_id=talk.id)
            await unit.tasks.add(task)
        elif case is not None:
            await unit.tasks.adopt(talk.id, case.id, case.number)
        await unit.commit()
