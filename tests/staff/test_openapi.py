"""What is described is what is served; and whatever is sent, the answer is one that was described."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import schemathesis
from jsonschema_rs import validator_for
from schemathesis import GenerationMode

from gateway.staff.api import build_api
from gateway.staff.guesses import Guesses
from tests.everything import try_everything
from tests.staff.office import ON_ONE, TOKEN, Office


async def _document(office: Office) -> dict[str, Any]:
    answer = await office.client.get("/api/v1/openapi.json", headers={"Authorization": ""})
    assert answer.headers["Content-Type"] == "application/json"
    found: dict[str, Any] = await answer.json()
    return found


@ON_ONE
async def test_the_document_covers_every_route_and_no_other(office: Office) -> None:
    served = {
        (route.method.lower(), route.resource.canonical)
        for route in build_api(office.house, office.replayer, office.inbox.submit, office.mailroom).router.routes()
        if route.resource is not None
    }
    described = {(method, path) for path, item in (await _document(office))["paths"].items() for method in item}
    assert described == served


@ON_ONE
async def test_the_document_is_valid_and_every_operation_has_a_name_of_its_own(office: Office) -> None:
    document = await _document(office)
    schemathesis.openapi.from_dict(document).validate()
    names = [item["operationId"] for path in document["paths"].values() for item in path.values()]
    assert len(names) == len(set(names))


@ON_ONE
async def test_no_url_is_described_that_says_who_somebody_is(office: Office) -> None:
    operations = [item for path in (await _document(office))["paths"].values() for item in path.values()]
    asked = {each["name"] for item in operations for each in item["parameters"] if each["in"] == "query"}
    assert not asked & {"phone", "name", "email", "id_number", "policy_number", "claim_number", "address", "contact"}


@ON_ONE
async def test_a_ticket_is_as_the_document_says(office: Office) -> None:
    case = await office.complaint()
    await office.file(case)
    document = await _document(office)
    schema = {**document["components"]["schemas"]["Ticket"], "components": document["components"]}
    ticket = await office.ask(f"/complaints/{case.number}")
    assert set(ticket) == set(schema["required"])
    validator_for(schema).validate(ticket)


@ON_ONE
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
async def test_whatever_is_sent_the_answer_is_one_that_was_described(
    office: Office, mode: GenerationMode, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Wrong tokens are shown by the dozen here; that this is noticed is tested in tests/privacy.
    monkeypatch.setattr(Guesses, "too_many", lambda *_: False)
    case = await office.complaint()
    await office.file(case)
    await office.task(case, id="task1")
    await office.quarantined("item")
    await office.call("CA1")
    schema = schemathesis.openapi.from_dict(await _document(office))
    schema.config.update(base_url=str(office.client.make_url("/api/v1")))
    await asyncio.to_thread(try_everything, schema, mode, {"Authorization": f"Bearer {TOKEN}"})
