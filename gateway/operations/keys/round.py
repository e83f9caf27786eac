"""The background work after a rotation: everything that lies under an older key is sealed with the current one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog

from gateway.house import House
from gateway.operations.keys.counting import Holdings, windows
from gateway.operations.metrics import SEALED
from store.errors import Damaged
from store.sealed import SealedTable, sealed_tables

log = structlog.get_logger(__name__)

BATCH = 50  # rows in one short transaction
PAUSE_SECONDS = 0.02  # between two: others come first
BY = "keys"


async def read_ring_again(house: House) -> None:
    """For each process: what somebody has put in front of the ring meanwhile is the current key here too."""
    house.store.keyring.refresh()


class KeysRound:
    """Restarted at any point it begins again and finds little to do; nothing is ever replaced but what it read."""

    def __init__(self, house: House, *, pause: float = PAUSE_SECONDS) -> None:
        self._house = house
        self._pause = pause

    async def go(self) -> None:
        """Look whether the ring has changed; if so, go through everything once."""
        store = self._house.store
        store.keyring.refresh()
        [current, *older] = store.keyring.key_ids
        async with store.reading() as unit:
            if not older or await unit.resealing.resealed() == current:
                return
        found = await self._go_through()
        _show(found)
        if all(not found.under(key) for key in older):
            await self._note(current)

    async def _go_through(self) -> Holdings:
        """What was found on the way, before it was mended: only a round that finds nothing is the last."""
        found, store = Holdings(), self._house.store
        for of in sealed_tables():
            async for window in windows(store, of):
                found.values.update(window.counts)
                await self._mend(of, window.stale)
        for sha256 in await store.blobs.listed():
            key = await store.blobs.key_of(sha256)
            found.files[key] += 1
            await self._mend_file(sha256, key)
        return found

    async def _mend(self, of: SealedTable, stale: Sequence[Any]) -> None:
        for start in range(0, len(stale), BATCH):
            async with self._house.store.unit() as unit:
                await unit.resealing.reseal(of, stale[start : start + BATCH])
                await unit.commit()
            await asyncio.sleep(self._pause)

    async def _mend_file(self, sha256: str, key: str) -> None:
        store = self._house.store
        if key in ("", store.keyring.key_ids[0]):
            return
        try:
            await store.blobs.reseal(sha256)
        except Damaged:  # the integrity check tells of it; it stays under its old key
            log.warning("blob_not_resealed", sha256=sha256)
        await asyncio.sleep(self._pause)

    async def _note(self, current: str) -> None:
        async with self._house.store.unit() as unit:
            await unit.resealing.note(current)
            await unit.audit.write(
                at=self._house.clock.now(), actor=BY, action="keys_resealed", subject=current, detail={}
            )
            await unit.commit()
        log.info("all_under_one_key", key=current)


def _show(found: Holdings) -> None:
    SEALED.clear()
    for key in found.values | found.files:
        SEALED.labels(key or "none").set(found.under(key))
