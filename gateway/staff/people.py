"""People and branches over the API: the same use cases as the console's."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel

from gateway.house import House
from gateway.staff.actor import Right, actor_of
from gateway.staff.answering import answer
from gateway.staff.operation import Operation
from gateway.staff.people_shapes import (
    CODE,
    LOGIN,
    BranchFacts,
    BranchList,
    BranchShown,
    FirstPassword,
    NewPerson,
    PeopleList,
    PersonFacts,
    PersonShown,
    SessionsEnded,
)
from gateway.staff.problems import Handler, Problem
from gateway.staff.reading import read_body, read_query
from gateway.staff.shapes import Nothing
from gateway.staff.signin.people import Facts, Personnel, Unfit
from store.desk import Branch, Person

T = TypeVar("T")

STATUS: Mapping[str, int] = {"no_such_person": 404, "login_taken": 409, "last_admin": 409, "branch_loop": 409}


@dataclass(frozen=True, slots=True)
class People:
    """The part of the API that is about who works here."""

    house: House
    personnel: Personnel

    async def list(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        async with self.house.store.reading() as unit:
            people = await unit.people.all()
        return answer(PeopleList(items=[_shown(person) for person in people]))

    async def get(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        return answer(_shown(await self._person(request)))

    async def create(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        said = await read_body(request, NewPerson)
        facts = Facts(name=said.name, roles=frozenset(said.roles), branch=said.branch, email=said.email)
        password = await _fit(self.personnel.create(said.login, facts, by=actor_of(request).login))
        return answer(FirstPassword(login=said.login, password=password))

    async def change(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        said, was = await read_body(request, PersonFacts), await self._person(request)
        facts = _changed(was, said)
        return answer(_shown(await _fit(self.personnel.change(was.login, facts, by=actor_of(request).login))))

    async def new_password(self, request: web.Request) -> web.Response:
        login = self._login(request)
        password = await _fit(self.personnel.new_password(login, by=actor_of(request).login))
        return answer(FirstPassword(login=login, password=password))

    async def reset_totp(self, request: web.Request) -> web.Response:
        login = self._login(request)
        await _fit(self.personnel.reset_totp(login, by=actor_of(request).login))
        return answer(_shown(await self._person(request)))

    async def end_sessions(self, request: web.Request) -> web.Response:
        ended = await _fit(self.personnel.end_sessions(self._login(request), by=actor_of(request).login))
        return answer(SessionsEnded(ended=ended))

    async def branches(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        async with self.house.store.reading() as unit:
            branches = await unit.branches.all()
        items = [BranchShown(code=each.code, name=each.name, parent=each.parent) for each in branches]
        return answer(BranchList(items=items))

    async def put_branch(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        said = await read_body(request, BranchFacts)
        branch = Branch(code=request.match_info["branch"], name=said.name, parent=said.parent)
        if not re.fullmatch(CODE, branch.code):
            raise Problem(404, "no_such_branch")
        await _fit(self.personnel.put_branch(branch, by=actor_of(request).login))
        return answer(BranchShown(code=branch.code, name=branch.name, parent=branch.parent))

    def operations(self) -> tuple[Operation, ...]:
        one = "/people/{login}"
        return (
            _read("/people", "listPeople", "Who works here", self.list, PeopleList),
            _write(
                "/people",
                "createPerson",
                "A new person and their first password",
                self.create,
                FirstPassword,
                NewPerson,
            ),
            _read(one, "getPerson", "One person", self.get, PersonShown),
            _write(one, "changePerson", "Another name, other roles, disabled", self.change, PersonShown, PersonFacts),
            _write(f"{one}/password", "givePassword", "A password for one sign-in", self.new_password, FirstPassword),
            _write(f"{one}/second-factor/reset", "resetSecondFactor", "They lost theirs", self.reset_totp, PersonShown),
            _write(f"{one}/sessions/end", "endSessions", "Out everywhere", self.end_sessions, SessionsEnded),
            _read("/branches", "listBranches", "The insurer's branches", self.branches, BranchList),
            _write(
                "/branches/{branch}", "putBranch", "A branch, new or changed", self.put_branch, BranchShown, BranchFacts
            ),
        )

    def _login(self, request: web.Request) -> str:
        read_query(request, Nothing)
        login = request.match_info["login"]
        if not re.fullmatch(LOGIN, login):
            raise Problem(404, "no_such_person")
        return login

    async def _person(self, request: web.Request) -> Person:
        login = self._login(request)
        async with self.house.store.reading() as unit:
            person = await unit.people.by_login(login)
        if person is None:
            raise Problem(404, "no_such_person")
        return person


async def _fit(deed: Awaitable[T]) -> T:
    try:
        return await deed
    except Unfit as unfit:
        raise Problem(STATUS.get(unfit.code, 422), unfit.code) from None


def _changed(was: Person, said: PersonFacts) -> Facts:
    roles = was.roles if said.roles is None else frozenset(str(role) for role in said.roles)
    return Facts(
        name=was.name if said.name is None else said.name,
        email=was.email if said.email is None else said.email,
        roles=roles,
        branch=was.branch if said.branch is None else said.branch,
        active=was.active if said.active is None else said.active,
    )


def _shown(person: Person) -> PersonShown:
    return PersonShown(
        login=person.login,
        name=person.name,
        email=person.email,
        roles=sorted(person.roles),
        branch=person.branch,
        active=person.active,
        second_factor=person.has_totp,
        created=person.created_at,
        seen=person.seen_at,
    )


def _read(path: str, name: str, summary: str, handler: Handler, shape: type[BaseModel]) -> Operation:
    return Operation(
        method="GET", path=path, name=name, right=Right.ADMIN, summary=summary, handler=handler, answer=shape
    )


def _write(
    path: str, name: str, summary: str, handler: Handler, shape: type[BaseModel], body: type[BaseModel] | None = None
) -> Operation:
    return Operation(
        method="POST",
        path=path,
        name=name,
        right=Right.ADMIN,
        summary=summary,
        handler=handler,
        answer=shape,
        body=body,
        refusals=(404, 409),
    )
