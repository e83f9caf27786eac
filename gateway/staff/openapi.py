"""The OpenAPI document, built from the operations and their shapes: what is served is what is described."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from gateway.reports.streaming import XLSX
from gateway.staff.actor import COOKIE, CSRF_HEADER
from gateway.staff.operation import JSON, Operation
from gateway.staff.problems import MEDIA_TYPE
from gateway.staff.shapes import ProblemShown

PREFIX = "/api/v1"
REF = "#/components/schemas/{model}"
BYTES = "*/*"
CONTENT_TYPES = (
    "image/*",
    "audio/*",
    "application/pdf",
    "application/octet-stream",
    "application/zip",
    "text/csv",
    XLSX,
)

# Part of a path → what it looks like.
PATH_PARTS: Mapping[str, Mapping[str, Any]] = {
    "number": {"type": "string", "pattern": "^TS[0-9]{12}$", "example": "TS261123000019"},
    "file": {"type": "string", "pattern": "^[0-9A-Za-z_-]{1,64}$"},
    "task": {"type": "string", "pattern": "^[0-9A-Za-z_-]{1,64}$"},
    "call": {"type": "string", "pattern": "^[0-9A-Za-z_-]{1,64}$"},
    "item": {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
    "page": {"type": "integer", "minimum": 1, "maximum": 10_000},
    "posting": {"type": "string", "pattern": "^[0-9A-Za-z_-]{1,64}$"},
    "endpoint": {"type": "string", "pattern": "^ep[0-9a-f]{16}$"},
    "emergency": {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
    "step": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,31}$"},
    "approval": {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
    "link": {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
    "person": {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
    "event": {"type": "string", "pattern": "^[0-9A-Za-z_-]{1,64}$"},
    "branch": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,31}$"},
    "login": {"type": "string", "pattern": "^[a-z0-9][a-z0-9._@-]{1,63}$"},
}
WORDS: Mapping[int, str] = {
    400: "Not JSON, or a form that is broken",
    401: "No valid service token, and nobody signed in",
    403: "Not among the rights of whoever asks",
    404: "There is none, or none that whoever asks may know of",
    408: "The body did not arrive in time",
    409: "Not in this state",
    410: "Gone at its provider",
    413: "Too large",
    415: "Not of the type that is described",
    416: "No such part of the bytes",
    422: "Not what it must be",
    429: "Too often",
    500: "Our mistake",
    503: "The API or the channel is off, or the database is busy",
}

Document = dict[str, Any]


def document(operations: Sequence[Operation], version: str) -> Document:
    """The OpenAPI 3.1 document of these operations."""
    schemas, refs = _schemas(operations)
    paths: Document = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _described(operation, schemas, refs)
    queries = {operation.query.__name__ for operation in operations}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tousu Gateway", "version": version, "license": {"name": "GPL-3.0-or-later"}},
        "servers": [{"url": PREFIX}],
        "security": [{"token": []}, {"session": [], "csrf": []}],
        "paths": paths,
        "components": {
            "schemas": {name: schema for name, schema in schemas.items() if name not in queries},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
                "csrf": {"type": "apiKey", "in": "header", "name": CSRF_HEADER},
            },
        },
    }


Refs = Mapping[str, Document]


def _schemas(operations: Sequence[Operation]) -> tuple[Document, Refs]:
    heard = {model for each in operations for model in (each.query, each.body) if model}
    said = {each.answer for each in operations if each.answer} | {ProblemShown}
    pairs = [*_with_mode(heard, "validation"), *_with_mode(said, "serialization")]
    found, definitions = models_json_schema(pairs, ref_template=REF)
    return definitions["$defs"], {model.__name__: schema for (model, _), schema in found.items()}


def _with_mode(models: Iterable[type[BaseModel]], mode: JsonSchemaMode) -> list[tuple[type[BaseModel], JsonSchemaMode]]:
    return [(model, mode) for model in sorted(models, key=lambda model: model.__name__)]


def _described(operation: Operation, schemas: Document, refs: Refs) -> Document:
    described: Document = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [
            *_path_parameters(operation),
            *_query_parameters(schemas[operation.query.__name__]),
            *_range_parameters(operation),
        ],
        "responses": {**_successes(operation, refs), **_refusals(operation, refs)},
    }
    if operation.body:
        content = {operation.body_type: {"schema": refs[operation.body.__name__]}}
        described["requestBody"] = {"required": True, "content": content}
    if not operation.needs_token:
        described["security"] = []
    return described


def _path_parameters(operation: Operation) -> list[Document]:
    return [
        {"name": name, "in": "path", "required": True, "schema": dict(PATH_PARTS[name])}
        for name in operation.path_names
    ]


def _query_parameters(schema: Document) -> list[Document]:
    required = schema.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _without_null(part)}
        for name, part in schema.get("properties", {}).items()
    ]


def _range_parameters(operation: Operation) -> list[Document]:
    """What is no range, or several at once, is answered with the whole: any text may stand there."""
    shown = {"schema": {"type": "string"}, "example": "bytes=0-65535"}
    return [{"name": "Range", "in": "header", "required": False, **shown}] if operation.in_parts else []


def _without_null(schema: Document) -> Document:
    """A query cannot say null: what may be left out has the schema of what may be said."""
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    kept = {key: value for key, value in schema.items() if key not in ("anyOf", "title", "default")}
    default = {"default": schema["default"]} if schema.get("default") not in (None, []) else {}
    return {**kept, **default, **(choices[0] if choices else {})}


def _successes(operation: Operation, refs: Refs) -> Document:
    whole = {str(operation.success): _success(operation, refs)}
    return {**whole, "206": {**_success(operation, refs), "description": "A part"}} if operation.in_parts else whole


def _success(operation: Operation, refs: Refs) -> Document:
    if operation.answer is None:
        bytes_of = {"schema": {"type": "string", "format": "binary"}}
        return {"description": "The bytes", "content": dict.fromkeys(CONTENT_TYPES, bytes_of)}
    return {"description": "Done", "content": {JSON: {"schema": refs[operation.answer.__name__]}}}


def _refusals(operation: Operation, refs: Refs) -> Document:
    content = {MEDIA_TYPE: {"schema": refs[ProblemShown.__name__]}}
    return {str(status): {"description": WORDS[status], "content": content} for status in operation.statuses}
