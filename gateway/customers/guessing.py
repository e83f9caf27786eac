"""Proofs that were wrong, over all addresses: who guesses from many places at once is slowed down, and staff told."""

from __future__ import annotations

from datetime import datetime

from prometheus_client import Counter

from gateway.casework.tasks import new_task
from gateway.customers.limits import Limits, hour
from gateway.house import House
from gateway.operations.metrics import REGISTRY
from normalizer.record import SHANGHAI
from store.unit import Unit

ALL, TOLD = "web:proofs:all", "web:proofs:told"
WRONG = Counter("tousu_proofs_wrong", "Number and proof that did not belong together, on the web", registry=REGISTRY)


async def is_guessed_at(house: House, limits: Limits) -> bool:
    """More wrong proofs this hour than people make."""
    async with house.store.reading() as unit:
        return await unit.counters.count(ALL, window_start=hour(house.clock.now())) >= limits.wrong_proofs


async def note_wrong(house: House, limits: Limits) -> None:
    """Count one; beyond the limit a person is asked to look, once a day."""
    WRONG.inc()
    now = house.clock.now()
    async with house.store.unit() as unit:
        if await unit.counters.hit(ALL, window_start=hour(now), now=now) >= limits.wrong_proofs:
            await _tell(unit, now)
        await unit.commit()


async def _tell(unit: Unit, now: datetime) -> None:
    today = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    if await unit.counters.hit(TOLD, window_start=today, now=now) == 1:
        await unit.tasks.add(new_task("review", "proofs_guessed", now))
