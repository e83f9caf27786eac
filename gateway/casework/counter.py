"""A visitor's complaint at a branch counter: whose branch it is, who wrote it down, and where it is recorded."""

from __future__ import annotations

from datetime import datetime, timedelta

from gateway.house import House
from gateway.staff.actor import Actor
from gateway.staff.scope import seen
from normalizer.record import SHANGHAI, Contact, ContactKind
from store.unit import Unit
from store.values import Case

CHANNEL = "counter"
BATCH, BATCHES = 100, 5


async def branch_of(unit: Unit, actor: Actor) -> str:
    """Code of the branch where somebody works; empty: the head office."""
    person = await unit.people.get(actor.person_id) if actor.person_id is not None else None
    return person.branch if person is not None else ""


async def case_of_visit(unit: Unit, visit: str) -> Case | None:
    """What a visitor complains about: the newest of their visit."""
    found = await unit.complaints.of_contact(CHANNEL, Contact(kind=ContactKind.VISIT, value=visit), 1)
    return found[0] if found else None


async def record_clerk(house: House, visit: str, recording: str, actor: Actor) -> None:
    """Name the clerk who wrote it down, and give the complaint to their branch; nothing while there is none."""
    async with house.store.unit() as unit:
        found = await case_of_visit(unit, visit)
        case = await unit.complaints.get(found.id, lock=True) if found is not None else None
        if case is None:
            return
        now, branch = house.clock.now(), case.branch or await branch_of(unit, actor)
        await unit.complaints.set_work(case.id, {"branch": branch}, now=now)
        facts = {"branch": branch, **({"recording": recording} if recording else {})}
        await unit.timeline.add(case.id, at=now, kind="counter", actor=actor.login, text="written_down", data=facts)
        await unit.audit.write(
            at=now, actor=actor.login, action="counter", subject=case.number, detail={"branch": branch}
        )
        await unit.commit()


async def registered_today(unit: Unit, actor: Actor, now: datetime) -> list[Case]:
    """Today's complaints from the counters that somebody may know of, newest first."""
    today = now.astimezone(SHANGHAI).date()
    found: list[Case] = []
    before: int | None = None
    for _ in range(BATCHES):
        batch = await unit.complaints.search(channel=CHANNEL, before_id=before, limit=BATCH)
        found += seen(actor, [case for case in batch if case.received_at.astimezone(SHANGHAI).date() == today])
        if len(batch) < BATCH or batch[-1].received_at < now - timedelta(days=1):
            break
        before = batch[-1].id
    return found
