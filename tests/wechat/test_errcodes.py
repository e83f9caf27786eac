"""What WeChat's numbers, and its silences, mean for a message."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientTimeout
from wechatpy.constants import WeChatErrorCode

from channels.errors import DeliveryError, Misconfigured, Rejected, Retryable, Unreachable
from channels.wechat.client import code_of
from channels.wechat.errcodes import ACTIONS, Action, action_for, error_for
from channels.wechat.simulator import Fault
from channels.wechat.transport import Transport
from tests.clock import MONDAY_MORNING
from tests.wechat.conftest import Builder, House

SEND = "message/custom/send"
ONE_WAY: dict[str, Any] = {"template_id": "", "subscription_template_id": ""}


@pytest.mark.parametrize(
    ("code", "error", "until_contact"),
    [
        (-1, Retryable, None),
        (-1000, Retryable, None),
        (45011, Retryable, None),
        (45009, Retryable, None),
        (45015, Unreachable, True),
        (45047, Unreachable, True),
        (43004, Unreachable, True),
        (43101, Unreachable, True),
        (40003, Unreachable, False),
        (48002, Unreachable, False),
        (43019, Unreachable, False),
        (48001, Misconfigured, None),
        (40037, Misconfigured, None),
        (40164, Misconfigured, None),
        (40013, Misconfigured, None),
        (40125, Misconfigured, None),
        (47003, Rejected, None),
        (45008, Rejected, None),
        (40007, Rejected, None),
        (88888, Rejected, None),
        (-77, Retryable, None),
    ],
)
async def test_every_errcode_has_its_answer(
    build: Builder, code: int, error: type[DeliveryError], until_contact: bool | None
) -> None:
    house = await build(**ONE_WAY)
    person = house.simulator.person()
    house.simulator.inject(Fault(endpoint=SEND, kind="errcode", code=code))
    with pytest.raises(error) as raised:
        await house.channel.send(house.outbound(person))
    if isinstance(raised.value, Unreachable):
        assert raised.value.until_contact is until_contact
    if isinstance(raised.value, Rejected):
        assert raised.value.code == str(code)
    if isinstance(raised.value, Misconfigured):
        assert str(code) in house.channel.state()["problem"]
    assert person.openid not in str(raised.value)


def test_every_action_has_an_error_and_every_known_code_an_action() -> None:
    for code in ACTIONS:
        assert isinstance(error_for(code, now=MONDAY_MORNING), DeliveryError)
    assert {action_for(code) for code in ACTIONS} == set(Action)
    for known in WeChatErrorCode:
        if known.value:
            assert isinstance(error_for(known.value, now=MONDAY_MORNING), DeliveryError)


async def test_a_used_up_day_is_not_asked_again_before_midnight(build: Builder) -> None:
    house = await build(**ONE_WAY)
    person = house.simulator.person()
    person.wrote(house.clock.now())
    house.simulator.inject(Fault(endpoint=SEND, kind="errcode", code=45009))
    for _ in range(3):
        with pytest.raises(Retryable) as raised:
            await house.channel.send(house.outbound(person))
        assert raised.value.after == timedelta(hours=14, minutes=30)
    assert house.simulator.calls(SEND) == 1
    assert "quota" in house.channel.state()["problem"]
    house.clock.advance(hours=14, minutes=30)
    await house.channel.send(house.outbound(person))
    assert "problem" not in house.channel.state()


@pytest.mark.parametrize("kind", ["http", "garbage", "drop"])
async def test_a_broken_line_is_tried_again_and_says_nothing_secret(build: Builder, kind: str) -> None:
    house = await build(**ONE_WAY)
    person = house.simulator.person()
    person.wrote(house.clock.now())
    house.simulator.inject(Fault(endpoint=SEND, kind=kind, code=502))  # type: ignore[arg-type]  # one of the literals
    with pytest.raises(Retryable) as raised:
        await house.channel.send(house.outbound(person))
    for error in _chain(raised.value):
        assert "access_token" not in str(error)
        assert house.simulator.platform.access.stable not in str(error)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """What a traceback would print."""
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


@pytest.mark.parametrize("kind", ["hang", "drip"])
async def test_a_server_that_never_ends_is_left(house: House, kind: str) -> None:
    house.simulator.inject(Fault(endpoint="stable_token", kind=kind))  # type: ignore[arg-type]  # one of the literals
    transport = Transport()
    url = f"{house.simulator.platform.base_url}/cgi-bin/stable_token"
    with pytest.raises(Retryable):
        await transport.exchange("POST", url, data=b"{}", within=ClientTimeout(total=0.1))
    await transport.aclose()


async def test_http_that_no_wechat_would_say_is_our_setting(build: Builder) -> None:
    house = await build(**ONE_WAY)
    house.simulator.inject(Fault(endpoint=SEND, kind="http", code=404))
    with pytest.raises(Misconfigured):
        await house.channel.send(house.outbound(house.simulator.person()))
    assert "404" in house.channel.state()["problem"]


async def test_a_refusal_inside_http_200_is_never_taken_for_sent(build: Builder) -> None:
    """courier's wechat handler looks at the HTTP status only, and counts refused messages as sent."""
    house = await build(**ONE_WAY)
    with pytest.raises(Unreachable):
        await house.channel.send(house.outbound(house.simulator.person()))  # wrote to us, WeChat knows nothing of it
    assert house.simulator.platform.calls[-1].errcode == 45015


@pytest.mark.parametrize(("told", "code"), [(None, 0), ({}, 0), ({"errcode": "0"}, 0), ({"errcode": "x"}, -1)])
def test_odd_answers_have_a_code_too(told: dict[str, object] | None, code: int) -> None:
    assert code_of(told) == code
