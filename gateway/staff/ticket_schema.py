"""The ticket's JSON Schema, in versions: within one, fields are only ever added."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from aiohttp import web
from pydantic import ConfigDict

from gateway.staff.actor import Right
from gateway.staff.operation import JSON, Operation
from gateway.staff.shapes import Shape, Ticket

VERSION = "1.0"  # 1.1 adds fields; what takes one away or changes its meaning is 2.0, beside /api/v1
DIALECT = "https://json-schema.org/draft/2020-12/schema"
ID = f"urn:tousu:ticket:{VERSION}"


class Schema(Shape):
    """A JSON Schema."""

    model_config = ConfigDict(extra="allow")

    version: str


class TicketSchema:
    """What others may rely on when they fetch a ticket."""

    async def serve(self, _: web.Request) -> web.Response:
        return web.Response(body=_written(), content_type=JSON)

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                method="GET",
                path="/ticket.schema.json",
                name="getTicketSchema",
                right=Right.ENTER,
                summary="JSON Schema of a ticket",
                handler=self.serve,
                answer=Schema,
                needs_token=False,
            ),
        )


def ticket_schema() -> dict[str, Any]:
    """The schema of ``GET /api/v1/complaints/{number}``; fields that it does not name may come with any version."""
    return {"$schema": DIALECT, "$id": ID, "version": VERSION, **Ticket.model_json_schema(mode="serialization")}


@cache
def _written() -> bytes:
    return json.dumps(ticket_schema(), ensure_ascii=False).encode()
