"""Clocks and approvals over HTTP, by people with different roles."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from gateway.staff.actor import COOKIE, CSRF_HEADER, Actor, Role, rights_of
from gateway.staff.api import _for_the_entitled
from gateway.staff.approvals import Approvals
from gateway.staff.auth import let_in
from gateway.staff.clocks import Clocks
from gateway.staff.problems import tell_problems
from store.values import Case
from tests.clocks.desk import Desk
from tests.staff.office import NAME, PHONE

PEOPLE = {
    "li.na": Actor(login="li.na", name="李娜", rights=rights_of(frozenset({Role.OFFICER})), person_id=1, csrf="t"),
    "wang.zong": Actor(
        login="wang.zong", name="王总", rights=rights_of(frozenset({Role.SUPERVISOR})), person_id=2, csrf="t"
    ),
    "chen": Actor(login="chen", name="陈晨", rights=rights_of(frozenset({Role.AUDITOR})), person_id=3, csrf="t"),
    "afar": Actor(
        login="afar",
        name="赵远",
        rights=rights_of(frozenset({Role.SUPERVISOR})),
        person_id=4,
        branches=frozenset({"440000"}),
        csrf="t",
    ),
}


class SignedIn:
    async def actor(self, cookie: str) -> Actor | None:
        return PEOPLE.get(cookie)

    async def lasts(self, cookie: str) -> bool:
        return cookie in PEOPLE


@dataclass(frozen=True, slots=True)
class Api:
    """The API, asked by people of ours."""

    client: TestClient[web.Request, web.Application]

    async def get(self, who: str, path: str) -> ClientResponse:
        return await self.client.get(path, headers=_of(who))

    async def post(self, who: str, path: str, **body: Any) -> ClientResponse:
        return await self.client.post(path, json=body, headers=_of(who))


def _of(who: str) -> dict[str, str]:
    return {"Cookie": f"{COOKIE}={who}", CSRF_HEADER: "t"}


@pytest.fixture
async def api(desk: Desk) -> AsyncIterator[Api]:
    app = web.Application(middlewares=[tell_problems, let_in(SecretStr(""), SignedIn(), frozenset())])
    for operation in (*Clocks(desk.house).operations(), *Approvals(desk.house).operations()):
        app.router.add_route(operation.method, operation.path, _for_the_entitled(operation))
    async with TestClient(TestServer(app)) as client:
        yield Api(client)


def clock_of(case: Case, act: str = "") -> str:
    return f"/complaints/{case.number}/clock{act}"


async def test_why_it_is_due_then_is_told_in_chinese_and_english(desk: Desk, api: Api) -> None:
    case = await desk.complaint()
    body = await (await api.get("li.na", clock_of(case))).json()
    assert body["limit"] == "simple"
    assert "一般期限15日，至2026-12-08" in "".join(body["why"]["zh"])
    assert "by 2026-12-08" in "".join(body["why"]["en"])
    assert {target["name"] for target in body["targets"]} == {"contact", "ask", "decision"}


async def test_an_officer_extends_and_a_supervisor_approves_sixty_days(desk: Desk, api: Api) -> None:
    case = await desk.complaint()
    extended = await (await api.post("li.na", clock_of(case, "/extend"), reason="情况复杂")).json()
    assert extended["limit"] == "complex"
    asked = await (await api.post("li.na", clock_of(case, "/special"), reason="境外取证")).json()
    waiting = await (await api.get("wang.zong", "/approvals")).json()
    assert [each["id"] for each in waiting["items"]] == [asked["id"]]
    approved = await (await api.post("wang.zong", f"/approvals/{asked['id']}/approve")).json()
    assert (approved["state"], approved["decided_by"]) == ("approved", "wang.zong")
    body = await (await api.get("li.na", clock_of(case))).json()
    assert body["limit"] == "special"
    assert "经wang.zong批准" in "".join(body["why"]["zh"])
    assert [event["kind"] for event in body["events"]] == ["complex", "special"]


async def test_only_whoever_may_approve_does_and_never_their_own(desk: Desk, api: Api) -> None:
    case = await desk.complaint()
    await api.post("wang.zong", clock_of(case, "/extend"), reason="情况复杂")
    asked = await (await api.post("wang.zong", clock_of(case, "/special"), reason="境外取证")).json()
    path = f"/approvals/{asked['id']}"
    assert (await api.post("li.na", f"{path}/approve")).status == 403
    own = await api.post("wang.zong", f"{path}/approve")
    assert (own.status, (await own.json())["detail"]) == (409, "same_person")
    assert (await api.post("wang.zong", f"{path}/take-back")).status == 200


async def test_an_auditor_reads_the_clock_and_moves_nothing(desk: Desk, api: Api) -> None:
    case = await desk.complaint()
    assert (await api.get("chen", clock_of(case))).status == 200
    assert (await api.post("chen", clock_of(case, "/extend"), reason="情况复杂")).status == 403


async def test_whoever_may_not_know_of_a_complaint_learns_nothing_of_its_clock_or_approvals(
    desk: Desk, api: Api
) -> None:
    case = await desk.complaint()
    await api.post("li.na", clock_of(case, "/extend"), reason="情况复杂")
    asked = await (await api.post("li.na", clock_of(case, "/special"), reason="境外取证")).json()
    assert (await api.get("afar", clock_of(case))).status == 404
    assert (await api.post("afar", clock_of(case, "/agree"), until="2026-12-20", evidence="录音")).status == 404
    assert (await (await api.get("afar", "/approvals")).json())["items"] == []
    assert (await api.post("afar", f"/approvals/{asked['id']}/approve")).status == 404
    assert (await api.post("afar", f"/approvals/{asked['id']}/refuse", reason="不")).status == 404


async def test_what_staff_wrote_of_a_person_is_masked(desk: Desk, api: Api) -> None:
    case = await desk.complaint()
    await api.post("li.na", clock_of(case, "/agree"), until="2026-12-20", evidence=f"致电{NAME}{PHONE[3:]}")
    plain = await (await api.get("li.na", clock_of(case))).text()
    assert NAME not in plain
    assert PHONE[3:] not in plain


async def test_a_clock_that_does_not_allow_it_says_why(desk: Desk, api: Api) -> None:
    case = await desk.complaint()
    early = await api.post("li.na", clock_of(case, "/special"), reason="境外取证")
    assert (early.status, (await early.json())["detail"]) == (409, "not_extended")
    past = await api.post("li.na", clock_of(case, "/agree"), until="2026-01-01", evidence="录音")
    assert (past.status, (await past.json())["detail"]) == (409, "past")
    odd = await api.post("li.na", clock_of(case, "/restart"), received_at="2026-11-23T10:00:00", reason="x")
    assert odd.status == 422
    for id in ("0", "x", "99999999999999999999", "7"):
        assert (await api.post("wang.zong", f"/approvals/{id}/approve")).status == 404


async def test_new_facts_restart_the_clock(desk: Desk, api: Api) -> None:
    case = await desk.complaint()
    desk.clock.advance(days=3)
    received = desk.house.clock.now().isoformat()
    body = await (await api.post("li.na", clock_of(case, "/restart"), received_at=received, reason="新报告")).json()
    assert body["began_at"].startswith("2026-11-26")
    assert await desk.due(case.number) == "2026-12-11"
