"""A console with a door, served on loopback, and people who sign in by its pages like anybody else."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher
from pydantic import SecretStr
from sqlalchemy import select
from yarl import URL

from gateway.console.app import build_console
from gateway.console.door import Door
from gateway.console.door_sso import SsoDoor
from gateway.console.kit import Kit, Page, Room
from gateway.console.me import Me
from gateway.console.people import PeopleRoom
from gateway.house import House
from gateway.settings import Settings
from gateway.staff.actor import COOKIE, Actor, Right, actor_of
from gateway.staff.signin.oidc import Client
from gateway.staff.signin.passwords import Passwords
from gateway.staff.signin.people import Facts
from gateway.staff.signin.reception import Reception, reception
from gateway.staff.signin.rules import SignInRules
from store.models import audit
from store.people import Secrets
from store.unit import Store
from tests.clock import SetClock

ON_ONE = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
WEAK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # the real one takes a core for a while
PASSWORD = "correct horse battery"
CSRF = re.compile(r'name="csrf" value="(\w+)"')


class CountedPasswords(Passwords):
    """Notes against what hash each password was held."""

    def __init__(self) -> None:
        super().__init__(WEAK_HASHER)
        self.held_against: list[str] = []

    def _fits(self, kept: str, given: str) -> bool:
        self.held_against.append(kept)
        return super()._fits(kept, given)


class Queue(Room):
    """A page that officers have, which tells who looks at it."""

    def pages(self) -> Sequence[Page]:
        return (Page(method="GET", path="/queue", right=Right.SEE, handler=self.look),)

    async def look(self, request: web.Request) -> web.Response:
        actor = actor_of(request)
        return web.json_response({"login": actor.login, "branches": sorted(actor.branches or ["*"])})


@dataclass(kw_only=True)
class Rig:
    """The console, its clock, and one browser."""

    client: TestClient[web.Request, web.Application]
    desk: Reception
    clock: SetClock
    passwords: CountedPasswords

    @property
    def house(self) -> House:
        return self.desk.house

    @property
    def cookie(self) -> str:
        found = self.client.session.cookie_jar.filter_cookies(URL(str(self.client.make_url("/")))).get(COOKIE)
        return found.value if found else ""

    async def person(
        self, login: str = "wang", *roles: str, branch: str = "", once: bool = False, **facts: Any
    ) -> None:
        """Somebody with the password that all have here."""
        known = Facts(name=facts.pop("name", "王芳"), roles=frozenset(roles or {"officer"}), branch=branch, **facts)
        secrets = Secrets(password=await self.passwords.hash(PASSWORD), once=once)
        await self.desk.personnel.create_with(login, known, secrets, by="test")

    async def actor(self) -> Actor | None:
        return await self.desk.sessions.actor(self.cookie)

    async def get(self, path: str, **more: Any) -> ClientResponse:
        return await self.client.get(f"/console{path}", allow_redirects=False, **more)

    async def post(
        self, path: str, form: Mapping[str, str] | Sequence[tuple[str, str]] = (), **more: Any
    ) -> ClientResponse:
        fields = list(form.items()) if isinstance(form, Mapping) else list(form)
        return await self.client.post(f"/console{path}", data=dict_or_list(fields), allow_redirects=False, **more)

    async def fill(
        self, page: str, form: Mapping[str, str] | Sequence[tuple[str, str]] = (), *, to: str = ""
    ) -> ClientResponse:
        """Open a page and send a form with the token that it shows."""
        fields = list(form.items()) if isinstance(form, Mapping) else list(form)
        return await self.post(to or page, [*fields, ("csrf", await self.token(page))])

    async def token(self, page: str) -> str:
        shown = await (await self.get(page)).text()
        found = CSRF.search(shown)
        assert found, shown
        return found[1]

    async def sign_in(self, login: str = "wang", password: str = PASSWORD, **form: str) -> ClientResponse:
        return await self.fill("/sign-in", {"login": login, "password": password, **form})

    def another_browser(self) -> None:
        self.client.session.cookie_jar.clear()

    async def audited(self) -> list[tuple[str, str, str]]:
        """Actor, action and subject of all that happened."""
        async with self.house.store.reading() as unit:
            rows = await unit._line.rows(select(audit).order_by(audit.c.id))
        return [(row.actor, row.action, row.subject) for row in rows if row.actor != "test"]


def dict_or_list(fields: list[tuple[str, str]]) -> Any:
    return dict(fields) if len(dict(fields)) == len(fields) else fields


@asynccontextmanager
async def rig_over(
    store: Store, rules: SignInRules | None = None, *, public_url: str = "", client: Client | None = None
) -> AsyncIterator[Rig]:
    clock, passwords = SetClock(), CountedPasswords()
    settings = Settings(api_token=SecretStr(""), public_url=public_url)
    house = House(store=store, clock=clock, settings=settings)
    desk = reception(house, rules or SignInRules(), passwords, client)
    kit = Kit(house, desk.sessions)
    app = web.Application()
    rooms = [Door(kit, desk), SsoDoor(kit, desk), Me(kit, desk), PeopleRoom(kit, desk), Queue(kit)]
    app.add_subapp("/console", build_console(kit, rooms))
    async with TestClient(TestServer(app)) as browser:
        yield Rig(client=browser, desk=desk, clock=clock, passwords=passwords)
    await desk.aclose()
