"""One operation more: the document that describes them all, itself included."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache

from aiohttp import web

from gateway.staff.actor import Right
from gateway.staff.openapi import Document
from gateway.staff.operation import JSON, Operation
from gateway.staff.shapes import Description

OPENAPI = "/openapi.json"


def with_description(
    operations: Sequence[Operation], describe: Callable[[Sequence[Operation]], Document]
) -> Sequence[Operation]:
    """The operations, and the one whose answer is what ``describe`` says of all."""

    @cache  # made when first asked for: describing every shape takes longer than the rest of the start together
    def body() -> bytes:
        return json.dumps(describe([*operations, itself]), ensure_ascii=False).encode()

    async def serve(_: web.Request) -> web.Response:
        return web.Response(body=body(), content_type=JSON)

    itself = Operation(
        method="GET",
        path=OPENAPI,
        name="getOpenApi",
        right=Right.ENTER,
        summary="This document",
        handler=serve,
        answer=Description,
        needs_token=False,
    )
    return [*operations, itself]
