"""What others rely on when they fetch a ticket."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from gateway.staff.ticket_schema import TicketSchema, ticket_schema

KEPT = Path(__file__).parents[2] / "docs" / "ticket.schema.json"
# Every field that version 1 has ever promised. Lines are added here, and none is taken away.
# fmt: off
PROMISED = (
    "number", "status", "channel", "received_at", "accepted_at", "due_at", "complainant", "policy_number",
    "claim_number", "respondent", "product", "category", "category_detail", "priority", "flags", "matter", "reason",
    "request", "amounts", "dates", "missing", "attachments", "timeline", "fields", "others", "intent", "language",
    "attested",
)
# fmt: on


def test_the_file_says_what_is_served() -> None:
    assert json.loads(KEPT.read_text("utf-8")) == ticket_schema()


def test_nothing_that_was_promised_is_taken_away() -> None:
    schema = ticket_schema()
    assert schema["version"].startswith("1.")
    assert set(PROMISED) <= set(schema["properties"])
    assert set(PROMISED) <= set(schema["required"])


async def test_anybody_may_read_it() -> None:
    app = web.Application()
    for operation in TicketSchema().operations():
        app.router.add_route(operation.method, operation.path, operation.handler)
    async with TestClient(TestServer(app)) as client:
        answer = await client.get("/ticket.schema.json")
        served: dict[str, Any] = await answer.json()
    assert served == ticket_schema()


@pytest.mark.parametrize("definition", ["Complainant", "FieldShown", "AttachmentShown", "MomentShown"])
def test_the_parts_of_a_ticket_are_described_too(definition: str) -> None:
    assert definition in ticket_schema()["$defs"]
