"""Admins keep endpoints, by the console and by REST."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from gateway.console.endpoints import EndpointsRoom
from gateway.staff.actor import KEY, Actor, Role, rights_of
from gateway.staff.endpoints import Endpoints as Part
from gateway.staff.openapi import document
from gateway.staff.problems import Handler, tell_problems
from tests.console.desk import Desk, desk
from tests.events.conftest import Exchange
from tests.events.receiver import answering

HOME = "/admin/endpoints"
ADMIN = Actor(login="admin", name="管", rights=rights_of(frozenset({Role.ADMIN})), person_id=1)


@pytest.fixture
async def room(exchange: Exchange) -> AsyncIterator[Desk]:
    async with desk(exchange.house, lambda kit: [EndpointsRoom(kit, exchange.endpoints)]) as opened:
        opened.as_(Role.ADMIN)
        yield opened


@pytest.fixture
async def rest(exchange: Exchange) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    @web.middleware
    async def as_admin(request: web.Request, handler: Handler) -> web.StreamResponse:
        request[KEY] = ADMIN
        return await handler(request)

    app = web.Application(middlewares=[tell_problems, as_admin])
    for operation in Part(exchange.endpoints).operations():
        app.router.add_route(operation.method, operation.path, operation.handler)
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_a_secret_is_shown_once_and_never_again(exchange: Exchange, room: Desk) -> None:
    made = await room.post(HOME, {"url": "http://127.0.0.1:9/hook", "note": "客户关系系统", "active": "on"})
    page = await made.text()
    [endpoint] = await exchange.endpoints.all()
    assert made.status == 200
    assert endpoint.secret in page.replace("&#43;", "+")
    for path in (HOME, f"{HOME}/{endpoint.id}"):
        again = await (await room.get(path)).text()
        assert "客户关系系统" in again
        assert "whsec_" not in again


async def test_an_address_that_cannot_be_called_comes_back_with_what_is_wrong(room: Desk) -> None:
    answer = await room.post(HOME, {"url": "https://10.0.0.1/", "active": "on"})
    page = await answer.text()
    assert answer.status == 422
    assert "内部网络" in page
    assert "https://10.0.0.1/" in page


async def test_what_was_sent_is_seen_tested_and_sent_again(exchange: Exchange, room: Desk) -> None:
    receiver, endpoint = await exchange.receiver(answering(500, "<b>down</b>"))
    await exchange.complaint()
    await exchange.worker.run_once()
    page = await (await room.get(f"{HOME}/{endpoint.id}")).text()
    assert "answered 500: &lt;b&gt;down" in page
    receiver.manner = answering(200)
    exchange.clock.advance(minutes=5)
    await room.post(f"{HOME}/{endpoint.id}/test")
    await exchange.worker.run_once()
    event = receiver.calls[0].id
    answer = await room.post(f"{HOME}/{endpoint.id}/again", {"event": event})
    assert answer.status == 303
    await exchange.worker.run_once()
    assert [call.id for call in receiver.calls].count(event) == 3
    span = {"since": "2026-11-23T00:00", "until": "2026-11-24T00:00"}
    assert (await room.post(f"{HOME}/{endpoint.id}/again", span)).status == 303
    assert (await room.post(f"{HOME}/{endpoint.id}/again", {"since": "morgen"})).status == 422


async def test_it_is_changed_and_its_secret_rotated(exchange: Exchange, room: Desk) -> None:
    _, endpoint = await exchange.receiver()
    form = [("url", endpoint.url), ("event", "complaint.status"), ("event", "complaint.told"), ("note", "x")]
    assert (await room.post(f"{HOME}/{endpoint.id}", form)).status == 303
    changed = await exchange.endpoint(endpoint.id)
    assert changed.events == {"complaint.status", "complaint.told"}
    assert not changed.active
    page = await (await room.post(f"{HOME}/{endpoint.id}/rotate")).text()
    assert (await exchange.endpoint(endpoint.id)).secret in page.replace("&#43;", "+")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
async def test_nobody_else_sees_them(room: Desk, role: Role) -> None:
    room.as_(role)
    for path in (HOME, f"{HOME}/new", f"{HOME}/ep0000000000000000"):
        assert (await room.get(path)).status == 403
    assert (await room.post(HOME, {"url": "https://crm.example.cn"})).status == 403


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_pages_have_no_script_and_no_style_of_their_own(exchange: Exchange, room: Desk, language: str) -> None:
    _, endpoint = await exchange.receiver()
    await exchange.complaint()
    for path in (HOME, f"{HOME}/new", f"{HOME}/{endpoint.id}"):
        page = await (await room.get(path, Cookie=f"tousu_session={room.cookie}; tousu_language={language}")).text()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style| style=| on[a-z]+=", page)
        assert page.count("<h1") == 1


async def test_the_same_by_rest(exchange: Exchange, rest: TestClient[web.Request, web.Application]) -> None:
    receiver, _ = await exchange.receiver()
    made = await rest.post("/endpoints", json={"url": (await exchange.endpoints.all())[0].url, "note": "数仓"})
    told: dict[str, Any] = await made.json()
    assert made.status == 201
    assert told["secret"].startswith("whsec_")
    path = f"/endpoints/{told['id']}"
    assert "secret" not in await (await rest.get(path)).json()
    tried = await (await rest.post(f"{path}/test")).json()
    await exchange.worker.run_once()
    assert receiver.calls[-1].id == tried["event"]
    listed = await (await rest.get(f"{path}/deliveries", params={"limit": "1"})).json()
    assert [each["state"] for each in listed["items"]] == ["delivered"]
    rest_of_it = await (await rest.get(f"{path}/deliveries", params={"cursor": listed["next"]})).json()
    assert rest_of_it["items"] == []
    assert await (await rest.post(f"{path}/replay", json={"event": tried["event"]})).json() == {"events": 1}
    off = await rest.post(path, json={"url": told["url"], "active": False})
    assert (await off.json())["active"] is False


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/endpoints", {"url": "https://10.0.0.1"}, 422),
        ("/endpoints", {"url": "https://a.example", "events": ["complaint.nothing"]}, 422),
        ("/endpoints", {"url": "https://a.example", "surprise": 1}, 422),
        ("/endpoints/ep0000000000000000", {"url": "https://a.example"}, 404),
        ("/endpoints/nonsense", {"url": "https://a.example"}, 404),
        ("/endpoints/ep0000000000000000/replay", {}, 422),
        ("/endpoints/ep0000000000000000/replay", {"event": "0" * 32}, 404),
    ],
)
async def test_what_cannot_be_is_refused(
    rest: TestClient[web.Request, web.Application], path: str, body: dict[str, Any], status: int
) -> None:
    answer = await rest.post(path, json=body)
    assert answer.status == status, await answer.text()


def test_the_part_describes_itself(exchange: Exchange) -> None:
    described = document(Part(exchange.endpoints).operations(), "0")
    assert "/endpoints/{endpoint}/replay" in described["paths"]
