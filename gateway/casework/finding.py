"""Words of complaints, written into the table of terms some time after them: search waits, never a customer.

What a gateway of an older version has written lacks whom a complaint is about. That is written before the first page
is served, and every hour where such a one may still be at work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.house import House
from store.unit import Store

BATCH = 20  # complaints in one transaction, which holds up all others on SQLite: some 30 ms
BATCHES = 50  # in one round; a database that was filled at once is caught up with in several
AT_ONCE = 200  # complaints whose names are written in one transaction
AGAIN = timedelta(hours=1)


@dataclass(slots=True)
class Finding:
    """The round that makes complaints findable by their words, and by whom they are about."""

    house: House
    _looked_at: datetime | None = None

    async def go(self) -> None:
        """Until there are none left, or the round is long enough."""
        await self._after_others()
        for _ in range(BATCHES):
            if await self._batch() < BATCH:
                return

    async def _after_others(self) -> None:
        now = self.house.clock.now()
        due = self._looked_at is None or now - self._looked_at >= AGAIN
        if due and self.house.store.shared:
            self._looked_at = now
            await write_about(self.house.store)

    async def _batch(self) -> int:
        async with self.house.store.unit() as unit:
            done = await unit.terms.catch_up(BATCH)
            if done:
                await unit.commit()
        return done


async def write_about(store: Store) -> None:
    """Of all complaints that lack it, write whom they are about: after an upgrade of all, else of next to none."""
    async with store.reading() as unit:
        ids = await unit.terms.unwritten()
    for place in range(0, len(ids), AT_ONCE):
        async with store.unit() as unit:
            await unit.terms.write_about(ids[place : place + AT_ONCE])
            await unit.commit()
