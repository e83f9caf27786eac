"""Once a day: what need not be kept any longer is erased, and the files that only it named are removed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

import structlog

from gateway.casework.lifecycle import CLOSED
from gateway.casework.retention.erasing import Eraser, drafts_before, items_before, recordings_before
from gateway.casework.retention.files import remove_files
from gateway.casework.retention.keeping import keep_until
from gateway.house import House
from gateway.operations.metrics import ERASED
from normalizer.record import SHANGHAI
from store.expired import Page
from store.unit import Unit
from store.values import ComplaintId

log = structlog.get_logger(__name__)

Verb = Callable[[int], Awaitable[str]]
DAY = "retention-day"  # in memory: the day of which everything was looked through
KINDS = ("complaints", "talks", "recordings", "items")


class RetentionRound:
    """Restarted at any point it begins again: what is erased is not due any more."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._eraser = Eraser(house=house)

    async def go(self) -> None:
        """The day's work, unless somebody has done it."""
        today = f"{self._house.clock.now().astimezone(SHANGHAI):%Y-%m-%d}"
        async with self._house.store.reading() as unit:
            if await unit.memory.get(DAY) == today:
                return
        await self.run()
        async with self._house.store.unit() as unit:
            await unit.memory.put(DAY, today)
            await unit.commit()

    async def run(self) -> Mapping[str, int]:
        """Kind, or kind and why it was not done → how many."""
        await self._date_the_undated()
        eraser = self._eraser
        verbs: Sequence[Verb] = (eraser.complaint, eraser.talk, eraser.recording, eraser.item)
        done = Counter[str]()
        for kind, verb in zip(KINDS, verbs, strict=True):
            async for id in self._due(kind):
                why = await verb(id)
                done[f"{kind} {why}".strip()] += 1
                await asyncio.sleep(0)
        await remove_files(self._house)
        for name, count in done.items():
            ERASED.labels(name).inc(count)
        if done:
            log.info("retention", **{name.replace(" ", "_"): count for name, count in done.items()})
        return done

    async def count(self) -> Mapping[str, int]:
        """What would be looked at, and nothing done: kind → how many are due."""
        done = Counter[str]()
        for kind in KINDS:
            async for _ in self._due(kind):
                done[kind] += 1
        return done

    async def _due(self, kind: str) -> AsyncIterator[int]:
        """Ids of one kind, a page at a time."""
        after = 0
        while True:
            async with self._house.store.reading() as unit:
                page = await self._page(unit, kind, after)
                # One that a person of ours listened to and wrote down is evidence, and stays with the file.
                kept = {id for id in page.ids if kind == "recordings" and await unit.expired.listened_to(id)}
            for id in page.ids:
                if id not in kept:
                    yield id
            if page.last is None:
                return
            after = page.last
            await asyncio.sleep(0)

    async def _page(self, unit: Unit, kind: str, after: int) -> Page:
        now = self._house.clock.now()
        closed = sorted(CLOSED)
        pages: Mapping[str, Callable[[], Awaitable[Page]]] = {
            "complaints": lambda: unit.expired.complaints(now, after, closed),
            "talks": lambda: unit.expired.talks(drafts_before(now), after),
            "recordings": lambda: unit.expired.recordings(recordings_before(now), after, closed),
            "items": lambda: unit.expired.items(items_before(now), after),
        }
        return await pages[kind]()

    async def _date_the_undated(self) -> None:
        """Those that a version before this one closed."""
        after: int | None = 0
        while after is not None:
            async with self._house.store.unit() as unit:
                page = await unit.expired.undated(after, sorted(CLOSED))
                for case in (await unit.complaints.several(map(ComplaintId, page.ids))).values():
                    closed = case.closed_at or case.updated_at or case.received_at
                    values = {"keep_until": keep_until(case.record, closed)}
                    await unit.complaints.set_work(case.id, values, now=self._house.clock.now())
                await unit.commit()
            after = page.last
