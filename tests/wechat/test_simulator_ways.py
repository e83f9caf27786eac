"""What gets lost on WeChat's own way to the account."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.wechat.simulator import WeChatSimulator
from channels.wechat.simulator.faults import Fault
from tests.clock import SetClock


@pytest.fixture
async def wechat() -> AsyncIterator[WeChatSimulator]:
    simulator = WeChatSimulator(clock=SetClock())
    app = web.Application()

    async def success(_: web.Request) -> web.Response:
        return web.Response(text="success")

    app.router.add_post("/in/wechat", success)
    async with TestServer(app) as server:
        simulator.webhook_url = str(server.make_url("/in/wechat"))
        yield simulator
        await simulator.aclose()


async def test_a_message_whose_answer_is_lost_comes_again(wechat: WeChatSimulator) -> None:
    wechat.inject(Fault(endpoint="push", kind="drop"))
    pushed = await wechat.push_text("somebody", "你好")
    assert pushed.statuses == (0, 200)


async def test_a_receipt_may_never_be_told(wechat: WeChatSimulator) -> None:
    wechat.inject(Fault(endpoint="receipt", kind="drop"))
    wechat.finish("TEMPLATESENDJOBFINISH", wechat.person("somebody"), {"MsgID": "1", "Status": "success"})
    assert not wechat.pushing
    wechat.finish("TEMPLATESENDJOBFINISH", wechat.person("somebody"), {"MsgID": "1", "Status": "success"})
    assert wechat.pushing
    await wechat.settle()
