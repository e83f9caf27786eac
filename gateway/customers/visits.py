"""Who is before the page: an id that we gave them, and the proof that a form was ours."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from aiohttp import web

from gateway.customers.seals import mark, same, seal, unseal
from gateway.house import House

VISIT, SESSION = "tousu_visit", "tousu_progress"  # cookies
VISIT_KEPT = timedelta(days=7)
SESSION_KEPT = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """Somebody who has shown number and last four; ``id`` is the visit of what they add."""

    number: str
    id: str
    language: str = "zh-Hans"  # of the complaint: what its owner does here is written in it


def new_visit() -> str:
    return secrets.token_hex(16)


def visit_begun_by(house: House, sending: str) -> str:
    """The same for the same sending, and only for that: who lost the answer to their first one sends it again."""
    return mark(house, "sending", sending)


def visit_in(house: House, sealed: str) -> str:
    """The visit, or nothing."""
    facts = unseal(house, "visit", sealed)
    return str(facts["visit"]) if facts else ""


def opened_at(house: House, request: web.Request) -> datetime | None:
    """When this visit first saw the form."""
    facts = unseal(house, "visit", request.cookies.get(VISIT, ""))
    return datetime.fromtimestamp(facts["at"], UTC) if facts else None


def sealed_visit(house: House, visit: str, opened: datetime | None = None) -> str:
    at = opened or house.clock.now()
    return seal(house, "visit", {"visit": visit, "at": at.timestamp()}, VISIT_KEPT)


def visit_of(house: House, request: web.Request) -> str:
    return visit_in(house, request.cookies.get(VISIT, ""))


def remember_visit(house: House, response: web.StreamResponse, visit: str, opened: datetime | None = None) -> None:
    _set(house, response, VISIT, sealed_visit(house, visit, opened), VISIT_KEPT)


def sealed_session(house: House, session: Session) -> str:
    return seal(house, "progress", asdict(session), SESSION_KEPT)


def session_in(house: House, sealed: str) -> Session | None:
    facts = unseal(house, "progress", sealed)
    return Session(number=facts["number"], id=facts["id"], language=facts["language"]) if facts else None


def session_of(house: House, request: web.Request) -> Session | None:
    return session_in(house, request.cookies.get(SESSION, ""))


def remember_session(house: House, response: web.StreamResponse, session: Session) -> None:
    _set(house, response, SESSION, sealed_session(house, session), SESSION_KEPT)


def forget(response: web.StreamResponse, name: str) -> None:
    response.del_cookie(name, path="/")


def csrf_of(house: House, visit: str) -> str:
    return mark(house, "form", visit)


def is_own_form(house: House, visit: str, token: str) -> bool:
    return bool(visit) and same(token, csrf_of(house, visit))


def _set(house: House, response: web.StreamResponse, name: str, value: str, keep: timedelta) -> None:
    secure = house.settings.public_url.startswith("https://")
    age = int(keep.total_seconds())
    response.set_cookie(name, value, max_age=age, path="/", httponly=True, samesite="Lax", secure=secure)
