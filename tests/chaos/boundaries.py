"""A walk over every commit boundary of one way in: at each of them one gateway dies, and nothing is lost for it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.chaos.doom import BOOK, PLACES, died_at
from tests.chaos.nursery import Died, Life, Nursery
from tests.chaos.people.around import People
from tests.chaos.settled import is_settled
from tests.chaos.town import Town, town
from tests.chaos.verdict import Verdict, verdict
from tests.waiting import until

PATIENCE = 90.0
STILL = 1.5  # seconds that a gateway must live on after all was settled: its rounds come by
MOST_LIVES = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class Walked:
    way: str
    boundaries: Sequence[str]  # each died at once, in this order
    come: int
    verdict: Verdict

    def lines(self) -> list[str]:
        found = self.verdict
        return [
            f"{self.way:8} {len(self.boundaries):3} boundaries, {found.items} items in, {len(found.lost)} lost, "
            f"{len(found.doubled)} doubled, {len(found.unsettled)} unsettled, {found.twice} delivered twice",
            *(f"WRONG    {each}" for each in found.wrong[:40]),
        ]


async def walk(
    nursery: Nursery,
    folder: Path,
    book: Path,
    dice: Random,
    way: str,
    *,
    database_url: str = "",
    places: str = "",
) -> Walked:
    """One newcomer for each life, until a life meets no boundary where nobody has died.

    In ``book`` stand those that need no other death, and then these. ``places``: only those whose names begin so, by
    commas.
    """
    known = died_at(str(book))
    async with town(nursery, folder, dice, database_url=database_url) as made:
        (life,) = made.lives
        walker = _Walker(made, life, Nobody() if way == Nobody.channel else made.of(way))
        life.settings |= {BOOK: str(book), PLACES: places}
        while await walker.dies():
            assert walker.lives < MOST_LIVES, "this never ends"
        del life.settings[BOOK]
        found = await walker.end()
    return Walked(way=way, boundaries=died_at(str(book))[len(known) :], come=walker.come, verdict=found)


class Nobody:
    """Comes by no way: what a gateway does by itself."""

    channel = "nobody"

    async def come(self, n: int) -> None: ...

    def heard(self, n: int) -> bool:
        return True

    def acknowledged(self) -> set[str]:
        return set()


class _Walker:
    def __init__(self, town: Town, life: Life, people: People) -> None:
        self._town = town
        self._life = life
        self._people = people
        self._waiting: set[asyncio.Task[None]] = set()
        self.come = 0
        self.lives = 0

    async def dies(self) -> bool:
        """One life with one more newcomer; False when it lived until all was done."""
        self.lives += 1
        try:
            await self._life.start()
        except Died:
            return True
        self._waiting.add(asyncio.create_task(self._people.come(self.come)))
        self.come += 1
        done = asyncio.create_task(self._all_done())
        end = asyncio.create_task(self._life.ended())
        await asyncio.wait({done, end}, return_when=asyncio.FIRST_COMPLETED)
        lived = done.done() and not end.done()
        for task in (done, end):
            task.cancel()
        await asyncio.gather(done, end, return_exceptions=True)
        return not lived

    async def end(self) -> Verdict:
        """One more life, without doom, to bring everything to its end."""
        await self._life.kill()
        await self._life.start()
        async with asyncio.timeout(PATIENCE):
            await self._all_done()
        await self._life.stop()
        return await verdict(self._town, self._come())

    async def _all_done(self) -> None:
        await asyncio.wait(self._waiting)
        await until(lambda: all(self._people.heard(n) for n in range(self.come)), PATIENCE)
        await until(lambda: is_settled(self._town.around), PATIENCE)
        await asyncio.sleep(STILL)

    def _come(self) -> Mapping[str, Sequence[int]]:
        return {each.channel: range(self.come if each is self._people else 0) for each in self._town.people}
