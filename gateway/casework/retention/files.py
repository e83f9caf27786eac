"""The files that an erasure left behind are removed, unless another row names the same bytes."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from gateway.house import House
from store.references import References

YOUNG = timedelta(hours=1)  # whoever has just put the same bytes may not have written the row that names them


async def remove_files(house: House) -> None:
    """Everything that is noted, in one look through the tables; what is too young to tell waits for the next day."""
    began = house.clock.now()
    async with house.store.reading() as unit:
        notes = await unit.erasing.blobs_noted()
    wanted = {sha256 for note in notes.values() for sha256 in note}
    if not wanted:
        return
    needless = wanted - await _named(house, wanted)
    young = {sha256 for sha256 in sorted(needless) if not await _remove(house, sha256, began - YOUNG)}
    for key, note in notes.items():
        if not young & set(note):
            async with house.store.unit() as unit:
                await unit.erasing.forget_note(key)
                await unit.commit()


async def _remove(house: House, sha256: str, untouched_since: datetime) -> bool:
    return await house.store.blobs.remove(sha256, untouched_since=untouched_since)


async def _named(house: House, wanted: set[str]) -> set[str]:
    """Those of these files that any row names."""
    found = set[str]()
    for table in References.TABLES:
        after = 0
        while True:
            async with house.store.reading() as unit:
                part = await unit.references.part(table, after)
            if part.last is None:
                break
            found |= part.named & wanted
            after = part.last
            await asyncio.sleep(0)
    return found
