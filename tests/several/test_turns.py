"""Turns: work that one of several gateways tends, and what becomes of it when that one stops, dies or is cut off."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.process import Process, process_of, this_process
from gateway.turns import HERE, NOBODY, Pace, Turns
from store.errors import Unavailable
from store.unit import Store
from tests.clock import SetClock
from tests.waiting import until

QUICK = Pace(beat=0.1, again=0.05)
IMPATIENT = Pace(beat=0.1, again=0.05, patience=1.5)  # by the clock on the wall; in the house's time as ever
LEASE = timedelta(seconds=QUICK.lease)
FRESH = itertools.count()


def process(pid: int, place: str = "elsewhere") -> Process:
    return Process(f"host{pid}", pid, place, "x")


@dataclass
class Line:
    """The store as one process sees it: it may be cut off."""

    store: Store
    away: bool = False

    def unit(self) -> Any:
        if self.away:
            raise Unavailable
        return self.store.unit()


@dataclass
class Gateway:
    """One process with one thing to tend."""

    line: Line
    turns: Turns
    name: str
    begun: int = 0
    working: bool = False
    slow: asyncio.Event | None = None
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def work(self) -> None:
        self.begun, self.working = self.begun + 1, True
        try:
            await asyncio.Event().wait()
        finally:
            if self.slow is not None:
                await self.slow.wait()
            self.working = False

    async def start(self) -> None:
        self.tasks.append(asyncio.create_task(self.turns.tend(self.name, self.work)))
        await asyncio.sleep(0)

    async def beat(self) -> None:
        with suppress(Unavailable):
            await self.turns.beat()

    async def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.tasks.clear()


class Several:
    """Some gateways on one store."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock, self.all = store, SetClock(), list[Gateway]()
        self.name = f"listen-{next(FRESH)}"

    def one(self, me: Process | None = None, pace: Pace = QUICK) -> Gateway:
        line = Line(self.store)
        turns = Turns(cast(Store, line), self.clock, me=me or process(len(self.all) + 1), pace=pace)
        self.all.append(Gateway(line, turns, self.name))
        return self.all[-1]

    async def at_work(self) -> Gateway:
        await until(lambda: any(each.working for each in self.all))
        (one,) = [each for each in self.all if each.working]
        return one


@asynccontextmanager
async def several(store: Store) -> AsyncIterator[Several]:
    made = Several(store)
    try:
        yield made
    finally:
        for each in made.all:
            each.line.away, each.slow = False, None
            await each.stop()


async def test_one_works_and_the_other_stands_by_and_follows_one_that_stops(store: Store) -> None:
    async with several(store) as those:
        one, two = those.one(), those.one()
        await one.start()
        assert await those.at_work() is one
        await two.start()
        await two.turns.beat()
        assert (one.working, two.working) == (True, False)
        assert (one.turns.facts(), two.turns.facts()) == ({those.name: HERE}, {those.name: "host1/1"})
        await one.stop()
        assert await those.at_work() is two
        assert (one.begun, two.begun) == (1, 1)


async def test_a_process_of_this_machine_that_was_killed_is_followed_at_once(store: Store) -> None:
    dead = await asyncio.create_subprocess_exec("true")
    await dead.wait()
    here = this_process()
    async with several(store) as those:
        async with store.unit() as unit:
            await unit.leases.know([those.name])
            ghost = str(Process(here.host, dead.pid, here.place, "dead"))
            await unit.leases.take([those.name], owner=ghost, now=those.clock.now(), lease=LEASE)
            await unit.commit()
        elsewhere, beside = those.one(), those.one(me=here)
        await elsewhere.start()
        await elsewhere.turns.beat()
        assert not elsewhere.working
        await beside.start()
        assert await those.at_work() is beside


async def test_a_process_of_another_machine_that_died_is_followed_when_its_lease_is_over(store: Store) -> None:
    async with several(store) as those:
        async with store.unit() as unit:
            await unit.leases.know([those.name])
            await unit.leases.take([those.name], owner=str(process(77)), now=those.clock.now(), lease=LEASE)
            await unit.commit()
        two = those.one()
        await two.start()
        await two.turns.beat()
        assert not two.working
        assert two.turns.tended_by(those.name) == "host77/77"
        those.clock.advance(seconds=Pace().lease)
        assert await those.at_work() is two


