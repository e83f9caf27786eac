"""The customers' API: what is described is what is served; and whatever is sent, the answer was described."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import pytest
import schemathesis
from hypothesis import settings
from schemathesis import GenerationMode

from gateway.app import Gateway
from gateway.customers.app_api import public_api
from gateway.customers.desk import Desk
from gateway.customers.limits import Limits
from tests.clock import SetClock
from tests.everything import QUICK, try_everything
from tests.staff.office import ON_ONE
from tests.web.visitor import PHOTO, Visitor, visiting

BASE = "/api/public/v1"
MUCH = 1_000_000
NO_END = Limits(visit=MUCH, address=MUCH, proofs=MUCH, wrong_proofs=MUCH)
THOROUGH = settings(QUICK, max_examples=15)
WHOLE = {
    "token": "only-once",
    "matter": "车险理赔拖了两个月还没赔，一直说在审核",
    "request": "尽快赔付",
    "complainant_name": "王小明",
    "phone": "13812345678",
}


async def _document(visitor: Visitor) -> dict[str, Any]:
    answer = await visitor.client.get(f"{BASE}/openapi.json")
    assert answer.headers["Content-Type"] == "application/json"
    found: dict[str, Any] = await answer.json()
    return found


async def _session(visitor: Visitor) -> str:
    """Of somebody who has complained and shown that the complaint is theirs."""
    made = await (await visitor.client.post(f"{BASE}/complaints", json=WHOLE)).json()
    proof = {"number": made["number"], "proof": "5678"}
    entered = await (await visitor.client.post(f"{BASE}/progress", json=proof)).json()
    return str(entered["session"])


def _with_photos(_: Any, body: Any) -> Any:
    """Files that are some: what a file begins with is no part of the description."""
    photo = {"name": "a.jpg", "content": base64.b64encode(PHOTO).decode()}
    return {**body, "files": [photo for _ in body["files"]]} if "files" in body else body


@ON_ONE
async def test_the_document_covers_every_route_and_no_other(gateway: Gateway, visitor: Visitor) -> None:
    served = {
        (route.method.lower(), route.resource.canonical)
        for route in public_api(Desk.of(gateway.house, gateway.inbox)).router.routes()
        if route.resource is not None
    }
    described = {(method, path) for path, item in (await _document(visitor))["paths"].items() for method in item}
    assert described == served


@ON_ONE
async def test_the_document_is_valid_and_every_operation_has_a_name_of_its_own(visitor: Visitor) -> None:
    document = await _document(visitor)
    schemathesis.openapi.from_dict(document).validate()
    names = [item["operationId"] for path in document["paths"].values() for item in path.values()]
    assert len(names) == len(set(names))


@ON_ONE
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
async def test_whatever_an_app_sends_the_answer_is_one_that_was_described(
    gateway: Gateway, clock: SetClock, mode: GenerationMode
) -> None:
    async with visiting(gateway, clock, NO_END) as visitor:
        session = await _session(visitor)
        schema = schemathesis.openapi.from_dict(await _document(visitor))
        if mode is GenerationMode.POSITIVE:
            schema.hook("map_body")(_with_photos)
        schema.config.update(base_url=str(visitor.client.make_url(BASE)))
        await asyncio.to_thread(try_everything, schema, mode, {"Authorization": f"Bearer {session}"}, THOROUGH)
