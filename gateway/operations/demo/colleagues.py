"""The insurer's people in the demo, who sign in to the console by their own password or by one click in the sandbox."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.staff.actor import Actor, Role
from gateway.staff.signin.people import Facts
from gateway.staff.signin.reception import Reception
from gateway.staff.signin.sessions import Visitor
from store.desk import Branch

BY = "sandbox"
PASSWORD = "let-me-in-please"  # of everybody here: nobody is real, and only this machine is answered
BRANCHES = (
    Branch(code="shanghai", name="上海分公司"),
    Branch(code="pudong", name="浦东支公司", parent="shanghai"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Colleague:
    login: str
    name: str
    role: Role
    branch: str = ""


OFFICER, SUPERVISOR = "fang.min", "lu.jian"
COLLEAGUES = (
    Colleague(login=OFFICER, name="方敏", role=Role.OFFICER),
    Colleague(login=SUPERVISOR, name="陆健", role=Role.SUPERVISOR),
    Colleague(login="tang.yu", name="唐宇", role=Role.CLERK, branch="pudong"),
    Colleague(login="bai.lu", name="白露", role=Role.MAILROOM),
    Colleague(login="shen.qi", name="沈琦", role=Role.AUDITOR),
    Colleague(login="guan.li", name="管理员", role=Role.ADMIN),
)


class Colleagues:
    """Made once in a data folder."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._cookies: dict[str, str] = {}

    async def hire(self) -> None:
        """Everybody who is not there yet."""
        personnel = self._reception.personnel
        async with self._reception.house.store.reading() as unit:
            known = {person.login for person in await unit.people.all()}
        for branch in BRANCHES if not known else ():
            await personnel.put_branch(branch, by=BY)
        for each in COLLEAGUES:
            if each.login not in known:
                facts = Facts(name=each.name, roles=frozenset({each.role}), branch=each.branch)
                await personnel.create(each.login, facts, by=BY)
                await personnel.set_password(each.login, PASSWORD, once=False, by=BY)

    async def enter(self, login: str) -> tuple[str, Actor]:
        """A new session of theirs; raises LookupError."""
        sessions = self._reception.sessions
        async with self._reception.house.store.unit() as unit:
            person = await unit.people.by_login(login)
            if person is None:
                raise LookupError(login)
            cookie = await sessions.open(unit, person, Visitor(address="127.0.0.1", agent=BY))
            actor = await sessions.actor_of(unit, person, cookie)
            await unit.commit()
        return cookie, actor

    async def at_work(self, login: str) -> tuple[str, Actor]:
        """The session in which the sandbox's own buttons act, opened again when it is over."""
        cookie = self._cookies.get(login, "")
        actor = await self._reception.sessions.actor(cookie)
        if actor is not None:
            return cookie, actor
        self._cookies[login], actor = await self.enter(login)
        return self._cookies[login], actor
