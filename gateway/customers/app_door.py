"""How the insurer's app is let in: its body, its session, how often, and what it is answered with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from aiohttp import web
from pydantic import ValidationError

from channels.forms import Refused, checked_files
from gateway.customers.app_shapes import FileSent
from gateway.customers.desk import Desk, Refusal
from gateway.customers.limits import too_much
from gateway.customers.visits import Session, session_in
from gateway.staff.operation import JSON
from gateway.staff.problems import Problem, invalid
from gateway.staff.shapes import Asked
from normalizer.record import Attachment

CODES = {"too_large": "too_large", "too_slow": "too_slow", "busy": "busy"}
Body = TypeVar("Body", bound=Asked)


class AppDoor:
    """Before every call of the app; whatever does not pass is a Problem."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.house = desk.house

    async def of_owner(self, request: web.Request, shape: type[Body]) -> tuple[Session, Body]:
        """Who has shown that the complaint is theirs, and what they send."""
        session = self.session(request)
        sent = await self.sent(request, shape)
        await self.count(request, session.id)
        return session, sent

    def session(self, request: web.Request) -> Session:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        session = session_in(self.house, token.strip()) if scheme.lower() == "bearer" else None
        if session is None:
            raise Problem(401, "unauthorized", headers={"WWW-Authenticate": "Bearer"})
        return session

    async def sent(self, request: web.Request, shape: type[Body]) -> Body:
        """The body, read with the same limits as a page's."""
        if request.content_type != JSON:
            raise Problem(415, "json_only")
        try:
            async with self.desk.body_of(request) as body:
                return shape.model_validate_json(body)
        except Refusal as refusal:
            raise Problem(refusal.status, CODES[refusal.why]) from None
        except ValidationError as error:
            raise invalid(error) from None

    async def count(self, request: web.Request, visit: str) -> None:
        if await too_much(self.house, self.desk.limits, request, visit):
            raise Problem(429, "too_many_requests", headers={"Retry-After": "3600"})


def attached(files: Sequence[FileSent]) -> tuple[Attachment, ...]:
    try:
        return checked_files((each.name, each.content) for each in files)
    except Refused as refused:
        raise lacking("files", refused.why) from None


def lacking(where: str, why: str) -> Problem:
    """What their description says of several fields together, and the fields themselves do not."""
    return Problem(422, "invalid", errors=[{"where": where, "why": why}])
