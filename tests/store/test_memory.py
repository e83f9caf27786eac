"""What channels remember, and how often something happened."""

from __future__ import annotations

import asyncio

from store.unit import Store
from tests.store.things import NOW, SOON


async def test_a_value_is_remembered_until_it_is_replaced(store: Store) -> None:
    async with store.unit() as unit:
        assert await unit.memory.get("token") is None
        await unit.memory.put("token", "first")
        await unit.memory.put("token", "第二")
        assert await unit.memory.get("token") == "第二"


async def test_a_value_is_swapped_only_by_who_knows_the_old_one(store: Store) -> None:
    async with store.unit() as unit:
        assert await unit.memory.swap("token", None, "a")
        assert not await unit.memory.swap("token", None, "b")
        assert not await unit.memory.swap("token", "b", "c")
        assert await unit.memory.swap("token", "a", "b")
        assert not await unit.memory.swap("unknown", "a", "b")
        assert await unit.memory.get("token") == "b"


async def test_of_many_who_swap_at_once_one_succeeds(store: Store) -> None:
    async def swap(new: str) -> bool:
        async with store.unit() as unit:
            done = await unit.memory.swap("token", None, new)
            await unit.commit()
        return done

    assert sum(await asyncio.gather(*[swap(str(place)) for place in range(6)])) == 1


async def test_tries_are_counted_in_their_window(store: Store) -> None:
    async with store.unit() as unit:
        assert [await unit.counters.hit("ask:oX", window_start=NOW, now=NOW) for _ in range(3)] == [1, 2, 3]
        assert await unit.counters.hit("ask:oY", window_start=NOW, now=NOW) == 1
        assert await unit.counters.hit("ask:oX", window_start=NOW + SOON, now=NOW + SOON) == 1
        assert await unit.counters.count("ask:oX", window_start=NOW) == 3
        assert await unit.counters.forget(NOW + SOON) == 2
        assert await unit.counters.count("ask:oX", window_start=NOW) == 0


async def test_no_try_goes_uncounted_when_many_come_at_once(store: Store) -> None:
    async def hit() -> int:
        async with store.unit() as unit:
            count = await unit.counters.hit("ask:oX", window_start=NOW, now=NOW)
            await unit.commit()
        return count

    assert sorted(await asyncio.gather(*[hit() for _ in range(8)])) == list(range(1, 9))
