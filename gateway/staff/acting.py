"""What all acts on a complaint share in the API: what is asked, how a refusal is told, and the ticket afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel

from gateway.casework.acts.refusals import NoSuchLink, NotYours, Refused
from gateway.casework.lifecycle import NotAllowed, Status, is_open_to
from gateway.casework.move import NoSuchComplaint
from gateway.house import House
from gateway.staff.answering import answer
from gateway.staff.looking import case_of, looking
from gateway.staff.problems import Problem
from gateway.staff.reading import read_body, read_query
from gateway.staff.shapes import Nothing
from gateway.staff.ticket import whole_ticket

M = TypeVar("M", bound=BaseModel)

# All others are 409: what is asked may be right, and the complaint is not as it would have to be.
STATUSES: Mapping[type[Refused], int] = {NotYours: 403, NoSuchLink: 404}


async def said(request: web.Request, model: type[M]) -> M:
    """The body of an act, which has no query."""
    read_query(request, Nothing)
    return await read_body(request, model)


@contextmanager
def refusing() -> Iterator[None]:
    """Every refusal of a use case as a Problem."""
    try:
        yield
    except NoSuchComplaint:
        raise Problem(404, "no_such_complaint") from None
    except NotAllowed as refusal:
        raise not_allowed(refusal) from None
    except Refused as refusal:
        raise Problem(STATUSES.get(type(refusal), 409), refusal.code, refusal.why) from None


def not_allowed(refusal: NotAllowed) -> Problem:
    """With the states that are open instead."""
    allowed = [status.value for status in Status if is_open_to(refusal.now, status)]
    return Problem(409, "not_allowed", refusal.why, now=refusal.now.value, allowed=allowed)


async def ticket_now(house: House, request: web.Request) -> web.Response:
    """The complaint in the path as it is now."""
    async with looking(house, request) as look:
        case = await case_of(look.unit, request)
        whole = await whole_ticket(look, case, await look.at(case, "ticket"))
    return answer(whole)
