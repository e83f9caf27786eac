"""People and branches over the API, for whoever is signed in as an administrator."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from gateway.staff.actor import COOKIE, CSRF_HEADER, Right, actor_of
from gateway.staff.answering import guard_answers
from gateway.staff.auth import let_in
from gateway.staff.people import People
from gateway.staff.problems import Handler, Problem, tell_problems
from tests.signin.rig import ON_ONE, Rig

pytestmark = ON_ONE
Client = TestClient[web.Request, web.Application]


class Api:
    """Requests of somebody who is signed in."""

    def __init__(self, client: Client, rig: Rig) -> None:
        self.client, self.rig = client, rig

    async def get(self, path: str) -> ClientResponse:
        return await self.client.get(path, cookies={COOKIE: self.rig.cookie})

    async def post(self, path: str, body: object = None) -> ClientResponse:
        actor = await self.rig.actor()
        assert actor is not None
        headers = {CSRF_HEADER: actor.csrf}
        return await self.client.post(path, json=body, headers=headers, cookies={COOKIE: self.rig.cookie})


def entitled(handler: Handler) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        if not actor_of(request).may(Right.ADMIN):
            raise Problem(403, "not_yours")
        return await handler(request)

    return handle


@pytest.fixture
async def api(rig: Rig) -> AsyncIterator[Api]:
    door = let_in(rig.house.settings.api_token, rig.desk.sessions, frozenset())
    app = web.Application(middlewares=[guard_answers, tell_problems, door])
    for operation in People(rig.house, rig.desk.personnel).operations():
        assert operation.right is Right.ADMIN
        app.router.add_route(operation.method, operation.path, entitled(operation.handler))
    await rig.person("boss", "admin")
    await rig.sign_in("boss")
    async with TestClient(TestServer(app)) as client:
        yield Api(client, rig)


async def test_a_person_is_made_changed_and_signed_out(api: Api) -> None:
    made = await api.post("/people", {"login": "li.na", "name": "李娜", "roles": ["officer"]})
    password = (await made.json())["password"]
    assert (await api.rig.passwords.verify("", password)) is False
    changed = await (await api.post("/people/li.na", {"roles": ["clerk"], "active": False})).json()
    assert (changed["name"], changed["roles"], changed["active"]) == ("李娜", ["clerk"], False)
    assert (await (await api.post("/people/li.na/sessions/end")).json()) == {"ended": 0}
    assert (await (await api.post("/people/li.na/password")).json())["login"] == "li.na"
    assert (await (await api.post("/people/li.na/second-factor/reset")).json())["second_factor"] is False
    listed = (await (await api.get("/people")).json())["items"]
    assert [person["login"] for person in listed] == ["boss", "li.na"]


async def test_refusals_say_why(api: Api) -> None:
    one = {"login": "boss", "name": "x", "roles": ["officer"]}
    assert await problem(await api.post("/people", one)) == (409, "login_taken")
    assert await problem(await api.post("/people/boss", {"active": False})) == (409, "last_admin")
    assert await problem(await api.post("/people", {**one, "roles": ["king"]})) == (422, "invalid")
    assert await problem(await api.post("/people", {**one, "login": "x1", "branch": "zz"})) == (422, "no_such_branch")
    assert await problem(await api.get("/people/nobody")) == (404, "no_such_person")
    assert await problem(await api.post("/branches/UP", {"name": "x"})) == (404, "no_such_branch")


async def test_branches_are_written_and_listed(api: Api) -> None:
    await api.post("/branches/sh", {"name": "上海分公司"})
    await api.post("/branches/sh-pd", {"name": "浦东支公司", "parent": "sh"})
    assert await problem(await api.post("/branches/sh", {"name": "x", "parent": "sh-pd"})) == (409, "branch_loop")
    listed = (await (await api.get("/branches")).json())["items"]
    assert [branch["code"] for branch in listed] == ["sh", "sh-pd"]


async def test_nobody_else_comes_in_and_no_other_page_may_ask(api: Api) -> None:
    await api.rig.person()
    cookies = {COOKIE: api.rig.cookie}
    assert (await api.client.post("/people/boss/password", cookies=cookies)).status == 403
    api.rig.another_browser()
    await api.rig.sign_in("wang")
    assert (await api.get("/people")).status == 403


async def problem(answer: ClientResponse) -> tuple[int, str]:
    return answer.status, (await answer.json(content_type=None))["code"]
