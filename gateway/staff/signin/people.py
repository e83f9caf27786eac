"""People and branches: who is made, changed and disabled, and that there is always somebody who can."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gateway.house import House
from gateway.staff.actor import Role
from gateway.staff.signin.entrance import LOGIN
from gateway.staff.signin.passwords import Passwords, generated
from store.desk import Branch, Person
from store.people import Secrets
from store.unit import Unit

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
NAME_CHARS = 100
CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


class Unfit(ValueError):
    """What was asked cannot be; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What an administrator says of a person."""

    name: str
    roles: frozenset[str]
    branch: str = ""
    email: str = ""
    active: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Personnel:
    """Everything an administrator does, audited; ``by`` is their login. Raises Unfit."""

    house: House
    passwords: Passwords

    async def create(self, login: str, facts: Facts, *, by: str) -> str:
        """A new person; the password to tell them, good for one sign-in."""
        password = generated()
        secrets = Secrets(password=await self.passwords.hash(password), once=True)
        await self.create_with(login, facts, secrets, by=by)
        return password

    async def create_with(self, login: str, facts: Facts, secrets: Secrets, *, by: str) -> Person:
        """A new person who signs in by these secrets."""
        if not LOGIN.fullmatch(login):
            raise Unfit("login_form")
        new = Person(id=0, login=login, name="", roles=frozenset(), created_at=self.house.clock.now())
        async with self.house.store.unit() as unit:
            person = await self._fitting(unit, new, facts)
            if await unit.people.by_login(login) is not None:
                raise Unfit("login_taken")
            id = await unit.people.add(person, secrets)
            await self._note(unit, by, "person_created", login, {"roles": sorted(facts.roles), "branch": facts.branch})
            await unit.commit()
        return replace(person, id=id)

    async def change(self, login: str, facts: Facts, *, by: str) -> Person:
        """Another name, other roles, another branch; whoever is disabled is out at once."""
        async with self.house.store.unit() as unit:
            admins = await unit.people.with_role(Role.ADMIN)  # locked first, in order of id
            was = await _locked(unit, login)
            person = await self._fitting(unit, was, facts)
            if [each.id for each in admins] == [was.id] and not (person.active and Role.ADMIN in person.roles):
                raise Unfit("last_admin")
            await unit.people.change(person)
            if not person.active:
                await unit.sessions.end_all(person.id)
            await self._note(unit, by, "person_changed", login, _differing(was, person))
            await unit.commit()
        return person

    async def new_password(self, login: str, *, by: str) -> str:
        """A password to tell somebody who forgot theirs, good for one sign-in; they are signed out everywhere."""
        password = generated()
        await self.set_password(login, password, once=True, by=by)
        return password

    async def set_password(self, login: str, password: str, *, once: bool, by: str) -> None:
        hashed = await self.passwords.hash(password)
        async with self.house.store.unit() as unit:
            person = await _locked(unit, login)
            secrets = await unit.people.secrets(person.id)
            await unit.people.set_secrets(person.id, replace(secrets, password=hashed, once=once))
            await unit.sessions.end_all(person.id)
            await self._note(unit, by, "password_given", login, {})
            await unit.commit()

    async def reset_totp(self, login: str, *, by: str) -> None:
        """Somebody lost their telephone; they are signed out everywhere."""
        async with self.house.store.unit() as unit:
            person = await _locked(unit, login)
            secrets = await unit.people.secrets(person.id)
            await unit.people.set_secrets(person.id, replace(secrets, totp=""))
            await unit.sessions.end_all(person.id)
            await self._note(unit, by, "second_factor_removed", login, {})
            await unit.commit()

    async def end_sessions(self, login: str, *, by: str) -> int:
        """Sign somebody out everywhere; from how many devices."""
        async with self.house.store.unit() as unit:
            person = await _locked(unit, login)
            ended = await unit.sessions.end_all(person.id)
            await self._note(unit, by, "sessions_ended", login, {"count": ended})
            await unit.commit()
        return ended

    async def put_branch(self, branch: Branch, *, by: str) -> None:
        """A branch, new or changed; its parent is there, and not below it."""
        name = _line(branch.name, "branch_name")
        if not CODE.fullmatch(branch.code):
            raise Unfit("branch_form")
        async with self.house.store.unit() as unit:
            await self._check_parent(unit, branch)
            was = await unit.branches.get(branch.code)
            await unit.branches.put(replace(branch, name=name))
            before = [was.name, was.parent] if was else []
            detail = {"before": before, "name": name, "parent": branch.parent}
            await self._note(unit, by, "branch_written", branch.code, detail)
            await unit.commit()

    async def _check_parent(self, unit: Unit, branch: Branch) -> None:
        if not branch.parent:
            return
        await _check_branch(unit, branch.parent)
        if branch.parent in (await unit.branches.around(branch.code)).below:
            raise Unfit("branch_loop")

    async def _fitting(self, unit: Unit, was: Person, facts: Facts) -> Person:
        """The person as these facts make them."""
        if not facts.roles or not facts.roles <= set(Role):
            raise Unfit("roles")
        if facts.branch:
            await _check_branch(unit, facts.branch)
        name, email = _line(facts.name, "name"), facts.email.strip()
        if email and ("@" not in email or len(email) > NAME_CHARS or CONTROLS.search(email)):
            raise Unfit("email")
        return replace(was, name=name, email=email, roles=facts.roles, branch=facts.branch, active=facts.active)

    async def _note(self, unit: Unit, by: str, action: str, subject: str, detail: Mapping[str, Any]) -> None:
        await unit.audit.write(at=self.house.clock.now(), actor=by, action=action, subject=subject, detail=detail)


async def _locked(unit: Unit, login: str) -> Person:
    person = await unit.people.by_login(login, lock=True) if LOGIN.fullmatch(login) else None
    if person is None:
        raise Unfit("no_such_person")
    return person


async def _check_branch(unit: Unit, code: str) -> None:
    if not CODE.fullmatch(code) or await unit.branches.get(code) is None:
        raise Unfit("no_such_branch")


def _line(text: str, code: str) -> str:
    line = text.strip()
    if not line or len(line) > NAME_CHARS or CONTROLS.search(line):
        raise Unfit(code)
    return line


def _differing(was: Person, now: Person) -> dict[str, Any]:
    """What changed, before and after; names and addresses by the fact alone."""
    told: dict[str, Any] = {
        "roles": (sorted(was.roles), sorted(now.roles)),
        "branch": (was.branch, now.branch),
        "active": (was.active, now.active),
    }
    changed = {key: list(pair) for key, pair in told.items() if pair[0] != pair[1]}
    private = {name: "changed" for name in ("name", "email") if getattr(was, name) != getattr(now, name)}
    return {**changed, **private}
