"""A row as one line of JSON and back, whichever kind of database it came from."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import orjson

BYTES, MOMENT, DAY = "b", "t", "d"  # how values are marked that JSON has no words for

Values = Sequence[Any]


def packed(row: Values) -> bytes:
    """A row as one line of JSON."""
    return orjson.dumps([_marked(value) for value in row])


def unpacked(line: bytes) -> Values:
    return [_unmarked(value) for value in orjson.loads(line)]


def _marked(value: Any) -> Any:
    match value:
        case bytes() | bytearray() | memoryview():
            return {BYTES: base64.b64encode(value).decode()}
        case datetime():
            return {MOMENT: value.isoformat()}
        case date():
            return {DAY: value.isoformat()}
    return value


def _unmarked(value: Any) -> Any:
    match value:
        case {"b": str(written)}:
            return base64.b64decode(written)
        case {"t": str(written)}:
            return datetime.fromisoformat(written)
        case {"d": str(written)}:
            return date.fromisoformat(written)
    return value
