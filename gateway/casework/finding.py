"""Words of complaints, written into the table of terms some time after them: search waits, never a customer."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.house import House

BATCH = 20  # complaints in one transaction, which holds up all others on SQLite: some 30 ms
BATCHES = 50  # in one round; a database that was filled at once is caught up with in several


@dataclass(frozen=True, slots=True)
class Finding:
    """The round that makes complaints findable by their words."""

    house: House

    async def go(self) -> None:
        """Until there are none left, or the round is long enough."""
        for _ in range(BATCHES):
            if await self._batch() < BATCH:
                return

    async def _batch(self) -> int:
        async with self.house.store.unit() as unit:
            done = await unit.terms.catch_up(BATCH)
            if done:
                await unit.commit()
        return done
