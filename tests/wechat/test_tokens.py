"""One token for all: fetched once, shared, renewed in time, and never fought over."""

from __future__ import annotations

import asyncio
import json

import pytest

from channels.errors import Misconfigured, Retryable
from channels.wechat import WeChatChannel
from channels.wechat.simulator import Fault
from channels.wechat.tokens import Granted, Tokens
from tests.clock import SetClock
from tests.wechat.conftest import Builder, House
from tests.wechat.fakes import DictMemory

SEND = "message/custom/send"


async def send_to(house: House, count: int) -> list[object]:
    """So many sends at once, each to a person who wrote just now."""
    people = [house.simulator.person() for _ in range(count)]
    for person in people:
        person.wrote(house.clock.now())
    sends = [house.channel.send(house.outbound(person, id=f"out-{n}")) for n, person in enumerate(people)]
    return list(await asyncio.gather(*sends, return_exceptions=True))


async def test_two_hundred_sends_at_once_fetch_one_token(house: House) -> None:
    results = await send_to(house, 200)
    assert not [one for one in results if isinstance(one, BaseException)]
    assert house.simulator.calls("stable_token") == 1
    assert house.simulator.calls(SEND) == 200


async def test_after_a_rotation_two_hundred_sends_fetch_one_more(house: House) -> None:
    await send_to(house, 1)
    house.simulator.platform.access.rotate()
    house.clock.advance(seconds=30)
    results = await send_to(house, 200)
    assert not [one for one in results if isinstance(one, BaseException)]
    assert house.simulator.calls("stable_token") == 2


async def test_a_token_refused_for_good_is_two_sends_and_an_alarm(house: House) -> None:
    house.simulator.platform.access.refuse_all = True
    (result,) = await send_to(house, 1)
    assert isinstance(result, Misconfigured)
    assert house.simulator.calls(SEND) == 2
    assert house.simulator.calls("stable_token") <= 2
    assert "token" in house.channel.state()["problem"]
    house.simulator.platform.access.refuse_all = False
    (result,) = await send_to(house, 1)
    assert "problem" not in house.channel.state()


async def test_many_sends_with_a_dead_token_do_not_storm_the_token_interface(house: House) -> None:
    house.simulator.platform.access.refuse_all = True
    results = await send_to(house, 100)
    assert all(isinstance(one, Misconfigured) for one in results)
    assert house.simulator.calls(SEND) == 200
    assert house.simulator.calls("stable_token") <= 2


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_token_refused_once_is_replaced_and_the_message_leaves(house: House, code: int) -> None:
    house.simulator.inject(Fault(endpoint=SEND, kind="errcode", code=code))
    (result,) = await send_to(house, 1)
    assert not isinstance(result, BaseException)
    assert house.simulator.calls(SEND) == 2


async def test_force_refresh_is_never_asked_for(house: House) -> None:
    house.simulator.platform.access.refuse_all = True
    await send_to(house, 3)
    asked = [call.body for call in house.simulator.platform.calls if call.endpoint == "stable_token"]
    assert asked
    assert all(body["force_refresh"] is False for body in asked)


async def test_a_token_is_renewed_before_its_end(house: House) -> None:
    await send_to(house, 1)
    house.clock.advance(seconds=6_800)
    await send_to(house, 1)
    assert house.simulator.calls("stable_token") == 1
    house.clock.advance(seconds=101)
    await send_to(house, 1)
    assert house.simulator.calls("stable_token") == 2


async def test_two_processes_share_one_token(house: House) -> None:
    other = WeChatChannel(settings=house.channel.settings, memory=house.memory, clock=house.clock)
    await send_to(house, 1)
    person = house.simulator.person()
    person.wrote(house.clock.now())
    await other.send(house.outbound(person))
    assert house.simulator.calls("stable_token") == 1
    house.simulator.platform.access.rotate()
    house.clock.advance(seconds=30)
    await send_to(house, 1)
    await other.send(house.outbound(person, id="second"))
    assert house.simulator.calls("stable_token") == 2
    await other.aclose()


async def test_the_shared_note_holds_the_token_and_its_times(house: House) -> None:
    await send_to(house, 1)
    (note,) = (json.loads(value) for key, value in house.memory.values.items() if key.startswith("token:"))
    assert set(note) == {"token", "fetched_at", "expires_at"}
    assert note["token"] == house.simulator.platform.access.stable


async def test_a_wrong_secret_is_said_plainly(build: Builder) -> None:
    house = await build(app_secret="not-the-secret")
    (result,) = await send_to(house, 1)
    assert isinstance(result, Misconfigured)
    assert "40125" in str(result)
    assert "stable_token" in house.channel.state()["problem"]
    assert "not-the-secret" not in str(result) + house.channel.state()["problem"]


async def test_an_interface_that_gives_no_token_is_asked_again_later(house: House) -> None:
    for kind in ("garbage", "http"):
        house.simulator.inject(Fault(endpoint="stable_token", kind=kind, code=502))
        (result,) = await send_to(house, 1)
        assert isinstance(result, Retryable)
    (result,) = await send_to(house, 1)
    assert not isinstance(result, BaseException)


async def test_a_note_of_an_older_version_is_replaced(clock: SetClock) -> None:
    async def fetch() -> Granted:
        return Granted(token="new", expires_in=7200)

    for note in ("not json", "{}", '{"token": 1, "fetched_at": 2, "expires_at": 3}'):
        memory = DictMemory(values={"token:wx": note})
        assert await Tokens(app_id="wx", fetch=fetch, memory=memory, clock=clock).get() == "new"
        assert "new" in memory.values["token:wx"]


async def test_the_last_minutes_of_a_token_do_not_mean_a_fetch_for_every_call(clock: SetClock) -> None:
    fetched: list[int] = []

    async def fetch() -> Granted:
        fetched.append(1)
        return Granted(token="old", expires_in=300)

    tokens = Tokens(app_id="wx", fetch=fetch, memory=DictMemory(), clock=clock)
    for _ in range(10):
        await tokens.get()
    assert len(fetched) == 1
    clock.advance(seconds=31)
    await tokens.get()
    assert len(fetched) == 2
