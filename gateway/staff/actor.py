"""Who acts for the house: a person of ours or another system, with the rights of their roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from aiohttp import web

COOKIE = "tousu_session"
CSRF_HEADER, CSRF_FIELD = "X-CSRF-Token", "csrf"


class Right(StrEnum):
    """What somebody may do. Each route names the one it needs."""

    ENTER = "enter"  # be signed in: one's own page
    SEE = "see"  # complaints of one's branch, masked
    WORK = "work"  # confirm, classify, ask, reply, move, note, link, split, withdraw
    ASSIGN = "assign"
    APPROVE = "approve"  # be the second person: not handled, 60 days, a lower grade
    UNMASK = "unmask"
    EXPORT = "export"  # the case file of one complaint
    REPORT = "report"  # overview and register
    REGISTER = "register"  # visitors at the counter
    POST = "post"  # scans in, letters out
    VERIFY = "verify"  # compare what was read with the paper
    MEND = "mend"  # quarantine, failed deliveries
    AUDIT = "audit"  # who saw and did what
    CHECK = "check"  # does the ledger balance
    ADMIN = "admin"  # people, branches, texts, plans, endpoints, channels


class Role(StrEnum):
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    CLERK = "clerk"  # at a branch counter
    MAILROOM = "mailroom"
    AUDITOR = "auditor"
    ADMIN = "admin"  # runs the system, and sees nobody's complaint


R = Right
_OFFICER = frozenset({R.ENTER, R.SEE, R.WORK, R.UNMASK, R.EXPORT, R.REPORT, R.VERIFY, R.MEND, R.REGISTER})
RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.OFFICER: _OFFICER,
    Role.SUPERVISOR: _OFFICER | {R.ASSIGN, R.APPROVE, R.POST, R.CHECK},
    Role.CLERK: frozenset({R.ENTER, R.SEE, R.REGISTER}),
    Role.MAILROOM: frozenset({R.ENTER, R.POST}),
    Role.AUDITOR: frozenset({R.ENTER, R.SEE, R.UNMASK, R.EXPORT, R.REPORT, R.AUDIT, R.CHECK}),
    Role.ADMIN: frozenset({R.ENTER, R.ADMIN, R.AUDIT, R.CHECK}),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Whoever makes a request. ``login`` names them in the timeline and the audit trail."""

    login: str
    name: str
    rights: frozenset[Right]
    person_id: int | None = None  # None: a system with the service token
    branches: frozenset[str] | None = None  # codes whose complaints they see; None: all
    own_branches: frozenset[str] = frozenset()  # names; a complaint about one is not theirs
    csrf: str = ""

    def may(self, right: Right) -> bool:
        return right in self.rights


# Another system keeps our rules as people do; only who is a second person, no system can be.
SERVICE = Actor(login="api", name="API", rights=frozenset(Right) - {Right.APPROVE})


KEY = web.RequestKey("actor", Actor)  # where the guards put whoever makes a request


def rights_of(roles: frozenset[str]) -> frozenset[Right]:
    """All that these roles allow together; a role we do not know allows nothing."""
    known = [RIGHTS[Role(role)] for role in roles if role in set(Role)]
    return frozenset().union(*known)


def actor_of(request: web.Request) -> Actor:
    """Who makes this request; the guard in front of every route has put them there."""
    return request[KEY]
