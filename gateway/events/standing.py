"""How an endpoint has been doing: since when nothing passes, and when it is switched off for that."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from channels.base import Clock
from gateway.casework.tasks import new_task
from store.desk import Endpoint
from store.unit import Store, Unit

ACTOR = "gateway"
TASK, REASON = "endpoint", "switched_off"


class Standing:
    """Written only when it changes: a healthy endpoint costs nothing."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def failed(self, endpoint: Endpoint) -> None:
        """The first failure after a success."""
        if endpoint.failing_since is None:
            await self._write(endpoint.id, self._clock.now())

    async def passed(self, endpoint: Endpoint) -> None:
        """The first success after failures."""
        if endpoint.failing_since is not None:
            await self._write(endpoint.id, None)

    async def gone(self, endpoint: Endpoint) -> None:
        """It said itself that it is no more."""
        async with self._store.unit() as unit:
            found = await unit.endpoints.get(endpoint.id, lock=True)
            if found is not None and found.active:
                await switch_off(unit, found, self._clock.now(), "gone")
                await unit.commit()

    async def _write(self, id: str, since: datetime | None) -> None:
        async with self._store.unit() as unit:
            found = await unit.endpoints.get(id, lock=True)
            if found is None or (found.failing_since is None) == (since is None):
                return
            await unit.endpoints.save(replace(found, failing_since=since))
            await unit.commit()


async def switch_off(unit: Unit, endpoint: Endpoint, now: datetime, why: str) -> None:
    """Nothing is sent there any more, and somebody who can mend it is told; ``endpoint`` is locked."""
    await unit.endpoints.save(replace(endpoint, active=False))
    await unit.tasks.add(new_task(TASK, REASON, now, detail=f"{endpoint.id} {endpoint.note}: {why}"))
    facts = {"active": False, "why": why}
    await unit.audit.write(at=now, actor=ACTOR, action="endpoint", subject=endpoint.id, detail=facts)
