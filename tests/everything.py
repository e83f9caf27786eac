"""Whatever a described API is sent, its answer is one that was described: schemathesis over every operation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.generation.case import Case as SomeCase
from schemathesis.specs.openapi.checks import negative_data_rejection

QUICK = settings(
    max_examples=6,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def try_everything(schema: Any, mode: GenerationMode, headers: Mapping[str, str], quick: settings = QUICK) -> None:
    """Call every operation with what fits its description, or with what does not; blocks."""
    faults = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        if mode is GenerationMode.NEGATIVE and not _says_anything(operation):
            continue
        try:
            _try(operation, mode, headers, quick)
        except FailureGroup as group:
            faults[operation.label] = [str(each) for each in group.exceptions]
    assert not faults, "\n\n".join(f"{label}: {told}" for label, told in faults.items())


def _says_anything(operation: Any) -> bool:
    """A request without parameters and body cannot be wrong."""
    return bool([*operation.path_parameters, *operation.query, *operation.body])


def _unfit(operation: Any) -> list[Any]:
    """What cannot be asked of this operation: a form knows no types, an object or null in it is sent as nothing."""
    forms = any(body.media_type == "multipart/form-data" for body in operation.body)
    return [negative_data_rejection] if forms else []


def _try(operation: Any, mode: GenerationMode, headers: Mapping[str, str], quick: settings) -> None:
    @quick
    @given(call=operation.as_strategy(generation_mode=mode))
    def attempt(call: SomeCase[Any]) -> None:
        call.call_and_validate(headers=dict(headers), excluded_checks=_unfit(operation))

    attempt()
