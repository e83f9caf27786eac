"""What time brings about in emergencies: the next level is called, late steps are told, grave complaints get a plan."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from gateway.casework.emergency.opening import GATEWAY, KIND, LEVELS, open_for, write_down
from gateway.casework.emergency.paging import call
from gateway.casework.emergency.plans import Plan, plans
from gateway.casework.emergency.times import attention_at, late, next_level
from gateway.casework.tasks import new_task
from gateway.house import House
from store.desk import Emergency
from store.unit import Unit
from store.values import Case, ComplaintId

log = structlog.get_logger(__name__)

LOOK_BACK = timedelta(days=1)  # grades raised while no gateway ran are seen when one does
AT_ONCE = 50
REACT = timedelta(minutes=15)


class EmergencyRound:
    """Each emergency in a transaction of its own, locked and looked at again: several gateways run this."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def go(self) -> None:
        now = self._house.clock.now()
        await self._open_the_grave(now)
        async with self._house.store.reading() as unit:
            due = await unit.emergencies.due(now, AT_ONCE)
        for id in due:
            await _alone(self._attend, id, "emergency_round_failed")

    async def _open_the_grave(self, now: datetime) -> None:
        """Whoever graded it, by whatever way: a grave complaint has a plan."""
        async with self._house.store.reading() as unit:
            found = [
                id
                for place, level in enumerate(LEVELS)
                for id in await unit.emergencies.lacking(level, _covering(place), now - LOOK_BACK, AT_ONCE)
            ]
        for id in found:
            await _alone(self._open, id, "emergency_not_opened")

    async def _open(self, id: int) -> None:
        async with self._house.store.unit() as unit:
            case = await unit.complaints.get(ComplaintId(id), lock=True)
            if case is not None and await open_for(self._house, unit, case) is not None:
                unit.wake()
                await unit.commit()

    async def _attend(self, id: int) -> None:
        now = self._house.clock.now()
        async with self._house.store.unit() as unit:
            seen = await unit.emergencies.get(id)
            case = await unit.complaints.get(seen.complaint_id, lock=True) if seen else None
            emergency = await unit.emergencies.get(id, lock=True)
            if case is None or emergency is None or emergency.escalate_at is None or emergency.escalate_at > now:
                return  # another gateway was faster
            await unit.emergencies.save(await self._attended(unit, case, emergency, now))
            await unit.commit()

    async def _attended(self, unit: Unit, case: Case, emergency: Emergency, now: datetime) -> Emergency:
        plan = plans().of(emergency.plan)
        if plan is None:  # taken out of the files meanwhile: people go on with it by hand
            return replace(emergency, escalate_at=None)
        while (level := next_level(plans(), plan, emergency, now)) is not None:
            emergency = replace(emergency, level=emergency.level + 1, facts=_paged(emergency, level.page, now))
            await call(self._house, unit, case, plans(), plan, level.page, "not_taken", now)
            await self._ask(unit, case, emergency, "not_taken", now, level=emergency.level)
        for step in late(plans(), plan, emergency, now):
            alerted = [*emergency.facts.get("alerted", []), step.code]
            emergency = replace(emergency, facts={**emergency.facts, "alerted": alerted})
            await self._alert(unit, case, emergency, plan, step.code, now)
        return replace(emergency, escalate_at=attention_at(plans(), plan, emergency))

    async def _alert(self, unit: Unit, case: Case, emergency: Emergency, plan: Plan, step: str, now: datetime) -> None:
        await call(self._house, unit, case, plans(), plan, plan.page, "step_overdue", now)
        await self._ask(unit, case, emergency, "step_overdue", now, step=step)

    async def _ask(self, unit: Unit, case: Case, emergency: Emergency, what: str, now: datetime, **more: Any) -> None:
        detail = " ".join(map(str, (emergency.plan, *more.values())))
        await unit.tasks.add(new_task(KIND, what, now, within=REACT, case=case, detail=detail))
        await write_down(unit, case, emergency, what, GATEWAY, now, **more)


def _covering(place: int) -> tuple[str, ...]:
    """Kinds of plans that are as grave as this level or graver."""
    return tuple(kind for level in LEVELS[: place + 1] for kind in plans().kinds(level))


def _paged(emergency: Emergency, codes: tuple[str, ...], now: datetime) -> dict[str, Any]:
    paged = [*emergency.facts.get("paged", []), {"at": now.isoformat(), "to": list(codes)}]
    return {**emergency.facts, "paged": paged}


async def _alone(work: Callable[[int], Awaitable[None]], id: int, failed: str) -> None:
    """One that cannot be looked after must not keep the others waiting."""
    try:
        await work(id)
    except Exception:
        log.exception(failed, id=id)
