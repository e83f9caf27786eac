"""Who may go where: every route and every role, against the list that people have read (rights.txt)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from gateway.app import Gateway, open_gateway
from gateway.settings import Settings
from gateway.staff.actor import COOKIE, CSRF_FIELD, CSRF_HEADER, Role
from gateway.staff.signin.people import Facts
from gateway.staff.signin.sessions import Visitor
from store.desk import Person

READ = Path(__file__).parent / "rights.txt"
NOBODY = "nobody"
PARTS = {"number": "TS261123000019", "endpoint": "ep" + "0" * 16}  # of what does not exist
Client = TestClient[web.Request, web.Application]


@dataclass(kw_only=True)
class Doors:
    """The whole gateway, and somebody of each role."""

    gateway: Gateway
    client: Client
    people: dict[str, Person]

    async def opens(self, method: str, path: str, role: str) -> bool:
        """Does this route let them in? What it then makes of an empty form is not asked."""
        headers = await self._as(role) if role != NOBODY else {}
        token = headers.get(CSRF_HEADER, "")
        form = {CSRF_FIELD: token} if method == "POST" and path.startswith("/console") else None
        said: dict[str, str] | None = {} if method == "POST" and form is None else None
        async with self.client.request(
            method, path, headers=headers, data=form, json=said, allow_redirects=False
        ) as answer:
            return not _is_refused(answer)

    async def _as(self, role: str) -> dict[str, str]:
        """A session for this one request: some requests end it."""
        sessions, store = self.gateway.reception.sessions, self.gateway.house.store
        async with store.unit() as unit:
            cookie = await sessions.open(unit, self.people[role], Visitor(address="", agent=""))
            actor = await sessions.actor_of(unit, self.people[role], cookie)
            await unit.commit()
        return {"Cookie": f"{COOKIE}={cookie}", CSRF_HEADER: actor.csrf}

    def routes(self) -> list[tuple[str, str]]:
        found = {
            (route.method, route.resource.canonical)
            for route in self.gateway.app.router.routes()
            if route.resource is not None and route.resource.canonical.startswith(("/api/v1", "/console"))
        }
        found |= {
            (route.method, route.resource.canonical)
            for subapp in self.gateway.app._subapps
            for route in subapp.router.routes()
            if route.resource is not None and route.resource.canonical.startswith(("/api/v1", "/console"))
        }
        return sorted((method, path) for method, path in found if method in ("GET", "POST"))


def _is_refused(answer: ClientResponse) -> bool:
    if answer.status == 303 and answer.headers["Location"].startswith("/console/sign-in"):
        return True
    return answer.status in (401, 403)


@pytest.fixture
async def doors(tmp_path: Path) -> AsyncIterator[Doors]:
    async with open_gateway(Settings(data_dir=tmp_path, api_token=SecretStr("a-token"))) as gateway:
        for role in Role:
            facts = Facts(name=f"某{role}", roles=frozenset({role}))
            await gateway.reception.personnel.create(f"one.{role}", facts, by="test")
        async with gateway.house.store.reading() as unit:
            people = {next(iter(person.roles)): person for person in await unit.people.all()}
        async with TestClient(TestServer(gateway.app)) as client:
            yield Doors(gateway=gateway, client=client, people=people)


async def test_every_route_lets_in_those_who_are_listed_and_nobody_else(doors: Doors) -> None:
    found = []
    for method, path in doors.routes():
        filled = re.sub(r"{(\w+)[^}]*}", lambda part: PARTS.get(part[1], "1"), path)
        roles = [role for role in (NOBODY, *Role) if await doors.opens(method, filled, role)]
        found.append(f"{method} {path}: {' '.join(roles) or 'with the token of its page'}")
    assert found == READ.read_text("utf-8").splitlines()


async def test_a_form_without_its_token_changes_nothing(doors: Doors) -> None:
    headers = await doors._as(Role.SUPERVISOR)
    del headers[CSRF_HEADER]
    forms = [path for method, path in doors.routes() if method == "POST" and "/sign-in" not in path]
    for path in forms:
        filled = re.sub(r"{(\w+)[^}]*}", lambda part: PARTS.get(part[1], "1"), path)
        async with doors.client.post(filled, headers=headers, data={}, allow_redirects=False) as answer:
            assert answer.status == 403, path
