"""Who works here and where: people, their roles and sign-in, and branches, for administrators."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiohttp import web
from multidict import MultiDictProxy

from gateway.console.kit import Kit, Page, Room, back
from gateway.staff.actor import Right, Role, actor_of
from gateway.staff.signin.entrance import written
from gateway.staff.signin.people import CODE, Facts, Unfit
from gateway.staff.signin.reception import Reception
from store.desk import Branch, Person

EMPTY = Facts(name="", roles=frozenset())
NO_BRANCH = Branch(code="", name="")
Form = MultiDictProxy[str | bytes | bytearray | web.FileField]


class PeopleRoom(Room):
    """People and branches."""

    def __init__(self, kit: Kit, desk: Reception) -> None:
        super().__init__(kit)
        self.desk = desk

    def pages(self) -> Sequence[Page]:
        people, branches = "/admin/people", "/admin/branches"
        routes = (
            ("GET", people, self.list),
            ("POST", people, self.create),
            ("GET", f"{people}/{{login}}", self.one),
            ("POST", f"{people}/{{login}}", self.change),
            ("POST", f"{people}/{{login}}/end_sessions", self.end_sessions),
            ("POST", f"{people}/{{login}}/new_password", self.new_password),
            ("POST", f"{people}/{{login}}/reset_totp", self.reset_totp),
            ("GET", branches, self.branches),
            ("GET", f"{branches}/{{code}}", self.branches),
            ("POST", branches, self.put_branch),
        )
        return [Page(method=method, path=path, right=Right.ADMIN, handler=each) for method, path, each in routes]

    async def list(self, request: web.Request) -> web.Response:
        return await self._listed(request, "", EMPTY, "")

    async def create(self, request: web.Request) -> web.Response:
        form = await request.post()
        login, facts = str(form.get("login", "")).strip().lower(), _facts(form, active=True)
        try:
            password = await self.desk.personnel.create(login, facts, by=actor_of(request).login)
        except Unfit as unfit:
            return await self._listed(request, login, facts, unfit.code)
        return self.kit.render(request, "people/once.html", login=login, password=password)

    async def one(self, request: web.Request) -> web.Response:
        return await self._one(request, None, "")

    async def change(self, request: web.Request) -> web.Response:
        form, login = await request.post(), request.match_info["login"]
        facts = _facts(form, active="active" in form)
        try:
            await self.desk.personnel.change(login, facts, by=actor_of(request).login)
        except Unfit as unfit:
            return await self._one(request, facts, unfit.code)
        raise back(f"/admin/people/{login}", "saved")

    async def end_sessions(self, request: web.Request) -> web.Response:
        await self._do(request, self.desk.personnel.end_sessions)
        raise back(f"/admin/people/{request.match_info['login']}", "ended")

    async def reset_totp(self, request: web.Request) -> web.Response:
        await self._do(request, self.desk.personnel.reset_totp)
        raise back(f"/admin/people/{request.match_info['login']}", "totp")

    async def new_password(self, request: web.Request) -> web.Response:
        password = await self._do(request, self.desk.personnel.new_password)
        login = request.match_info["login"]
        return self.kit.render(request, "people/once.html", login=login, password=password)

    async def branches(self, request: web.Request) -> web.Response:
        code = request.match_info.get("code", "")
        async with self.house.store.reading() as unit:
            shown = await unit.branches.get(code) if CODE.fullmatch(code) else None
        return await self._branches(request, shown or NO_BRANCH, "", fixed=shown is not None)

    async def put_branch(self, request: web.Request) -> web.Response:
        form = await request.post()
        code, name, parent = (str(form.get(field, "")).strip() for field in ("code", "name", "parent"))
        branch = Branch(code=code.lower(), name=name, parent=parent)
        try:
            await self.desk.personnel.put_branch(branch, by=actor_of(request).login)
        except Unfit as unfit:
            return await self._branches(request, branch, unfit.code, fixed=False)
        raise back("/admin/branches", "saved")

    async def _do(self, request: web.Request, deed: Callable[..., Awaitable[Any]]) -> Any:
        try:
            return await deed(request.match_info["login"], by=actor_of(request).login)
        except Unfit:
            raise web.HTTPNotFound from None

    async def _listed(self, request: web.Request, login: str, shown: Facts, told: str) -> web.Response:
        async with self.house.store.reading() as unit:
            people, branches = await unit.people.all(), await unit.branches.all()
        return self._page(request, "people/list.html", branches, told, people=people, login=login, shown=shown)

    async def _one(self, request: web.Request, facts: Facts | None, told: str) -> web.Response:
        async with self.house.store.reading() as unit:
            person = await unit.people.by_login(written(request.match_info["login"]))
            branches = await unit.branches.all()
            sessions = list(await unit.sessions.of(person.id)) if person else []
        if person is None:
            return self.kit.refuse(request, 404, "not_found")
        count = len(self.desk.sessions.lasting(sessions))
        shown: Facts | Person = facts or person
        return self._page(request, "people/one.html", branches, told, person=person, shown=shown, sessions=count)

    async def _branches(self, request: web.Request, shown: Branch, told: str, *, fixed: bool) -> web.Response:
        async with self.house.store.reading() as unit:
            branches = await unit.branches.all()
        return self._page(request, "people/branches.html", branches, told, shown=shown, fixed=fixed)

    def _page(
        self, request: web.Request, template: str, branches: Sequence[Branch], told: str, **values: Any
    ) -> web.Response:
        names = {branch.code: branch.name for branch in branches}
        status = 422 if told else 200
        given = {"branches": branches, "names": names, "roles": tuple(Role), "told": told, **values}
        return self.kit.render(request, template, status=status, **given)


def _facts(form: Form, *, active: bool) -> Facts:
    return Facts(
        name=str(form.get("name", "")),
        email=str(form.get("email", "")),
        roles=frozenset(str(role) for role in form.getall("role", [])),
        branch=str(form.get("branch", "")),
        active=active,
    )
