"""The acts of officers over REST: what is asked, how it is answered, and that nothing else is said than described."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import schemathesis
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.generation.case import Case as SomeCase
from schemathesis.specs.openapi.checks import ignored_auth

from gateway.staff.actor import KEY, SERVICE, Actor, Role, actor_of
from gateway.staff.acts import Acts
from gateway.staff.answering import guard_answers
from gateway.staff.ends import Ends
from gateway.staff.links import Links
from gateway.staff.openapi import document
from gateway.staff.operation import Operation
from gateway.staff.previews import Previews
from gateway.staff.problems import Handler, Problem, tell_problems
from tests.casework.office import Desk
from tests.staff.office import ON_ONE

Client = TestClient[web.Request, web.Application]
# The door has tests of its own; here everybody is let in.
WITHOUT_A_DOOR: list[Any] = [ignored_auth]
BEING = "X-Being"  # who makes the request, in these tests


def operations(desk: Desk) -> list[Operation]:
    parts = (Acts(desk.house, desk.inbox.submit), Previews(desk.house), Ends(desk.house), Links(desk.house))
    return [operation for part in parts for operation in part.operations()]


@pytest.fixture
def people() -> dict[str, Actor]:
    return {}


@pytest.fixture
async def client(desk: Desk, people: dict[str, Actor]) -> AsyncIterator[Client]:
    """Only these operations; whoever is named in the header makes the request, else a system."""

    @web.middleware
    async def door(request: web.Request, handler: Handler) -> web.StreamResponse:
        request[KEY] = people.get(request.headers.get(BEING, ""), SERVICE)
        return await handler(request)

    app = web.Application(middlewares=[guard_answers, tell_problems, door])
    for operation in operations(desk):
        app.router.add_route(operation.method, f"/api/v1{operation.path}", _entitled(operation))
    async with TestClient(TestServer(app)) as client:
        yield client


def _entitled(operation: Operation) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        if not actor_of(request).may(operation.right):
            raise Problem(403, "not_yours")
        return await operation.handler(request)

    return handle


async def post(client: Client, path: str, body: object, by: str = "") -> tuple[int, Any]:
    answer = await client.post(f"/api/v1{path}", json=body, headers={BEING: by})
    return answer.status, await answer.json()


@ON_ONE
async def test_a_day_of_an_officer(desk: Desk, client: Client, people: dict[str, Actor]) -> None:
    case, again = await desk.complaint("INVESTIGATING"), await desk.complaint("REGISTERED", channel="email")
    officer = people["wang"] = await desk.person()
    at = f"/complaints/{case.number}"
    assert await post(client, f"{at}/assignee", {"person": officer.person_id}, "wang") == (
        200,
        {"number": case.number, "branch": "", "person": officer.person_id},
    )
    status, ticket = await post(client, f"{at}/class", {"category": "C02", "reason": "误导"}, "wang")
    assert (status, ticket["category"]) == (200, "C02")
    status, ticket = await post(client, f"{at}/grade", {"priority": "P1", "reason": "媒体"}, "wang")
    assert (status, ticket["priority"]) == (200, "P1")
    status, lowered = await post(client, f"{at}/grade", {"priority": "P3", "reason": "无"}, "wang")
    assert (status, lowered["code"]) == (403, "not_yours")
    status, seen = await post(client, f"{at}/questions/preview", {"items": ["evidence"], "words": "谢谢"}, "wang")
    assert (status, seen["will_be_told"]) == (200, True)
    status, ticket = await post(client, f"{at}/questions", {"items": ["evidence"], "words": "谢谢"}, "wang")
    assert (status, ticket["status"]) == (200, "SUPPLEMENT")
    for path, body in (("replies", {"text": "您好"}), ("notes", {"text": "已致电"})):
        assert (await post(client, f"{at}/{path}", body, "wang"))[0] == 200
    merge = {"into": case.number, "reason": "同一事项", "tell": True}
    status, link = await post(client, f"/complaints/{again.number}/merge", merge, "wang")
    assert (status, link["number"], link["other"], link["state"]) == (200, case.number, again.number, "merged")
    status, refused = await post(client, f"/complaints/{again.number}/withdrawal", {"reason": "x", "evidence": "y"})
    assert (status, refused["code"]) == (409, "merged_away")
    assert (await post(client, f"/complaints/{again.number}/unmerge", {"reason": "不是"}, "wang"))[0] == 200
    status, waiting = await post(client, f"/complaints/{again.number}/not-handled", {"code": "N4"}, "wang")
    assert (status, waiting["state"], waiting["asked_by"]) == (200, "open", officer.login)
    status, twice = await post(client, f"/complaints/{again.number}/not-handled", {"code": "N1"}, "wang")
    assert (status, twice["code"], twice["detail"]) == (409, "approval_refused", "asked_already")
    status, ended = await post(client, f"{at}/withdrawal", {"reason": "和解", "evidence": "来电"}, "wang")
    assert (status, ended["status"]) == (200, "WITHDRAWN")
    status, begun = await post(client, f"{at}/reopening", {"reason": "又发生了"}, "wang")
    assert (status, begun["status"]) == (200, "REGISTERED")


@ON_ONE
async def test_a_complaint_about_somebody_is_not_there_for_them(
    desk: Desk, client: Client, people: dict[str, Actor]
) -> None:
    case = await desk.complaint()
    people["li"] = await desk.person("李梅")
    answers = [
        await post(client, f"/complaints/{case.number}/notes", {"text": "x"}, "li"),
        await post(client, f"/complaints/{case.number}/replies/preview", {"text": "x"}, "li"),
        await post(client, f"/complaints/{case.number}/split", {"text": "理赔", "reason": "x"}, "li"),
    ]
    assert {(status, body["code"]) for status, body in answers} == {(404, "no_such_complaint")}


@ON_ONE
async def test_a_clerk_does_none_of_it(desk: Desk, client: Client, people: dict[str, Actor]) -> None:
    case = await desk.complaint()
    people["sun"] = await desk.person("孙丽", Role.CLERK)
    status, body = await post(client, f"/complaints/{case.number}/notes", {"text": "x"}, "sun")
    assert (status, body["code"]) == (403, "not_yours")


@ON_ONE
async def test_conflict_of_interest_is_told(desk: Desk, client: Client) -> None:
    case, named = await desk.complaint(), await desk.person("李梅")
    status, body = await post(client, f"/complaints/{case.number}/assignee", {"person": named.person_id})
    assert (status, body["code"], body["detail"]) == (409, "in_conflict", "named")
    many = {"numbers": [case.number], "person": named.person_id}
    status, body = await post(client, "/assignments", many)
    assert (status, body["items"][0]["code"]) == (200, "in_conflict")


@ON_ONE
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
async def test_whatever_is_sent_the_answer_is_one_that_was_described(
    desk: Desk, client: Client, mode: GenerationMode
) -> None:
    await desk.complaint()
    await desk.complaint(channel="email")
    schema = schemathesis.openapi.from_dict(document(operations(desk), "0"))
    schema.config.update(base_url=str(client.make_url("/api/v1")))
    await asyncio.to_thread(_try_everything, schema, mode)


def _try_everything(schema: Any, mode: GenerationMode) -> None:
    for found in schema.get_all_operations():
        operation = found.ok()
        if mode is GenerationMode.NEGATIVE and not [*operation.path_parameters, *operation.query, *operation.body]:
            continue

        @settings(
            max_examples=4,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(call=operation.as_strategy(generation_mode=mode))
        def attempt(call: SomeCase[Any]) -> None:
            call.call_and_validate(excluded_checks=WITHOUT_A_DOOR)

        attempt()
