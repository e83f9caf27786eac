"""What a request says, checked before anything is done: its query and its body."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TypeVar, get_origin

from aiohttp import web
from aiohttp.http_exceptions import BadHttpMessage
from pydantic import BaseModel, ValidationError

from gateway.staff.problems import Problem, invalid

M = TypeVar("M", bound=BaseModel)

BODY_BYTES = 64 * 1024
BODY_SECONDS = 10


def read_query(request: web.Request, model: type[M]) -> M:
    """The query as ``model``; a parameter that is unknown, or given twice where one is meant, is a Problem."""
    try:
        return model.model_validate(_given(request, model))
    except ValidationError as error:
        raise invalid(error) from None


def _given(request: web.Request, model: type[BaseModel]) -> Mapping[str, object]:
    given: dict[str, object] = {}
    for name in request.query:
        values = request.query.getall(name)
        field = model.model_fields.get(name)
        several = field is not None and get_origin(field.annotation) in (list, tuple)
        if len(values) > 1 and not several:
            raise Problem(422, "invalid", errors=[{"where": name if field else "query", "why": "given more than once"}])
        given[name] = values if several else values[0]
    return given


def refuse_in_url(request: web.Request, names: frozenset[str], instead: str) -> None:
    """A Problem where a person's own values stand in the query: URLs are kept in the access logs of every proxy."""
    given = sorted(names & request.query.keys())
    if given:
        why = f"not in a URL; in the body of {instead}"
        raise Problem(422, "private_in_url", errors=[{"where": name, "why": why} for name in given])


async def read_body(request: web.Request, model: type[M]) -> M:
    """The JSON body as ``model``; a Problem when it is too large, too slow, no JSON, or says something else."""
    if request.content_type != "application/json":
        raise Problem(415, "json_only")
    content = await _content(request)
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        raise invalid(error) from None


async def _content(request: web.Request) -> bytes:
    """Counted while it is read: a header that names the size, and a body that unpacks, can lie."""
    if (request.content_length or 0) > BODY_BYTES:
        raise Problem(413, "too_large")
    content = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while chunk := await request.content.read(BODY_BYTES):
                content += chunk
                if len(content) > BODY_BYTES:
                    raise Problem(413, "too_large")
    except TimeoutError:
        raise Problem(408, "too_slow") from None
    except (web.RequestPayloadError, BadHttpMessage):
        raise Problem(400, "malformed") from None
    return bytes(content)
