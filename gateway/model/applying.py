"""What a model proposed goes into the record as it is now, in one short transaction; seen danger calls a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from gateway.casework.lifecycle import CLOSED, Status
from gateway.casework.move import record_step
from gateway.casework.tasks import new_task
from gateway.house import House
from gateway.intake.paging import page_somebody
from gateway.intake.talk import Talk
from gateway.intake.urgent import WITHIN, danger_in
from normalizer.proposals.accepting import Proposal, accepted, changed
from normalizer.proposals.hiding import Masked
from store.unit import Unit
from store.values import Case, ComplaintId, Conversation

ACTOR = "model"


async def apply(house: House, id: ComplaintId, text: Masked, proposals: Sequence[Proposal], *, model: str) -> None:
    """Check the proposals against the locked record, which may have moved on while the model was reading."""
    now = house.clock.now()
    async with house.store.unit() as unit:
        talk, case = await _locked(unit, id)
        if case is None:
            return
        record = case.record
        if case.status not in CLOSED:
            record = accepted(record, text, proposals, model=model, sender=case.contact)
        names = changed(case.record, record)
        if names:
            await _save(house, unit, talk, case, replace(case, record=record), names)
        # Text was entrusted to somebody: kept with the audit trail for three years (PIPL 55, 56), changed or not.
        facts: dict[str, Any] = {"model": model, "characters": len(text.text), "fields": list(names)}
        await unit.audit.write(at=now, actor=ACTOR, action="read_along", subject=case.number, detail=facts)
        await unit.commit()


async def _locked(unit: Unit, id: ComplaintId) -> tuple[Conversation | None, Case | None]:
    """Conversation first, then complaint: the order in which all lock (store/unit.py)."""
    seen = await unit.complaints.get(id)
    if seen is None:
        return None, None
    talk = await unit.conversations.get(seen.conversation_id, lock=True) if seen.conversation_id else None
    return talk, await unit.complaints.get(id, lock=True)


async def _save(
    house: House, unit: Unit, talk: Conversation | None, before: Case, case: Case, names: Sequence[str]
) -> None:
    now = house.clock.now()
    await unit.complaints.save(case.id, record=case.record, now=now)
    await unit.timeline.add(case.id, at=now, kind="field", actor=ACTOR, data={"fields": list(names)})
    if case.record.value("priority") == "P0" and before.record.value("priority") != "P0":
        await _call_somebody(house, unit, talk, case, now)


async def _call_somebody(house: House, unit: Unit, talk: Conversation | None, case: Case, now: datetime) -> None:
    """As when the rules see danger (gateway/intake/urgent.py), but for the words: the customer is told nothing here."""
    if await unit.tasks.open_of(complaint_id=case.id, kind="page"):
        return
    if case.status == Status.RECEIVED:
        await record_step(house, unit, case, (Status.REGISTERED,), "", "gateway")
    danger = danger_in(case.record)
    task = new_task("page", danger, now, within=WITHIN, case=case, conversation_id=case.conversation_id)
    await unit.tasks.add(replace(task, detail=case.record.fields["priority"].source))
    await unit.timeline.add(case.id, at=now, kind="task", actor=ACTOR, text=f"page: {danger}")
    await page_somebody(house, unit, case, danger, now)
    if talk is not None and talk.complaint_id == case.id:
        await _ask_no_more(unit, talk)


async def _ask_no_more(unit: Unit, talk: Conversation) -> None:
    """Nobody in danger is reminded of a form."""
    state = replace(Talk.from_state(talk.state), paged=True, asked="", reminders=0)
    await unit.conversations.save(
        talk.id,
        state=state.to_state(),
        complaint_id=talk.complaint_id,
        remind_at=None,
        last_heard_at=talk.last_heard_at,
    )
