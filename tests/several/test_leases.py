"""Whose turn it is: one owner at a time, whatever the order of things."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from store.leases import LONG_AGO, Lease
from store.unit import Store
from tests.store.things import NOW

LEASE = timedelta(seconds=12)
NAMES = ["clocks", "listen-email"]


async def take(store: Store, owner: str, now: datetime = NOW, gone: tuple[str, ...] = ()) -> set[str]:
    async with store.unit() as unit:
        await unit.leases.know(NAMES)
        taken = await unit.leases.take(NAMES, owner=owner, now=now, lease=LEASE, gone=gone)
        await unit.commit()
    return set(taken)


async def test_the_first_who_asks_has_the_turn_and_keeps_it_while_it_renews(store: Store) -> None:
    assert await take(store, "one") == set(NAMES)
    for seconds in range(0, 60, 4):
        assert await take(store, "two", NOW + timedelta(seconds=seconds)) == set()
        assert await take(store, "one", NOW + timedelta(seconds=seconds)) == set(NAMES)


async def test_a_lease_that_is_over_goes_to_whoever_asks_next(store: Store) -> None:
    await take(store, "one")
    assert await take(store, "two", NOW + LEASE - timedelta(milliseconds=1)) == set()
    assert await take(store, "two", NOW + LEASE) == set(NAMES)
    assert await take(store, "one", NOW + LEASE) == set()


async def test_what_one_of_us_gives_back_is_free_at_once_and_only_by_its_owner(store: Store) -> None:
    await take(store, "one")
    async with store.unit() as unit:
        await unit.leases.give_back(NAMES, owner="two")
        await unit.leases.give_back(["clocks"], owner="one")
        await unit.commit()
    async with store.reading() as unit:
        clocks, mail = await unit.leases.all()
    assert clocks == Lease(name="clocks", owner="", until=LONG_AGO)
    assert mail.owner == "one"
    assert await take(store, "two") == {"clocks"}


async def test_the_turn_of_a_dead_process_is_taken_before_it_is_over(store: Store) -> None:
    await take(store, "one")
    assert await take(store, "two", gone=("three",)) == set()
    assert await take(store, "two", gone=("one",)) == set(NAMES)


async def test_of_many_who_ask_at_the_same_moment_one_has_it(store: Store) -> None:
    owners = [f"process {number}" for number in range(8)]
    for round in range(5):
        now = NOW + LEASE * round
        taken = await asyncio.gather(*[take(store, owner, now) for owner in owners])
        assert sorted(name for names in taken for name in names) == NAMES
