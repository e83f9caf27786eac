"""Which endpoints are told now: known without asking the database, since every change of a complaint asks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import NoReturn

from store.desk import Endpoint
from store.unit import Store

SECONDS = 3.0  # how late other processes see an endpoint that was added, changed or switched off


class Subscribers:
    """The active endpoints as they were a few seconds ago."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._active: Sequence[Endpoint] = ()

    def of(self, event: str) -> Sequence[Endpoint]:
        """Who wants to hear of this kind of event."""
        return [each for each in self._active if not each.events or event in each.events]

    def __bool__(self) -> bool:
        return bool(self._active)

    async def refresh(self) -> None:
        """Look again: at the start, after a change here, and now and then."""
        async with self._store.reading() as unit:
            self._active = await unit.endpoints.active()

    async def run(self) -> NoReturn:
        """Look again and again, until cancelled."""
        while True:
            await self.refresh()
            await asyncio.sleep(SECONDS)
