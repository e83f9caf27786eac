"""``people``: who may sign in; ``add``, ``password``, ``disable``, ``enable``: for the first day and the worst one."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from collections.abc import Sequence

from gateway.app import open_gateway
from gateway.operations.logs import configure_logs
from gateway.settings import Settings
from gateway.staff.actor import Role
from gateway.staff.signin.passwords import Passwords, WeakPassword, check, generated
from gateway.staff.signin.people import Facts, Personnel, Unfit

BY = "command-line"
WHY = {
    "login_form": "a login has 2 to 64 small letters, digits or . _ - @",
    "login_taken": "this login is taken",
    "no_such_person": "there is no such person",
    "no_such_branch": "there is no such branch",
    "last_admin": "this is the last administrator, who must stay one",
    "roles": "give at least one --role: " + ", ".join(Role),
    "name": "give a --name of at most 100 characters",
    "email": "this is no e-mail address",
}


def run(argv: Sequence[str]) -> int:
    """Exit code: 0 done, 1 refused, 2 wrong use."""
    given = _options(argv)
    settings = Settings()
    configure_logs(settings.log_level)
    try:
        return asyncio.run(_run(settings, given))
    except Unfit as unfit:
        print(WHY.get(unfit.code, unfit.code), file=sys.stderr)
    except WeakPassword:
        print("choose a password of at least 12 characters that does not hold the login", file=sys.stderr)
    return 1


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tousu people", description="Who may sign in to the console.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verbs.add_parser("list", help="everybody")
    add = verbs.add_parser("add", help="a new person")
    add.add_argument("login")
    add.add_argument("--name", required=True)
    add.add_argument("--role", action="append", default=[], choices=[str(role) for role in Role])
    add.add_argument("--branch", default="", help="code of a branch; left out: the head office")
    add.add_argument("--email", default="")
    add.add_argument("--ask", action="store_true", help="ask for the password instead of making one")
    for verb, help_text in (("disable", "out at once"), ("enable", "back again")):
        verbs.add_parser(verb, help=help_text).add_argument("login")
    password = verbs.add_parser("password", help="a new password")
    password.add_argument("login")
    password.add_argument("--ask", action="store_true", help="ask for it instead of making one")
    return parser.parse_args(argv)


async def _run(settings: Settings, given: argparse.Namespace) -> int:
    async with open_gateway(settings) as gateway:
        personnel = Personnel(house=gateway.house, passwords=Passwords())
        await VERBS[given.verb](personnel, given)
    return 0


async def _list(personnel: Personnel, _: argparse.Namespace) -> None:
    async with personnel.house.store.reading() as unit:
        for person in await unit.people.all():
            state = "active" if person.active else "disabled"
            print(f"{person.login}\t{state}\t{','.join(sorted(person.roles))}\t{person.branch or '-'}\t{person.name}")


async def _add(personnel: Personnel, given: argparse.Namespace) -> None:
    facts = Facts(name=given.name, roles=frozenset(given.role), branch=given.branch, email=given.email)
    password = _asked(given.login) if given.ask else None
    made = await personnel.create(given.login, facts, by=BY)
    if password is not None:
        await personnel.set_password(given.login, password, once=False, by=BY)
    print(f"{given.login} may sign in." if given.ask else f"{given.login}'s first password, shown once: {made}")


async def _password(personnel: Personnel, given: argparse.Namespace) -> None:
    password = _asked(given.login) if given.ask else generated()
    await personnel.set_password(given.login, password, once=not given.ask, by=BY)
    print("The password is changed." if given.ask else f"{given.login}'s password for one sign-in: {password}")


async def _disable(personnel: Personnel, given: argparse.Namespace) -> None:
    await _set_active(personnel, given.login, active=False)


async def _enable(personnel: Personnel, given: argparse.Namespace) -> None:
    await _set_active(personnel, given.login, active=True)


async def _set_active(personnel: Personnel, login: str, *, active: bool) -> None:
    async with personnel.house.store.reading() as unit:
        person = await unit.people.by_login(login)
    if person is None:
        raise Unfit("no_such_person")
    facts = Facts(name=person.name, roles=person.roles, branch=person.branch, email=person.email, active=active)
    await personnel.change(login, facts, by=BY)
    print(f"{login} {'may sign in again' if active else 'is out'}.")


VERBS = {"list": _list, "add": _add, "password": _password, "disable": _disable, "enable": _enable}


def _asked(login: str) -> str:
    """A password typed twice, never on the command line, where others could read it; raises WeakPassword."""
    password = getpass.getpass("Password: ")
    check(password, login)
    if getpass.getpass("Again: ") != password:
        raise WeakPassword
    return password
