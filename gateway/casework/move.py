"""Staff or a clock move a complaint: guard, history, the words for the customer, and one parcel, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from channels.base import OutboundKind
from gateway.casework.address import reached_at
from gateway.casework.decision import Decision, require_parts
from gateway.casework.letters import reply_context
from gateway.casework.lifecycle import CLOSED, TOLD, Status, check
from gateway.casework.tasks import VERIFICATION
from gateway.delivery.parcels import new_parcel
from gateway.house import House
from gateway.intake.phrases import Phrases, phrases
from gateway.medium import Medium, medium_of
from store.unit import Unit
from store.values import Case

# What news asks for, by letter on its slip.
ASKED_WITH = {Status.SUPPLEMENT: ("supplement", "evidence"), Status.FOLLOW_UP: ("score",)}

UNTOLD = "untold"  # in a case's reply context: its sender was refuted, and nothing is ever told there


class NoSuchComplaint(LookupError):
    """There is no complaint with this number."""


async def move(
    house: House, number: str, wanted: Status, *, note: str, tell: bool, actor: str, decision: Decision | None = None
) -> Case:
    """Take a complaint to another state; raises NoSuchComplaint or NotAllowed and then changes nothing.

    ``note`` is what the customer reads with the news, and stands for the parts of a ``decision`` where there is none;
    ``tell`` sends it on the channel they came by.
    """
    note = note if note.strip() or decision is None else decision.in_words()
    async with house.store.unit() as unit:
        case = await unit.complaints.by_number(number, lock=True)
        if case is None:
            raise NoSuchComplaint(number)
        steps = check(Status(case.status), wanted, note)
        require_parts(case, wanted, decision, tell=tell)
        await record_step(house, unit, case, steps, note, actor)
        if tell and wanted in TOLD and UNTOLD not in case.reply_context:
            await _tell(house, unit, case, wanted, note, decision)
        await unit.commit()
    return await _reread(house, number)


async def record_step(house: House, unit: Unit, case: Case, steps: tuple[Status, ...], note: str, actor: str) -> None:
    """The case in its new state, with its history and the audit trail."""
    now = house.clock.now()
    path = [case.status, *steps]
    accepted_at = now if Status.ACCEPTED in steps and case.accepted_at is None else None
    await unit.complaints.save(case.id, status=steps[-1], accepted_at=accepted_at, now=now)
    if steps[-1] in CLOSED:
        await _spare_the_look(unit, case, now, actor)
    await unit.timeline.add(
        case.id, at=now, kind="status", actor=actor, text=steps[-1], data={"path": path, "note": note}
    )
    await unit.audit.write(at=now, actor=actor, action="status", subject=case.number, detail={"path": path})


async def _spare_the_look(unit: Unit, case: Case, now: datetime, actor: str) -> None:
    """What was doubtful in its letters matters no more."""
    await unit.scans.drop(case.id)
    for task in await unit.tasks.open_of(complaint_id=case.id, kind=VERIFICATION):
        await unit.tasks.done(task.id, now, actor)


async def _tell(house: House, unit: Unit, case: Case, status: Status, note: str, decision: Decision | None) -> None:
    now = house.clock.now()
    words = phrases(case.record.language, medium_of(case.channel))
    label = words.get("status", status)
    text = news(words, case, status, note)
    await unit.outbox.put(
        new_parcel(
            OutboundKind.STATUS,
            case.channel,
            reached_at(case.channel, case.contact, case.record),
            _letter(house, words, text) if case.channel == "email" else text,
            now,
            subject=words.get("push", "subject", number=case.number, label=label),
            case=case,
            conversation_id=case.conversation_id,
            language=words.language,
            status_label=label,
            link=progress_link(house, case),
            context=_context(words, case, status, decision),
        )
    )
    await unit.timeline.add(case.id, at=now, kind="said", actor="gateway", text=text)
    unit.wake()


def _context(words: Phrases, case: Case, status: Status, decision: Decision | None) -> Mapping[str, str]:
    """For the channel to answer in thread; a letter brings a slip where something is asked, and a decision's parts."""
    if medium_of(case.channel) is not Medium.PAPER:
        return case.reply_context
    asks = [(name, words.get("item", name)) for name in ASKED_WITH.get(status, ())]
    parts = {"decision": decision.to_json()} if decision is not None else {}
    return {**reply_context(case, asks), **parts}


def news(words: Phrases, case: Case, status: Status, note: str) -> str:
    """What the customer reads of this change; also the preview that staff see before they send it."""
    due = "" if status in CLOSED else words.date(case.due_at)
    return words.get("push", status, number=case.number, note=note.strip(), due=due).strip()


def progress_link(house: House, case: Case) -> str:
    base = house.settings.public_url.rstrip("/")
    return f"{base}/progress?number={case.number}" if base else ""


def _letter(house: House, words: Phrases, text: str) -> str:
    closing = words.get("mail", "closing", org=house.settings.org_name)
    return "\n\n".join((words.get("mail", "greeting"), text, closing))


async def _reread(house: House, number: str) -> Case:
    async with house.store.reading() as unit:
        case = await unit.complaints.by_number(number)
    if case is None:
        raise NoSuchComplaint(number)
    return case
