"""The simulator is as awkward as WeChat: what passes here must pass there."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import web

from channels.wechat.simulator import Fault, WeChatSimulator
from channels.wechat.simulator.people import BUSY
from tests.clock import SetClock
from tests.wechat.conftest import House


async def call(house: House, endpoint: str, body: dict[str, Any], token: str | None = None) -> dict[str, Any]:
    token = house.simulator.platform.access.give_stable()[0] if token is None else token
    url = f"{house.simulator.platform.base_url}/cgi-bin/{endpoint}"
    async with house.web.post(url, json=body, params={"access_token": token}) as response:
        assert response.status == 200
        found: dict[str, Any] = await response.json()
        return found


async def text_to(house: House, openid: str) -> int:
    told = await call(house, "message/custom/send", {"touser": openid, "msgtype": "text", "text": {"content": "x"}})
    return int(told["errcode"])


async def test_five_messages_after_a_message_then_45047_and_after_48_hours_45015(house: House) -> None:
    person = house.simulator.person()
    assert await text_to(house, person.openid) == 45015
    person.wrote(house.clock.now())
    assert [await text_to(house, person.openid) for _ in range(6)] == [0, 0, 0, 0, 0, 45047]
    house.clock.advance(hours=48)
    assert await text_to(house, person.openid) == 45015


async def test_a_click_gives_three_for_a_minute(house: House) -> None:
    person = house.simulator.person()
    person.moved(house.clock.now())
    assert [await text_to(house, person.openid) for _ in range(4)] == [0, 0, 0, 45047]
    person.moved(house.clock.now())
    house.clock.advance(minutes=1)
    assert await text_to(house, person.openid) == 45015


async def test_a_legacy_token_ends_the_one_before_and_leaves_the_stable_one(house: House) -> None:
    access = house.simulator.platform.access
    stable = access.give_stable()[0]
    url = f"{house.simulator.platform.base_url}/cgi-bin/token"
    query = {"appid": house.simulator.platform.app_id, "secret": house.simulator.platform.app_secret}
    tokens = []
    for _ in range(2):
        async with house.web.get(url, params=query) as response:
            tokens.append((await response.json())["access_token"])
    assert access.check(tokens[0]) == 0
    house.clock.advance(seconds=301)
    assert access.check(tokens[0]) == 42001
    assert access.check(tokens[1]) == access.check(stable) == 0
    assert access.check("invented") == 40001


async def test_the_stable_token_is_the_same_until_five_minutes_before_its_end(house: House) -> None:
    access = house.simulator.platform.access
    first, seconds = access.give_stable()
    house.clock.advance(seconds=6_000)
    assert access.give_stable() == (first, seconds - 6_000)
    house.clock.advance(seconds=901)
    second, _ = access.give_stable()
    assert second != first
    assert access.check(first) == 0
    access.give_stable(force=True)
    assert access.check(second) == 40001
    access.rotate(keep_old=True)
    assert access.check(access.stable) == 0


async def test_an_account_that_keeps_silent_is_called_four_times(clock: SetClock) -> None:
    calls: list[str] = []

    async def silent(request: web.Request) -> web.Response:
        calls.append(await request.text())
        await asyncio.sleep(10)
        return web.Response(text="success")

    simulator, runner = await _with_account(clock, silent)
    pushed = await simulator.push_text("oP", "在吗")
    assert pushed.statuses == (0, 0, 0, 0)
    assert len(calls) == 4
    assert len(set(calls)) == 4  # sealed anew each time
    assert [line.text for line in simulator.chat_of("oP")] == ["在吗", BUSY]
    await simulator.aclose()
    await runner.cleanup()


@pytest.mark.parametrize(
    "answer",
    [
        "ok",
        '{"errcode":0}',
        "<xml></xml>",
        "<xml><ToUserName>oP</ToUserName><FromUserName>gh_simulator</FromUserName><CreateTime>1</CreateTime>"
        "<MsgType>text</MsgType><Content>not sealed</Content></xml>",
    ],
)
async def test_an_account_that_answers_nonsense_is_out_of_order_for_the_person(clock: SetClock, answer: str) -> None:
    async def nonsense(request: web.Request) -> web.Response:
        return web.Response(text=answer)

    simulator, runner = await _with_account(clock, nonsense)
    assert (await simulator.push_text("oP", "在吗")).broken
    assert simulator.chat_of("oP")[-1].text == BUSY
    await simulator.aclose()
    await runner.cleanup()


async def _with_account(clock: SetClock, handler: Any) -> tuple[WeChatSimulator, web.AppRunner]:
    app = web.Application()
    app.router.add_post("/in/wechat", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    simulator = WeChatSimulator(clock=clock, cut_off=0.05)
    simulator.webhook_url = f"http://127.0.0.1:{runner.addresses[0][1]}/in/wechat"
    return simulator, runner


async def test_a_template_with_a_long_unknown_or_missing_field_is_refused(house: House) -> None:
    person = house.simulator.person()
    good = {"character_string1": "TS1", "thing2": "已办结", "thing3": "点击查看", "time4": "2026-11-23 09:30"}

    async def send(**changes: str) -> int:
        data = {name: {"value": value} for name, value in (good | changes).items()}
        body = {"touser": person.openid, "template_id": "TemplateOfTheSimulator", "data": data}
        return int((await call(house, "message/template/send", body))["errcode"])

    assert await send() == 0
    assert await send(thing2="处" * 21) == 47003
    assert await send(thing3="一\n二") == 47003
    assert await send(character_string1="编号") == 47003
    assert await send(time4="") == 47003
    unknown = {"touser": person.openid, "template_id": "x", "data": {}}
    assert (await call(house, "message/template/send", unknown))["errcode"] == 40037
    person.following = False
    assert await send() == 43004
    await house.simulator.settle()


async def test_faults_come_in_order_and_end(house: House) -> None:
    person = house.simulator.person()
    person.wrote(house.clock.now())
    house.simulator.inject(Fault(endpoint="message/custom/send", kind="errcode", code=-1, times=2))
    house.simulator.inject(Fault(endpoint="*", kind="errcode", code=45011))
    assert [await text_to(house, person.openid) for _ in range(4)] == [-1, -1, 45011, 0]


async def test_a_redelivery_opens_no_new_window(house: House) -> None:
    person = house.simulator.person()
    await house.simulator.push_text(person.openid, "在吗", msg_id="1")
    assert await text_to(house, person.openid) == 0
    await house.simulator.push_text(person.openid, "在吗", msg_id="1")
    assert person.left(house.clock.now()) == 4
    assert [line.by for line in person.chat].count("person") == 1
