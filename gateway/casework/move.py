"""Staff or a clock move a complaint: guard, history, the words for the customer, and one parcel, in one transaction."""

from __future__ import annotations

from datetime import datetime

from gateway.casework import telling
from gateway.casework.acts.by import By, is_the_house, knows_of, login_of
from gateway.casework.clocks.following import clock_follows
from gateway.casework.decision import Decision, require_parts
from gateway.casework.emergency.reporting import report_result
from gateway.casework.ending import work_of
from gateway.casework.guards import require_announced, require_decision_told, require_entitled
from gateway.casework.lifecycle import CLOSED, DECIDES, TOLD, NotAllowed, Outcome, Status, check
from gateway.casework.tasks import VERIFICATION, new_task
from gateway.casework.telling import Message
from gateway.casework.told_too import News, lock_with_merged, tell_merged
from gateway.casework.undelivered import NOT_DELIVERED
from gateway.house import House
from gateway.intake.phrases import Phrases, phrases
from gateway.medium import medium_of
from store.unit import Unit
from store.values import Case

# What news asks for, by letter on its slip.
ASKED_WITH = {Status.SUPPLEMENT: ("supplement", "evidence"), Status.FOLLOW_UP: ("score",)}


class NoSuchComplaint(LookupError):
    """There is no complaint with this number."""


async def move(
    house: House,
    number: str,
    wanted: Status,
    *,
    note: str,
    tell: bool,
    actor: By,
    decision: Decision | None = None,
    outcome: Outcome | None = None,
) -> Case:
    """Take a complaint to another state; raises NoSuchComplaint or NotAllowed and then changes nothing.

    ``note`` is what the customer reads with the news, and stands for the parts of a ``decision`` where there is none;
    ``tell`` sends it on the channel they came by; ``outcome`` belongs to a decision.
    """
    note = note if note.strip() or decision is None else decision.in_words()
    async with house.store.unit() as unit:
        if wanted in DECIDES:
            await lock_with_merged(unit, number)
        case = await unit.complaints.by_number(number, lock=True)
        if case is None or not knows_of(actor, case):
            raise NoSuchComplaint(number)
        steps = await steps_allowed(
            unit, case, wanted, note=note, tell=tell, actor=actor, decision=decision, outcome=outcome
        )
        told, login = tell and wanted in TOLD, login_of(actor)
        await _write_step(house, unit, case, steps, note, login, outcome)
        parcel = await telling.tell(house, unit, case, news_of(case, wanted, note, decision)) if told else ""
        await clock_follows(unit, case, wanted, house.clock.now(), login, parcel=parcel)
        if wanted is Status.DECIDED and not told and not is_the_house(actor):
            await unit.tasks.add(new_task("delivery", NOT_DELIVERED, house.clock.now(), case=case))
        if wanted in DECIDES:
            await tell_merged(house, unit, case, _news_too(wanted, note, decision), told=told)
        await unit.commit()
    return await reread(house, number)


def _news_too(wanted: Status, note: str, decision: Decision | None) -> News:
    """The same decision for a complaint that was merged into this one; None where a letter would lack its parts."""

    def news_too(other: Case) -> Message | None:
        try:
            require_parts(other, wanted, decision, tell=True)
        except NotAllowed:
            return None
        return news_of(other, wanted, note, decision)

    return news_too


async def steps_allowed(
    unit: Unit,
    case: Case,
    wanted: Status,
    *,
    note: str,
    tell: bool,
    actor: By,
    decision: Decision | None,
    outcome: Outcome | None,
) -> tuple[Status, ...]:
    """The steps to take; NotAllowed for the move and for its preview alike."""
    steps = check(Status(case.status), wanted, note)
    require_parts(case, wanted, decision, tell=tell)
    require_entitled(case, wanted, actor, outcome)
    require_announced(case, wanted, actor, note, tell=tell)
    await require_decision_told(unit, case, wanted, actor)
    return steps


async def record_step(
    house: House,
    unit: Unit,
    case: Case,
    steps: tuple[Status, ...],
    note: str,
    actor: str,
    outcome: Outcome | None = None,
    *,
    at: datetime | None = None,
) -> None:
    """The case in its new state, with its clock, history and audit trail; ``at``: since when the clock counts it."""
    await clock_follows(unit, case, steps[-1], house.clock.now(), actor, at=at)
    await _write_step(house, unit, case, steps, note, actor, outcome)


async def _write_step(
    house: House,
    unit: Unit,
    case: Case,
    steps: tuple[Status, ...],
    note: str,
    actor: str,
    outcome: Outcome | None,
) -> None:
    now = house.clock.now()
    path = [case.status, *steps]
    accepted_at = now if Status.ACCEPTED in steps and case.accepted_at is None else None
    await unit.complaints.save(case.id, status=steps[-1], accepted_at=accepted_at, now=now)
    if work := work_of(case, steps[-1], now, outcome):
        await unit.complaints.set_work(case.id, work, now=now)
    if steps[-1] == Status.DECIDED:
        await report_result(house, unit, case)
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


def news_of(case: Case, status: Status, note: str, decision: Decision | None = None) -> Message:
    """What the customer is told of this change."""
    words = phrases(case.record.language, medium_of(case.channel))
    parts = {"decision": decision.to_json()} if decision is not None else {}
    return Message(
        text=news(words, case, status, note),
        label=words.get("status", status),
        asks=ASKED_WITH.get(status, ()),
        facts=parts,
    )


def news(words: Phrases, case: Case, status: Status, note: str) -> str:
    """What the customer reads of this change; also a preview."""
    due = "" if status in CLOSED else words.date(case.due_at)
    return words.get("push", status, number=case.number, note=note.strip(), due=due).strip()


async def reread(house: House, number: str) -> Case:
    """As it is now. Raises NoSuchComplaint."""
    async with house.store.reading() as unit:
        case = await unit.complaints.by_number(number)
    if case is None:
        raise NoSuchComplaint(number)
    return case
