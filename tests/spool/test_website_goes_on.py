"""The website while the database is away: what was sent is kept with its files, and no number is invented."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from unittest.mock import patch

import pytest
from aiohttp import ClientSession, CookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from gateway.customers.frame import words_of
from gateway.customers.limits import Limits
from gateway.customers.pages import CustomerPages
from gateway.spool.errors import SpoolFull
from store.unit import Store
from tests.spool.away import hanging, refusing
from tests.spool.conftest import House
from tests.web.visitor import DECLARED, PHOTO, Visitor, hidden

ON_ONE = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
Away = Callable[[Store], AbstractContextManager[None]]
WORDS = words_of("zh-Hans")
WHOLE = {
    "matter": "车险理赔拖了两个月还没赔，一直说在审核",
    "request": "尽快赔付",
    "complainant_name": "王小明",
    "phone": "13812345678",
}


@pytest.fixture
async def visitor(house: House) -> AsyncIterator[Visitor]:
    async with TestClient(TestServer(house.gateway.app)) as client:
        yield Visitor(client, house.clock)


@pytest.mark.parametrize("away", [refusing, hanging])
async def test_a_form_is_kept_with_its_files_and_the_page_gives_the_number_later(
    house: House, visitor: Visitor, away: Away
) -> None:
    with away(house.gateway.house.store):
        kept = await visitor.complain({"photo.jpg": PHOTO}, **WHOLE)
        assert (kept.status, kept.path, kept.number) == (200, "/complain/kept", "")
        assert kept.words == [WORDS("kept.what")]
        place = kept.text.split('<p><a href="')[1].split('"')[0].replace("&amp;", "&")
        assert (await visitor.open(place)).path == "/complain/kept"
    assert await house.drain() == 1
    (case,) = await house.cases()
    async with house.gateway.house.store.reading() as unit:
        assert [file.name for file in await unit.files.of_complaint(case.id)] == ["photo.jpg"]
    done = await visitor.open(place)
    assert (done.path, done.number) == ("/complain/done", case.number)


@ON_ONE
async def test_what_is_missing_is_asked_when_the_visitor_comes_back(house: House, visitor: Visitor) -> None:
    with refusing(house.gateway.house.store):
        kept = await visitor.complain(matter=WHOLE["matter"])
        place = kept.text.split('<p><a href="')[1].split('"')[0].replace("&amp;", "&")
    await house.drain()
    form = await visitor.open(place)
    assert form.path == "/complain"
    assert {"phone", "complainant_name"} <= form.wrong
    done = await visitor.press(form, "/complain", **{**DECLARED, **WHOLE})
    assert done.path == "/complain/done"
    assert len(await house.cases()) == 1


@ON_ONE
async def test_the_same_form_sent_twice_is_one_complaint(house: House, visitor: Visitor) -> None:
    page = await visitor.open("/complain")
    with refusing(house.gateway.house.store):
        for _ in range(2):
            assert (await visitor.press(page, "/complain", **{**DECLARED, **WHOLE})).path == "/complain/kept"
    assert house.gateway.spooling.spool.depth == 1
    await house.drain()
    assert len(await house.cases()) == 1


@ON_ONE
async def test_a_draft_that_is_not_saved_is_not_said_to_be(house: House, visitor: Visitor) -> None:
    page = await visitor.open("/complain")
    with refusing(house.gateway.house.store):
        shown = await visitor.send("/complain/draft", {**hidden(page, "/complain"), "matter": WHOLE["matter"]})
    assert WORDS("trouble.away") in shown.text
    assert WORDS("complain.saved") not in shown.text
    assert WHOLE["matter"] in shown.text


@ON_ONE
async def test_when_nothing_can_be_kept_the_page_says_so(house: House, visitor: Visitor) -> None:
    full = patch.object(house.gateway.spooling.spool, "put", side_effect=SpoolFull)
    with refusing(house.gateway.house.store), full:
        refused = await visitor.complain(**WHOLE)
    assert refused.status == 503
    assert WORDS("refused.away") in refused.text


@ON_ONE
async def test_who_asks_how_it_stands_is_told_that_the_system_is_away(house: House, visitor: Visitor) -> None:
    with refusing(house.gateway.house.store):
        door = await visitor.open("/progress")
        told = await visitor.send(
            "/progress", {**hidden(door, "/progress"), "number": "TS261123000011", "proof": "5678"}
        )
    assert told.status == 503


@ON_ONE
async def test_nobody_is_led_to_the_waiting_page_who_sent_nothing(house: House, visitor: Visitor) -> None:
    assert (await visitor.open("/complain/kept")).path == "/complain"
    assert (await visitor.open("/complain/kept?k=0123456789abcdef")).path == "/complain"


@ON_ONE
async def test_a_flood_is_held_back_also_while_nobody_can_count_in_the_database(house: House) -> None:
    app = web.Application()
    app.add_routes(CustomerPages(house.gateway.house, house.gateway.spooling.inbox, Limits(visit=2)).routes())
    async with TestClient(TestServer(app)) as client:
        visitor = Visitor(client, house.clock)
        with refusing(house.gateway.house.store):
            paths = [
                (await visitor.complain(**{**WHOLE, "matter": f"第{each}次投诉，理赔太慢"})).path for each in range(4)
            ]
    assert paths == ["/complain/kept", "/complain/kept", "/complain", "/complain"]


@ON_ONE
async def test_the_app_hears_that_it_is_kept(house: House) -> None:
    sent = {"matter": WHOLE["matter"], "token": "a-token-of-the-app", "phone": "13812345678"}
    async with ClientSession(house.url, cookie_jar=CookieJar(unsafe=True)) as client:
        with refusing(house.gateway.house.store):
            response = await client.post("/api/public/v1/complaints", json=sent)
            told = await response.json()
    assert (response.status, told["number"]) == (200, "")
    assert "已收到并保存" in told["text"]
    await house.drain()
    assert len(await house.cases()) == 1
