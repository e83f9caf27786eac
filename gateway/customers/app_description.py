"""The OpenAPI document of the API for the insurer's app: what is served is what is described."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from gateway.staff.openapi import Document, document
from gateway.staff.operation import Operation

PREFIX = "/api/public/v1"
SESSION = {"session": {"type": "http", "scheme": "bearer", "description": "What POST /progress answers with"}}


def described(operations: Sequence[Operation]) -> Document:
    """What the app is told of these operations: no token, but the session that a proof opens."""
    described = document(operations, "1")
    described["info"]["title"] = "Complaints, for the insurer's app"
    described["servers"] = [{"url": PREFIX}]
    described["security"] = []
    described["components"]["securitySchemes"] = SESSION
    for operation in operations:
        if HTTPStatus.UNAUTHORIZED in operation.refusals:
            described["paths"][operation.path][operation.method.lower()]["security"] = [{"session": []}]
    return described
