"""A new secret in front of the ring, and an old one out of it; the data folder's key file or the words to do it by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from gateway.house import House
from gateway.operations.keys.counting import Holdings, holdings
from gateway.settings import Settings
from gateway.spool.building import folder_of
from store.secret_file import changed_at, put_in_front, take_out

SETTLED = timedelta(minutes=10)  # by then every process has read the ring again, and what it began before has ended
BY = "command-line"


class NotYet(Exception):
    """An old secret is still needed; ``why``: in_use, too_soon, none_old, spooled."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """The keys of the ring, the current one first, and what lies under each."""

    keys: tuple[str, ...]
    found: Holdings

    @property
    def idle(self) -> tuple[str, ...]:
        """Old keys that nothing lies under."""
        return tuple(key for key in self.keys[1:] if not self.found.under(key))


async def standing(house: House) -> Standing:
    house.store.keyring.refresh()
    return Standing(keys=house.store.keyring.key_ids, found=await holdings(house.store))


async def rotate(house: House, folder: Path) -> str:
    """Put a new secret in front, in the key file; processes that run read it when they first meet it. Its key's id."""
    made = put_in_front(folder)
    house.store.keyring.refresh()
    await _write(house, "keys_rotated", made)
    return made


async def retire(house: House, folder: Path) -> tuple[str, ...]:
    """Take every old secret out of the key file that nothing lies under; their ids. Raises NotYet."""
    if house.clock.now() - changed_at(folder) < SETTLED:
        raise NotYet("too_soon")
    if _spooled(house.settings):
        raise NotYet("spooled")
    idle = await needless(house)
    for key in idle:
        take_out(folder, key)
        await _write(house, "keys_retired", key)
    return tuple(idle)


def _spooled(settings: Settings) -> bool:
    """Does this machine's disk still hold items for the database, sealed with whatever key was current then?"""
    folder = folder_of(settings)
    return folder.is_dir() and any(path.is_file() for path in folder.iterdir())


async def needless(house: House) -> Mapping[str, int]:
    """Old keys that nothing lies under, and their places in the ring, from 1. Raises NotYet where there are none."""
    now = await standing(house)
    if len(now.keys) == 1:
        raise NotYet("none_old")
    if not now.idle:
        await _look_again(house)
        raise NotYet("in_use")
    return {key: now.keys.index(key) + 1 for key in now.idle}


async def _look_again(house: House) -> None:
    """Somebody may have sealed with an old key after the last round had found nothing under it."""
    async with house.store.unit() as unit:
        await unit.resealing.note("")
        await unit.commit()


async def _write(house: House, action: str, key: str) -> None:
    async with house.store.unit() as unit:
        await unit.audit.write(at=house.clock.now(), actor=BY, action=action, subject=key, detail={})
        await unit.commit()
