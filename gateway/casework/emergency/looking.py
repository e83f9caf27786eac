"""Emergencies that somebody may know of."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.casework.emergency.view import Seen, seen_as
from gateway.staff.actor import Actor
from gateway.staff.known_pages import known_page
from gateway.staff.scope import sees
from store.desk import Emergency
from store.unit import Unit


async def listed(
    unit: Unit, actor: Actor, state: str, *, before: int | None = None, limit: int = 50
) -> tuple[Sequence[Seen], int | None]:
    """Those in a state that they may see, newest first, and the id after which the next page begins."""

    async def known(rows: Sequence[Emergency]) -> Sequence[Emergency]:
        cases = await unit.complaints.several([row.complaint_id for row in rows])
        return [row for row in rows if row.complaint_id in cases and sees(actor, cases[row.complaint_id])]

    rows, after = await known_page(
        lambda before, most: unit.emergencies.list(state, before=before, limit=most),
        known,
        lambda row: row.id,
        before,
        limit,
    )
    cases = await unit.complaints.several([row.complaint_id for row in rows])
    return [seen_as(row, cases[row.complaint_id]) for row in rows], after


async def one(unit: Unit, actor: Actor, id: int) -> Seen | None:
    emergency = await unit.emergencies.get(id)
    case = await unit.complaints.get(emergency.complaint_id) if emergency else None
    if emergency is None or case is None or not sees(actor, case):
        return None
    return seen_as(emergency, case)
