"""The staff REST API put together: a sub-application to be mounted at /api/v1."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from aiohttp import web

from channels.base import Mailroom
from gateway.house import House
from gateway.staff.answering import guard_answers
from gateway.staff.attachments import Attachments
from gateway.staff.auth import require_token
from gateway.staff.calls import Calls
from gateway.staff.complaints import Complaints
from gateway.staff.deliveries import Deliveries
from gateway.staff.fields import Fields
from gateway.staff.letters import Letters
from gateway.staff.openapi import PREFIX, document
from gateway.staff.operation import JSON, Operation
from gateway.staff.post import Postings
from gateway.staff.problems import tell_problems
from gateway.staff.quarantine import Quarantine, Replay
from gateway.staff.shapes import Description
from gateway.staff.tasks import Tasks
from gateway.staff.words import Submit, Typing

OPENAPI = "/openapi.json"


def build_api(
    house: House, replay: Replay, submit: Submit | None = None, mailroom: Mailroom | None = None
) -> web.Application:
    """The API over this house, to be mounted at /api/v1.

    ``submit`` takes in what staff heard in a recording or read on paper; ``mailroom`` what came by post.
    """
    operations = operations_of(house, replay, submit, mailroom)
    for_everybody = frozenset(PREFIX + operation.path for operation in operations if not operation.needs_token)
    token = require_token(house.settings.api_token, for_everybody)
    app = web.Application(middlewares=[guard_answers, tell_problems, token])
    for operation in operations:
        app.router.add_route(operation.method, operation.path, operation.handler)
    return app


def operations_of(
    house: House, replay: Replay, submit: Submit | None = None, mailroom: Mailroom | None = None
) -> Sequence[Operation]:
    """All that the API can do, its own description included."""
    parts = (
        Complaints(house),
        Deliveries(house),
        Attachments(house),
        Tasks(house),
        Calls(house),
        Quarantine(house, replay),
        Letters(house, mailroom),
        Postings(house),
    )
    operations = [operation for part in parts for operation in part.operations()]
    if submit is not None:
        operations += [*Typing(house, submit).operations(), *Fields(house, submit).operations()]
    return [*operations, _description(operations)]


def _description(others: Sequence[Operation]) -> Operation:
    @cache  # made when first asked for: describing every shape takes longer than the rest of the start together
    def body() -> bytes:
        return json.dumps(document([*others, itself], _version()), ensure_ascii=False).encode()

    async def serve(_: web.Request) -> web.Response:
        return web.Response(body=body(), content_type=JSON)

    itself = Operation(
        method="GET",
        path=OPENAPI,
        name="getOpenApi",
        summary="This document",
        handler=serve,
        answer=Description,
        needs_token=False,
    )
    return itself


def _version() -> str:
    try:
        return version("tousu-gateway")
    except PackageNotFoundError:  # run from a checkout that was not installed
        return "0"
