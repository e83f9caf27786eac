"""When more comes than can be handled: many wait, and the first of them too long."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

import pytest

from gateway.spool import crowd
from gateway.spool.crowd import MANY, Crowd


@pytest.fixture(autouse=True)
def whoever_waits_waits_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "LONGEST", -1.0)


async def test_one_whose_look_up_hangs_is_no_crowd() -> None:
    someone = Crowd()
    with someone.with_one_more():
        assert not someone.presses


async def test_many_who_wait_too_long_are_one_until_the_first_are_served() -> None:
    people = Crowd()
    with ExitStack() as stack:
        for _ in range(MANY - 1):
            stack.enter_context(people.with_one_more())
        with people.with_one_more():
            assert people.presses
            eased = asyncio.ensure_future(people.eases())
            await asyncio.sleep(0)
            assert not eased.done()
        await eased
        assert not people.presses
