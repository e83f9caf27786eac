"""What time alone does to endpoints: dead ones are switched off, old secrets and old tellings are forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from gateway.events.event import lowest_id
from gateway.events.standing import switch_off
from gateway.events.subscribers import Subscribers
from gateway.house import House
from store.desk import Endpoint

DEAD_AFTER = timedelta(days=3)  # longer than a message is tried for: nothing would get there any more
KEPT = timedelta(days=30)  # settled tellings, to be looked at and sent again
AT_ONCE = 500


class EndpointsRound:
    """Looks at every endpoint now and then."""

    def __init__(self, house: House, subscribers: Subscribers) -> None:
        self._house = house
        self._subscribers = subscribers

    async def go(self) -> None:
        async with self._house.store.reading() as unit:
            endpoints = await unit.endpoints.all()
        for endpoint in endpoints:
            await self._forget(endpoint)
            if self._is_due(endpoint):
                await self._settle(endpoint.id)
        await self._subscribers.refresh()

    def _is_due(self, endpoint: Endpoint) -> bool:
        now = self._house.clock.now()
        return _is_dead(endpoint, now) or _is_rotated(endpoint, now)

    async def _settle(self, id: str) -> None:
        """Look again under the lock: another gateway may have done it."""
        now = self._house.clock.now()
        async with self._house.store.unit() as unit:
            endpoint = await unit.endpoints.get(id, lock=True)
            if endpoint is None:
                return
            if _is_rotated(endpoint, now):
                endpoint = replace(endpoint, previous="", previous_until=None)
                await unit.endpoints.save(endpoint)
            if _is_dead(endpoint, now):
                await switch_off(unit, endpoint, now, "nothing has passed for days")
            await unit.commit()

    async def _forget(self, endpoint: Endpoint) -> None:
        before = lowest_id(self._house.clock.now() - KEPT)
        async with self._house.store.unit() as unit:
            if await unit.endpoints.forget(endpoint.id, before=before, limit=AT_ONCE):
                await unit.commit()


def _is_dead(endpoint: Endpoint, now: datetime) -> bool:
    since = endpoint.failing_since
    return endpoint.active and since is not None and now - since >= DEAD_AFTER


def _is_rotated(endpoint: Endpoint, now: datetime) -> bool:
    return endpoint.previous_until is not None and now >= endpoint.previous_until
