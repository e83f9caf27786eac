"""What one address may do to the website, and what it cannot do to anybody else."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest
from aiohttp.test_utils import make_mocked_request

from gateway.app import Gateway
from gateway.customers.limits import Limits, address_of
from gateway.customers.places import Full, Places
from tests.clock import SetClock
from tests.web.visitor import Visitor, visiting

ON_ONE = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
WHOLE = {
    "matter": "车险理赔拖了两个月还没赔，一直说在审核",
    "request": "尽快赔付",
    "complainant_name": "王小明",
    "phone": "13812345678",
}
HEAD = "POST /progress HTTP/1.1\r\nHost: x\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n"
FORM = "application/x-www-form-urlencoded"


async def begin(visitor: Visitor, opened: AsyncExitStack, size: int) -> asyncio.StreamReader:
    """Begin a form, and do not end it."""
    server = visitor.client.server
    reader, writer = await asyncio.open_connection(server.host, server.port)
    opened.callback(writer.close)
    writer.write(HEAD.format(FORM, size).encode() + b"a")
    await writer.drain()
    return reader


@ON_ONE
async def test_slow_connections_keep_nobody_from_the_website(gateway: Gateway, visitor: Visitor) -> None:
    async with AsyncExitStack() as opened:
        for _ in range(12):
            await begin(visitor, opened, 1000)
        assert (await visitor.complain(**WHOLE)).number


@ON_ONE
async def test_a_small_form_that_trickles_is_not_waited_for(gateway: Gateway, clock: SetClock) -> None:
    async with visiting(gateway, clock, Limits(patience=0.01)) as visitor, AsyncExitStack() as opened:
        reader = await begin(visitor, opened, 1000)
        assert b" 408 " in await reader.readline()


@ON_ONE
async def test_a_large_body_finds_no_place_where_none_is_left(gateway: Gateway, clock: SetClock) -> None:
    async with visiting(gateway, clock, Limits(of_one=0)) as visitor, AsyncExitStack() as opened:
        reader = await begin(visitor, opened, 300_000)
        assert b" 503 " in await reader.readline()
        assert (await visitor.complain(**WHOLE)).number


def test_nobody_holds_all_places_and_who_leaves_makes_room() -> None:
    places = Places(all=3, of_one=2)
    with places.taken_by("a"), places.taken_by("a"):
        with pytest.raises(Full), places.taken_by("a"):
            pass
        with places.taken_by("b"), pytest.raises(Full), places.taken_by("c"):
            pass
    with places.taken_by("a"):
        assert places.taken == {"a": 1}
    assert not places.taken


@ON_ONE
@pytest.mark.parametrize(
    ("remote", "told", "seen"),
    [
        ("10.0.0.5", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.5", "203.0.113.9, 10.0.0.6", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("192.0.2.7", "203.0.113.9", "192.0.2.7"),
        ("10.0.0.5", "2001:db8::9", "2001:db8::/64"),
    ],
)
async def test_behind_a_proxy_that_we_named_everybody_has_their_own_limits(
    gateway: Gateway, remote: str, told: str, seen: str
) -> None:
    settings = gateway.house.settings.model_copy(update={"trusted_proxies": "10.0.0.0/8"})
    request = make_mocked_request("GET", "/", headers={"X-Forwarded-For": told}).clone(remote=remote)
    assert address_of(replace(gateway.house, settings=settings), request) == seen


@ON_ONE
async def test_right_proofs_of_a_whole_office_cost_nothing(gateway: Gateway, clock: SetClock) -> None:
    async with visiting(gateway, clock, Limits(proofs=2)) as visitor:
        number = (await visitor.complain(**WHOLE)).number
        for _ in range(5):
            assert "已受理" in (await visitor.prove(number, "5678")).role_status


@ON_ONE
async def test_another_sites_form_signs_nobody_in(gateway: Gateway, visitor: Visitor) -> None:
    number = (await visitor.complain(**WHOLE)).number
    visitor.client.session.cookie_jar.clear()
    for token in ({}, {"csrf": "0" * 32}):
        refused = await visitor.send("/progress", {"number": number, "proof": "5678", **token})
        assert refused.status == 403
        assert number in refused.text, "what was typed is not lost"
    assert 'name="proof"' in (await visitor.open("/progress")).text


@ON_ONE
async def test_when_many_guess_who_was_wrong_before_waits_and_one_task_asks_staff_to_look(
    gateway: Gateway, clock: SetClock
) -> None:
    async with visiting(gateway, clock, Limits(wrong_proofs=3)) as visitor:
        number = (await visitor.complain(**WHOLE)).number
        for guess in range(4):
            visitor.headers = {"X-Forwarded-For": f"203.0.113.{guess}"}
            await visitor.prove("TS261123999991", f"000{guess}")
        assert "已受理" not in (await visitor.prove(number, "5678")).text
        visitor.headers = {"X-Forwarded-For": "203.0.113.200"}
        assert "已受理" in (await visitor.prove(number, "5678")).role_status
    async with gateway.house.store.reading() as unit:
        assert [task.reason for task in await unit.tasks.list()].count("proofs_guessed") == 1
