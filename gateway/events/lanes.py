"""A lane for each endpoint: one that is slow or down holds no worker that others need."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog

from channels.base import Clock
from channels.errors import Retryable
from store.errors import StoreError
from store.unit import Store

log = structlog.get_logger(__name__)

SIDE_BY_SIDE = 4  # calls to one endpoint at a time, of the twenty that the worker has in hand
BUSY = timedelta(seconds=5)
DOWN = timedelta(minutes=1)


class Lanes:
    """Counts what is on its way to each endpoint, within this process."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._in_hand: Counter[str] = Counter()

    @asynccontextmanager
    async def in_lane(self, endpoint: str, parcel: str) -> AsyncIterator[None]:
        """While one call is made; raises Retryable at once when the lane is full, which counts as no attempt."""
        if self._in_hand[endpoint] >= SIDE_BY_SIDE:
            await self._step_aside(endpoint, parcel)
            raise Retryable("others are on their way to this endpoint", after=BUSY)
        self._in_hand[endpoint] += 1
        try:
            yield
        finally:
            self._in_hand[endpoint] -= 1

    async def wait(self, endpoint: str, wish: timedelta | None) -> None:
        """It has just failed: what else is due there would fail too, and waits together."""
        await self._put_off(endpoint, wish or DOWN)

    async def _step_aside(self, endpoint: str, parcel: str) -> None:
        async with self._store.unit() as unit:
            await unit.endpoints.uncount(parcel)
            await unit.commit()
        await self._put_off(endpoint, BUSY)

    async def _put_off(self, endpoint: str, by: timedelta) -> None:
        """Only a courtesy to the others: should it fail, they are tried one by one."""
        try:
            async with self._store.unit() as unit:
                await unit.endpoints.wait(endpoint, self._clock.now() + by)
                await unit.commit()
        except StoreError as error:
            log.warning("not_put_off", error=type(error).__name__)
