"""A call while the database is away: the caller is heard to the end, and somebody calls back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from gateway.intake.phrases import phrases
from gateway.medium import Medium
from store.unit import Store
from tests.spool.away import hanging, refusing
from tests.spool.conftest import House

ON_ONE = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
Away = Callable[[Store], AbstractContextManager[None]]
EAR = phrases("zh-Hans", Medium.EAR)
BEGIN, GO_ON, END = (EAR.get("line", name) for name in ("away_begin", "away_go_on", "away_end"))
CALLER = "+8613812345678"
MATTER = "我的车险理赔拖了两个月还没有赔，每次打电话都说在审核"


@pytest.mark.parametrize("away", [refusing, hanging])
async def test_a_caller_is_heard_to_the_end_and_called_back(house: House, away: Away) -> None:
    with away(house.gateway.house.store):
        call = await house.phone.carrier.call(CALLER)
        assert BEGIN in call.last_said
        assert EAR.get("line", "recording_notice") in call.last_said
        await call.speak(MATTER)
        assert call.last_said == GO_ON
        await call.speak("我叫王小明，要求尽快赔付")
        assert call.last_said == GO_ON
        await call.hang_up()
        await house.phone.carrier.settle()
    await house.drain()
    (case,) = await house.cases()
    heard = await _heard(house)
    assert [MATTER in words for words in heard] == [True, False]
    assert [task.kind for task in await house.tasks() if task.kind == "callback"] == ["callback"]
    assert {task.number for task in await house.tasks() if task.kind == "callback"} == {case.number}
    assert house.gateway.spooling.spool.depth == 0


@ON_ONE
async def test_the_words_that_the_end_cut_off_are_kept(house: House) -> None:
    with refusing(house.gateway.house.store):
        call = await house.phone.carrier.call(CALLER)
        await call.hang_up(partial=MATTER)
        await house.phone.carrier.settle()
    await house.drain()
    assert [MATTER in words for words in await _heard(house)] == [True]


@ON_ONE
async def test_a_call_that_began_before_goes_on_when_the_database_goes_away(house: House) -> None:
    call = await house.phone.carrier.call(CALLER)
    with refusing(house.gateway.house.store):
        await call.speak(MATTER)
        assert call.last_said == BEGIN
    await house.drain()
    await call.speak("我叫王小明，要求尽快赔付")
    assert not {BEGIN, GO_ON, END} & {call.last_said}
    await call.hang_up()
    await house.phone.carrier.settle()
    assert len(await house.cases()) == 1
    assert "callback" in {task.kind for task in await house.tasks()}


@ON_ONE
async def test_who_only_hangs_up_is_not_called_back(house: House) -> None:
    with refusing(house.gateway.house.store):
        call = await house.phone.carrier.call(CALLER)
        await call.hang_up()
        await house.phone.carrier.settle()
    await house.drain()
    assert await house.tasks() == []


@ON_ONE
async def test_who_does_not_want_to_be_recorded_is_not_recorded(house: House) -> None:
    with refusing(house.gateway.house.store):
        call = await house.phone.carrier.call(CALLER)
        await call.press("9")
        await call.speak(MATTER)
        await call.hang_up()
        await house.phone.carrier.settle()
    assert not house.phone.carrier.exchange.tapes.kept
    await house.drain()
    (case,) = await house.cases()
    assert MATTER in (await _heard(house))[-1]
    assert case.channel == "phone"


@ON_ONE
async def test_a_caller_who_speaks_english_hears_english(house: House) -> None:
    with refusing(house.gateway.house.store):
        call = await house.phone.carrier.call(CALLER)
        await call.press("8")
        assert call.last_said == phrases("en", Medium.EAR).get("line", "away_begin")
        await call.speak("my claim was refused and nobody calls me back")
        assert call.last_said == phrases("en", Medium.EAR).get("line", "away_go_on")
        await call.hang_up()
        await house.phone.carrier.settle()


async def _heard(house: House) -> list[str]:
    (case,) = await house.cases()
    async with house.gateway.house.store.reading() as unit:
        return [moment.text for moment in await unit.timeline.of(case.id) if moment.kind == "heard" and moment.text]
