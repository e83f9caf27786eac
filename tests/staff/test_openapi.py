"""What is described is what is served; and whatever is sent, the answer is one that was described."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema_rs import validator_for
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.generation.case import Case as SomeCase

from gateway.staff.api import build_api
from tests.staff.office import ON_ONE, TOKEN, Office

QUICK = settings(
    max_examples=6,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


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
async def test_a_ticket_is_as_the_document_says(office: Office) -> None:
    case = await office.complaint()
    await office.file(case)
    document = await _document(office)
    schema = {**document["components"]["schemas"]["Ticket"], "components": document["components"]}
    ticket = await office.ask(f"/complaints/{case.number}")
    assert set(ticket) == set(schema["required"])
    validator_for(schema).validate(ticket)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
async def test_whatever_is_sent_the_answer_is_one_that_was_described(office: Office, mode: GenerationMode) -> None:
    case = await office.complaint()
    await office.file(case)
    await office.task(case, id="task1")
    await office.quarantined("item")
    await office.call("CA1")
    schema = schemathesis.openapi.from_dict(await _document(office))
    schema.config.update(base_url=str(office.client.make_url("/api/v1")))
    await asyncio.to_thread(_try_everything, schema, mode)


def _says_anything(operation: Any) -> bool:
    """A request without parameters and body cannot be wrong."""
    return bool([*operation.path_parameters, *operation.query, *operation.body])


def _try_everything(schema: Any, mode: GenerationMode) -> None:
    faults = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        if mode is GenerationMode.NEGATIVE and not _says_anything(operation):
            continue
        try:
            _try(operation, mode)
        except FailureGroup as group:
            faults[operation.label] = [str(each) for each in group.exceptions]
    assert not faults, "\n\n".join(f"{label}: {told}" for label, told in faults.items())


def _try(operation: Any, mode: GenerationMode) -> None:
    @QUICK
    @given(call=operation.as_strategy(generation_mode=mode))
    def attempt(call: SomeCase[Any]) -> None:
        call.call_and_validate(headers={"Authorization": f"Bearer {TOKEN}"})

    attempt()
