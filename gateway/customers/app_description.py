"""The OpenAPI document of the API for the insurer's app: what is served is what is described."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from http import HTTPStatus

from aiohttp import web

from gateway.staff.actor import Right
from gateway.staff.openapi import Document, document
from gateway.staff.operation import JSON, Operation
from gateway.staff.shapes import Description

PREFIX = "/api/public/v1"
SESSION = {"session": {"type": "http", "scheme": "bearer", "description": "What POST /progress answers with"}}


def with_description(operations: Sequence[Operation]) -> Sequence[Operation]:
    """The operations, and one more that describes them all."""

    @cache
    def body() -> bytes:
        return json.dumps(_described([*operations, itself]), ensure_ascii=False).encode()

    async def serve(_: web.Request) -> web.Response:
        return web.Response(body=body(), content_type=JSON)

    itself = Operation(
        method="GET",
        path="/openapi.json",
        name="getOpenApi",
        right=Right.ENTER,
        summary="This document",
        handler=serve,
        answer=Description,
        needs_token=False,
    )
    return [*operations, itself]


def _described(operations: Sequence[Operation]) -> Document:
    described = document(operations, "1")
    described["info"]["title"] = "Complaints, for the insurer's app"
    described["servers"] = [{"url": PREFIX}]
    described["security"] = []
    described["components"]["securitySchemes"] = SESSION
    for operation in operations:
        if HTTPStatus.UNAUTHORIZED in operation.refusals:
            described["paths"][operation.path][operation.method.lower()]["security"] = [{"session": []}]
    return described
