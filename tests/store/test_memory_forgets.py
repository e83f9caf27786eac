"""What channels remember for a while: it is gone when its time is over, and the rows of it are dropped."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from gateway import memory
from gateway.house import House
from gateway.memory import Drawer, forget
from gateway.settings import Settings
from store.models import memory as table
from store.unit import Store
from tests.clock import SetClock

WEEK = timedelta(days=7)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def drawer(store: Store, clock: SetClock) -> Drawer:
    return Drawer(store, "phone", clock)


@pytest.fixture
def house(store: Store, clock: SetClock, tmp_path: Path) -> House:
    return House(store=store, clock=clock, settings=Settings(data_dir=tmp_path))


async def rows(store: Store) -> int:
    async with store.reading() as unit:
        (found,) = await unit._line.rows(select(func.count().label("many")).select_from(table))
    return int(found.many)


async def test_a_value_is_forgotten_when_its_time_is_over(drawer: Drawer, clock: SetClock) -> None:
    await drawer.put("call:CA1", "+85291234567", keep=WEEK)
    clock.advance(days=7, seconds=-1)
    assert await drawer.get("call:CA1") == "+85291234567"
    clock.advance(seconds=1)
    assert await drawer.get("call:CA1") is None


async def test_each_write_begins_the_time_anew(drawer: Drawer, clock: SetClock) -> None:
    await drawer.put("put", "a", keep=WEEK)
    await drawer.put("swap", "a", keep=WEEK)
    clock.advance(days=5)
    await drawer.put("put", "b", keep=WEEK)
    assert await drawer.swap("swap", "a", "b", keep=WEEK)
    clock.advance(days=5)
    assert [await drawer.get("put"), await drawer.get("swap")] == ["b", "b"]
    clock.advance(days=2)
    assert [await drawer.get("put"), await drawer.get("swap")] == [None, None]


async def test_a_swap_that_fails_prolongs_nothing(drawer: Drawer, clock: SetClock) -> None:
    await drawer.put("owner:SM1", "out-1", keep=WEEK)
    clock.advance(days=5)
    assert not await drawer.swap("owner:SM1", None, "out-2", keep=WEEK)
    assert not await drawer.swap("owner:SM1", "out-2", "out-3", keep=WEEK)
    clock.advance(days=2)
    assert await drawer.get("owner:SM1") is None


async def test_what_was_written_for_ever_stays(drawer: Drawer, clock: SetClock, store: Store, house: House) -> None:
    await drawer.put("books", "2026-11-23", keep=WEEK)
    await drawer.put("books", "2026-11-24")
    assert await drawer.swap("token", None, "first", keep=WEEK)
    assert await drawer.swap("token", "first", "second")
    clock.advance(days=3650)
    await forget(house)
    assert [await drawer.get("books"), await drawer.get("token")] == ["2026-11-24", "second"]
    assert await rows(store) == 2


async def test_an_expired_value_is_not_there_to_be_swapped(drawer: Drawer, clock: SetClock) -> None:
    await drawer.put("intent:out-1", "old", keep=WEEK)
    clock.advance(days=7)
    assert not await drawer.swap("intent:out-1", "old", "new", keep=WEEK)
    assert await drawer.swap("intent:out-1", None, "new", keep=WEEK)
    assert await drawer.get("intent:out-1") == "new"
    assert not await drawer.swap("intent:out-1", None, "newer", keep=WEEK)


async def test_of_many_who_come_after_an_expired_value_one_is_first(drawer: Drawer, clock: SetClock) -> None:
    for keep in (WEEK, None):
        await drawer.put("owner:SM1", "out-1", keep=WEEK)
        clock.advance(days=8)
        swaps = [drawer.swap("owner:SM1", None, f"out-{place}", keep=keep) for place in range(6)]
        assert sum(await asyncio.gather(*swaps)) == 1


async def test_who_does_not_tell_the_time_finds_every_value(store: Store, drawer: Drawer) -> None:
    await drawer.put("alarm", "task-1", keep=WEEK)
    async with store.unit() as unit:
        assert await unit.memory.get("phone/alarm") == "task-1"
        assert not await unit.memory.swap("phone/alarm", None, "task-2")
        assert await unit.memory.swap("phone/alarm", "task-1", "task-2")
        assert await unit.memory.get("phone/alarm") == "task-2"


async def test_the_round_drops_what_has_expired_and_nothing_else(
    drawer: Drawer, clock: SetClock, store: Store, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "BATCH", 3)
    for place in range(7):
        await drawer.put(f"partial:CA{place}", "", keep=WEEK)
    await drawer.put("call:CA9", "", keep=2 * WEEK)
    await forget(house)
    assert await rows(store) == 8
    clock.advance(days=7)
    await forget(house)
    assert await rows(store) == 1
    assert await drawer.get("call:CA9") == ""


async def test_one_batch_drops_the_oldest_first(drawer: Drawer, clock: SetClock, store: Store) -> None:
    for days in (3, 1, 2):
        await drawer.put(str(days), "", keep=timedelta(days=days))
    clock.advance(days=4)
    async with store.unit() as unit:
        assert await unit.memory.forget(clock.now(), 2) == 2
        assert await unit.memory.get("phone/3") == ""
        assert await unit.memory.forget(clock.now(), 2) == 1
        assert await unit.memory.forget(clock.now(), 2) == 0
