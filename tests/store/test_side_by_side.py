"""Units that run side by side on PostgreSQL: in one order of locks, and told truly when they collide all the same."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from store.errors import Busy, Collided, Conflict, Refused, Unavailable
from store.unit import Store, Unit
from tests.store.things import LI, NOW, WANG, open_case, talk, task

DAY = date(2026, 11, 23)

on_postgres = pytest.mark.parametrize("store_url", ["postgres"], indirect=True)


async def write_audit(unit: Unit, who: str) -> None:
    await unit.audit.write(at=NOW, actor=who, action="status", subject="TS1")


@on_postgres
async def test_one_who_opens_a_case_and_one_who_moves_a_case_do_not_block_each_other_for_ever(store: Store) -> None:
    """The first writes its audit entry before it takes a number, the second after."""
    both_hold_something = asyncio.Barrier(2)

    async def moves_first(unit: Unit) -> None:
        await write_audit(unit, "first")
        await both_hold_something.wait()
        await unit.complaints.next_sequence(DAY)

    async def opens_first(unit: Unit) -> None:
        await unit.complaints.next_sequence(DAY)
        await both_hold_something.wait()
        await write_audit(unit, "second")

    async def handle(story: object) -> None:
        async with store.unit() as unit:
            await (moves_first if story == "moves" else opens_first)(unit)
            await unit.commit()

    async with asyncio.timeout(10):
        await asyncio.gather(handle("moves"), handle("opens"))
    async with store.reading() as unit:
        assert await unit.audit.verify() is None


async def test_the_entries_of_one_unit_follow_one_another_in_the_chain(store: Store) -> None:
    async with store.unit() as unit:
        for who in ("li.wei", "han.mei", "li.lei"):
            await write_audit(unit, who)
        assert await unit.audit.verify() is None
        await unit.commit()
    async with store.unit() as unit:
        await write_audit(unit, "li.wei")
        await unit.commit()
    async with store.reading() as unit:
        assert await unit.audit.verify() is None


async def test_what_was_not_committed_is_not_in_the_trail(store: Store) -> None:
    async with store.unit() as unit:
        await write_audit(unit, "li.wei")
    async with store.unit() as unit:
        await write_audit(unit, "han.mei")
        await unit.commit()
    async with store.reading() as unit:
        assert await unit.audit.verify() is None


@on_postgres
async def test_of_two_units_that_wait_for_each_other_one_is_told_to_begin_anew(store: Store) -> None:
    wang, li = await talk(store, WANG), await talk(store, LI, "email")
    both_hold_one = asyncio.Barrier(2)

    async def lock(first: object, second: object) -> None:
        async with store.unit() as unit:
            await unit.conversations.get(first, lock=True)  # type: ignore[arg-type]  # ids from above
            await both_hold_one.wait()
            await unit.conversations.get(second, lock=True)  # type: ignore[arg-type]  # as above
            await unit.commit()

    outcomes = await asyncio.gather(lock(wang, li), lock(li, wang), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [Collided]
    assert issubclass(Collided, Unavailable)
    assert issubclass(Busy, Unavailable)


@on_postgres
async def test_a_value_that_no_column_holds_is_not_taken_for_a_database_that_is_away(store: Store) -> None:
    async with store.unit() as unit:
        with pytest.raises(Refused):
            await unit.tasks.add(task("t1", reason="x" * 200))
    assert not issubclass(Refused, Unavailable)


@on_postgres
async def test_text_that_postgres_cannot_hold_is_refused(store: Store) -> None:
    async with store.unit() as unit:
        with pytest.raises(Refused):
            await unit.tasks.add(task("t1", reason="\x00"))


async def test_two_rows_that_cannot_both_be_are_a_conflict(store: Store) -> None:
    async with store.unit() as unit:
        await open_case(unit, "TS1")
        with pytest.raises(Conflict):
            await open_case(unit, "TS1")
