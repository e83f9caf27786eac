"""A visitor's complaint at a branch counter: whose branch it is, who wrote it down, and where it is recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from gateway.house import House
from gateway.staff.actor import Actor
from gateway.staff.scope import seen
from normalizer.record import SHANGHAI, Contact, ContactKind
from store.unit import Unit
from store.values import Case, Moment

CHANNEL = "counter"
OF_BRANCH = "counter_branch"  # in the context of what is written down there: a complaint begins in that branch
WRITTEN = "counter"  # the entry of the timeline that names the clerk
BATCH, BATCHES = 100, 5


async def branch_of(unit: Unit, actor: Actor) -> str:
    """Code of the branch where somebody works; empty: the head office."""
    person = await unit.people.get(actor.person_id) if actor.person_id is not None else None
    return person.branch if person is not None else ""


async def context_of(house: House, actor: Actor) -> Mapping[str, str]:
    """What an item from the counter bears of the clerk."""
    async with house.store.reading() as unit:
        branch = await branch_of(unit, actor)
    return {OF_BRANCH: branch} if branch else {}


async def case_of_visit(unit: Unit, visit: str) -> Case | None:
    """What a visitor complains about: the newest of their visit."""
    found = await unit.complaints.of_contact(CHANNEL, Contact(kind=ContactKind.VISIT, value=visit), 1)
    return found[0] if found else None


def is_of_today(case: Case, now: datetime) -> bool:
    """Did this visit begin today, in Shanghai? An older one is the ticket's."""
    return case.received_at.astimezone(SHANGHAI).date() == now.astimezone(SHANGHAI).date()


async def began_it(unit: Unit, case: Case, actor: Actor) -> bool:
    """Did they write the visitor's first words down? Who only adds to it does not become the one who heard all."""
    written = await unit.timeline.of_kind(WRITTEN, [case.id])
    return bool(written) and written[0].actor == actor.login


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
        if _is_noted(await unit.timeline.of(case.id), actor, facts):
            return
        await unit.timeline.add(case.id, at=now, kind=WRITTEN, actor=actor.login, text="written_down", data=facts)
        await unit.audit.write(
            at=now, actor=actor.login, action="counter", subject=case.number, detail={"branch": branch}
        )
        await unit.commit()


def _is_noted(talk: Sequence[Moment], actor: Actor, facts: Mapping[str, str]) -> bool:
    """Does it stand there since the visitor last spoke? The same form sent again adds nothing."""
    heard = max((place for place, moment in enumerate(talk) if moment.kind == "heard"), default=0)
    noted = [moment for moment in talk[heard:] if moment.kind == WRITTEN]
    return any(moment.actor == actor.login and dict(moment.data) == facts for moment in noted)


async def registered_today(unit: Unit, actor: Actor, now: datetime) -> list[Case]:
    """Today's complaints from the counters of somebody's own branch, newest first."""
    branch = await branch_of(unit, actor)
    found: list[Case] = []
    before: int | None = None
    for _ in range(BATCHES):
        batch = await unit.complaints.search(channel=CHANNEL, before_id=before, limit=BATCH)
        found += seen(actor, [case for case in batch if case.branch == branch and is_of_today(case, now)])
        if len(batch) < BATCH or batch[-1].received_at < now - timedelta(days=1):
            break
        before = batch[-1].id
    return found
