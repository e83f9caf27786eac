"""Emergencies at the desk and by REST."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from gateway.console.emergency import EmergencyRoom
from gateway.staff.actor import KEY, Role
from gateway.staff.emergencies import Emergencies as Part
from gateway.staff.openapi import document
from gateway.staff.problems import Handler, tell_problems
from tests.console.desk import Desk, desk
from tests.emergency.conftest import Watch, record_with


@pytest.fixture
async def room(watch: Watch) -> AsyncIterator[Desk]:
    async with desk(watch.house, lambda kit: [EmergencyRoom(kit)]) as opened:
        opened.as_(Role.OFFICER, login="li", name="李干事")
        yield opened


@pytest.fixture
async def rest(watch: Watch) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    @web.middleware
    async def as_officer(request: web.Request, handler: Handler) -> web.StreamResponse:
        request[KEY] = watch.officer
        return await handler(request)

    app = web.Application(middlewares=[tell_problems, as_officer])
    for operation in Part(watch.house).operations():
        app.router.add_route(operation.method, operation.path, operation.handler)
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_an_officer_takes_it_does_the_steps_and_closes_it(watch: Watch, room: Desk) -> None:
    emergency = await watch.opened("violence")
    path = f"/emergencies/{emergency.id}"
    listed = await (await room.get("/emergencies")).text()
    assert path in listed
    assert "暴力" in listed
    assert (await room.post(f"{path}/take")).status == 303
    refused = await room.post(f"{path}/close", {"reason": ""})
    assert refused.status == 409
    assert "请说明关闭原因" in await refused.text()
    for step in ("police", "contact", "interim", "log", "decision"):
        assert (await room.post(f"{path}/step", {"step": step, "note": "<b>好</b>"})).status == 303
    page = await (await room.get(path)).text()
    assert "&lt;b&gt;好" in page
    assert (await room.post(f"{path}/step", {"step": "log", "undo": "1"})).status == 303
    assert (await room.post(f"{path}/step", {"step": "log"})).status == 303
    assert (await room.post(f"{path}/close", {"reason": ""})).status == 303
    assert path in await (await room.get("/emergencies?state=closed")).text()


async def test_what_somebody_may_not_see_is_not_there(watch: Watch, room: Desk) -> None:
    emergency = await watch.opened("violence")
    room.as_(Role.OFFICER, login="far", name="远", branches=frozenset({"310000"}))
    assert (await room.get(f"/emergencies/{emergency.id}")).status == 404
    assert (await room.post(f"/emergencies/{emergency.id}/take")).status == 404
    assert f"/emergencies/{emergency.id}" not in await (await room.get("/emergencies")).text()


@pytest.mark.parametrize("role", [Role.CLERK, Role.MAILROOM, Role.AUDITOR, Role.ADMIN])
async def test_only_who_works_on_complaints_sees_emergencies(watch: Watch, room: Desk, role: Role) -> None:
    emergency = await watch.opened("violence")
    room.as_(role)
    for path in ("/emergencies", f"/emergencies/{emergency.id}"):
        assert (await room.get(path)).status == 403
    assert (await room.post(f"/emergencies/{emergency.id}/take")).status == 403


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_every_plan_in_force_is_read_by_admins(watch: Watch, room: Desk, language: str) -> None:
    room.as_(Role.ADMIN)
    page = await (await room.get("/admin/plans", Cookie=f"tousu_session=admin; tousu_language={language}")).text()
    assert ("自伤自杀风险" if language == "zh" else "Self-harm") in page
    assert "head@insurer.example" in page
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style| style=| on[a-z]+=", page)
    room.as_(Role.OFFICER)
    assert (await room.get("/admin/plans")).status == 403


async def test_the_same_by_rest(watch: Watch, rest: TestClient[web.Request, web.Application]) -> None:
    case = await watch.complaint(record_with("P2"))
    opened = await (await rest.post(f"/complaints/{case.number}/emergency", json={"plan": "data_leak"})).json()
    assert (opened["complaint"], opened["plan"], opened["state"]) == (case.number, "data_leak", "open")
    path = f"/emergencies/{opened['id']}"
    assert (await (await rest.post(f"{path}/take")).json())["taken_by"] == "li"
    assert (await rest.post(f"{path}/take")).status == 409
    ticked = await (await rest.post(f"{path}/steps", json={"step": "contain", "note": "已封堵"})).json()
    assert next(step for step in ticked["steps"] if step["code"] == "contain")["note"] == "已封堵"
    assert (await rest.post(f"{path}/steps", json={"step": "contain", "done": False})).status == 200
    assert (await rest.post(f"{path}/close", json={})).status == 409
    assert (await (await rest.post(f"{path}/close", json={"reason": "误报"})).json())["state"] == "closed"
    closed = await (await rest.get("/emergencies", params={"state": "closed"})).json()
    assert [each["id"] for each in closed["items"]] == [opened["id"]]
    assert len((await (await rest.get("/emergency-plans")).json())["items"]) > 15


@pytest.mark.parametrize("id", ["0", "x", "9" * 30, "4711"])
async def test_one_that_is_not_there_is_refused(rest: TestClient[web.Request, web.Application], id: str) -> None:
    assert (await rest.get(f"/emergencies/{id}")).status == 404
    assert (await rest.post(f"/emergencies/{id}/take")).status == 404


def test_the_part_describes_itself(watch: Watch) -> None:
    assert "/emergencies/{emergency}/steps" in document(Part(watch.house).operations(), "0")["paths"]
