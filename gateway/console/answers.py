"""How pages refuse: what the API says as a problem, a person reads as a page."""

from __future__ import annotations

from aiohttp import web

from gateway.casework.move import NoSuchComplaint
from gateway.console.kit import Kit
from gateway.staff.problems import Handler, Problem
from store.errors import Busy

SAID = frozenset({"no_such_complaint", "not_yours", "busy"})


def refusing(kit: Kit, handler: Handler) -> Handler:
    """The handler, whose problems become pages."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            answer = await handler(request)
        except NoSuchComplaint:
            return kit.refuse(request, 404, "no_such_complaint")
        except Problem as problem:
            return kit.refuse(request, problem.status, _why(problem))
        except Busy:
            return kit.refuse(request, 503, "busy")
        if isinstance(answer, web.HTTPException):
            raise answer  # aiohttp wants a redirect raised, and a handler reads better when it returns one
        return answer

    return handle


def _why(problem: Problem) -> str:
    if problem.code in SAID:
        return problem.code
    return "not_found" if problem.status == 404 else "invalid"
