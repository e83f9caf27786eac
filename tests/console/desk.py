"""A desk: rooms of the console over a real store, served on loopback, and people of ours who are signed in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from gateway.console.app import build_console
from gateway.console.kit import Kit, Room
from gateway.house import House
from gateway.staff.actor import COOKIE, CSRF_FIELD, Actor, Role, rights_of

Client = TestClient[web.Request, web.Application]


class KnownPeople:
    """Sign-in as the guards ask it; everybody's cookie is their login."""

    def __init__(self) -> None:
        self.people: dict[str, Actor] = {}

    async def actor(self, cookie: str) -> Actor | None:
        return self.people.get(cookie)

    async def lasts(self, cookie: str) -> bool:
        return cookie in self.people


@dataclass(kw_only=True)
class Desk:
    """``as_`` decides who makes the requests from now on."""

    client: Client
    house: House
    sessions: KnownPeople
    cookie: str = ""
    ids: list[int] = field(default_factory=list)

    def as_(
        self,
        *roles: Role,
        login: str = "",
        name: str = "王主管",
        branches: frozenset[str] | None = None,
        own_branches: frozenset[str] = frozenset(),
    ) -> Actor:
        login = login or "-".join(sorted(roles))
        self.ids.append(len(self.ids) + 1)
        actor = Actor(
            login=login,
            name=name,
            rights=rights_of(frozenset(roles)),
            person_id=self.ids[-1],
            branches=branches,
            own_branches=own_branches,
            csrf=f"csrf-of-{login}",
        )
        self.sessions.people[login] = actor
        self.cookie = login
        return actor

    def is_person(self, login: str, id: int) -> None:
        """The person with this id in the store."""
        self.sessions.people[login] = replace(self.sessions.people[login], person_id=id)

    @property
    def cookies(self) -> dict[str, str]:
        return {COOKIE: self.cookie} if self.cookie else {}

    async def get(self, path: str, **headers: str) -> ClientResponse:
        return await self.client.get(f"/console{path}", cookies=self.cookies, headers=headers, allow_redirects=False)

    async def post(self, path: str, form: dict[str, str] | list[tuple[str, str]] | None = None) -> ClientResponse:
        """A form, with the token that its page had."""
        given = list(form.items()) if isinstance(form, dict) else list(form or [])
        actor = self.sessions.people.get(self.cookie)
        fields = [*given, (CSRF_FIELD, actor.csrf if actor else "")]
        return await self.client.post(
            f"/console{path}",
            data=dict(fields) if len(dict(fields)) == len(fields) else fields,
            cookies=self.cookies,
            allow_redirects=False,
        )


@asynccontextmanager
async def desk(house: House, rooms: Callable[[Kit], Sequence[Room]]) -> AsyncIterator[Desk]:
    """The console with these rooms; nobody is signed in yet."""
    sessions = KnownPeople()
    kit = Kit(house, sessions)
    app = web.Application()
    app.add_subapp("/console", build_console(kit, rooms(kit)))
    async with TestClient(TestServer(app)) as client:
        yield Desk(client=client, house=house, sessions=sessions)