async def test_whoever_cannot_renew_stops_before_another_begins(store: Store) -> None:
    async with several(store) as those:
        one, two = those.one(pace=IMPATIENT), those.one()
        await one.start()
        await those.at_work()
        await two.start()
        one.line.away = True
        await until(lambda: not one.working)
        assert one.turns.facts() == {those.name: NOBODY, "problem": "Unavailable"}
        await two.turns.beat()
        assert not two.working, "the lease is not over yet"
        those.clock.advance(seconds=Pace().lease)
        assert await those.at_work() is two
        one.line.away = False
        await one.turns.beat()
        assert not one.working
        await until(lambda: "problem" not in one.turns.facts())


async def test_a_machine_that_slept_does_not_go_on_where_it_was(store: Store) -> None:
    async with several(store) as those:
        one, two = those.one(pace=Pace()), those.one(pace=Pace())
        await one.start()
        await those.at_work()
        await two.start()
        those.clock.advance(minutes=5)
        await two.turns.beat()
        await until(lambda: two.working)
        await one.turns.beat()
        await until(lambda: not one.working)
        assert two.working


async def test_what_is_in_hand_gets_its_time_and_nobody_begins_meanwhile(store: Store) -> None:
    async with several(store) as those:
        one, two = those.one(), those.one()
        one.slow = asyncio.Event()
        await one.start()
        await those.at_work()
        await two.start()
        stopping = asyncio.create_task(one.stop())
        for _ in range(3):
            await one.turns.beat()
            those.clock.advance(seconds=0.4)
            await two.turns.beat()
        assert (one.working, two.working) == (True, False)
        one.slow.set()
        await stopping
        assert await those.at_work() is two


async def test_work_that_fails_is_given_to_another(store: Store) -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    async with several(store) as those:
        one, two = those.one(), those.one()
        with pytest.raises(ZeroDivisionError):
            await one.turns.tend(those.name, fail)
        await two.start()
        assert await those.at_work() is two


async def test_a_channel_that_has_nothing_to_fetch_is_through_in_every_process(store: Store) -> None:
    async def nothing() -> None: ...

    async with several(store) as those:
        for _ in range(3):
            await those.one().turns.tend(those.name, nothing)
        assert [each.turns.facts() for each in those.all] == [{}] * 3


async def test_the_database_away_from_the_start_is_a_problem_and_then_none(store: Store) -> None:
    async with several(store) as those:
        one = those.one()
        one.line.away = True
        await one.start()
        await until(lambda: one.turns.facts().get("problem") == "Unavailable")
        one.line.away = False
        await those.at_work()
        assert one.turns.facts() == {those.name: HERE}


def test_a_pace_at_which_two_might_tend_the_same_is_refused() -> None:
    with pytest.raises(ValueError, match="before the lease is over"):
        Pace(lease=8.0, patience=8.0)


def test_a_process_knows_who_is_beside_it_and_nobody_else() -> None:
    here = this_process()
    assert process_of(str(here)) == here
    assert [process_of(told) for told in ("", "host/1/a", "host/x/place/a")] == [None, None, None]
    assert not here.sees_dead(here)
    assert not here.sees_dead(Process(here.host, here.pid, here.place, "another gateway of this process"))
    # A container of the same name, or the same machine before it was started again: their numbers are not ours.
    assert not here.sees_dead(Process(here.host, 2**22 + 1, "another place", "x"))
    assert here.sees_dead(Process(here.host, 2**22 + 1, here.place, "x"))


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("beat"), st.integers(0, 2)),
        st.tuples(st.just("wait"), st.sampled_from([3, 7, 12])),
        st.tuples(st.just("away"), st.integers(0, 2)),
        st.tuples(st.just("back"), st.integers(0, 2)),
        st.tuples(st.just("stop"), st.integers(0, 2)),
        st.tuples(st.just("start"), st.integers(0, 2)),
    ),
    min_size=8,
    max_size=30,
)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
@given(moves=MOVES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
async def test_whatever_happens_no_two_tend_the_same(store: Store, moves: list[tuple[str, int]]) -> None:
    """Beats, waits, cut lines and stops in any order. A process that is cut off notices by its own time."""
    async with several(store) as those:
        gateways = [those.one(pace=Pace()) for _ in range(3)]
        for move, number in moves:
            one = gateways[number % 3]
            if move == "wait":
                those.clock.advance(seconds=number)
                for each in gateways:
                    each.turns._check_time()  # its timer, by the time that is set here
            elif move == "start" and not one.tasks:
                await one.start()
                await one.beat()
            elif move == "stop":
                await one.stop()
            elif move in ("away", "back"):
                one.line.away = move == "away"
            elif move == "beat":
                await one.beat()
            for _ in range(5):  # until what was cancelled has ended
                await asyncio.sleep(0)
            assert sum(each.working for each in gateways) <= 1
