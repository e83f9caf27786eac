"""JSON that the insurer's app and the staff's clients send: each body of the API, whichever."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from hypothesis import strategies as st

import gateway.customers.app_api
import gateway.staff.api  # noqa: F401 - both: whatever body there is is known once they are loaded
from gateway.staff.problems import Problem
from gateway.staff.reading import BODY_BYTES, read_body
from gateway.staff.shapes import Asked
from tests.fuzz.target import Run, Target
from tests.fuzz.targets.asking import loop, request

MOST_TOLD = 16 * 1024


@cache
def models() -> list[type[Asked]]:
    found, left = set[type[Asked]](), [Asked]
    while left:
        model = left.pop()
        found.add(model)
        left += model.__subclasses__()
    return sorted(found - {Asked}, key=lambda model: f"{model.__module__}.{model.__qualname__}")


@contextmanager
def bodies() -> Iterator[Run]:
    """The first byte chooses the body; it is that, or a problem that repeats nothing of what was sent."""
    with loop() as on:

        def run(data: bytes) -> None:
            model = models()[data[0] % len(models())] if data else models()[0]
            asked = request("/api/v1/x", data[1:], {"Content-Type": "application/json"}, on)
            try:
                body = on.run_until_complete(read_body(asked, model))
            except Problem as problem:
                assert 400 <= problem.status < 500  # noqa: PT017
                told = problem.response().body
                assert isinstance(told, bytes)
                assert len(told) <= MOST_TOLD
                assert SECRET not in told
            else:
                assert len(data) <= BODY_BYTES + 1
                body.model_dump_json()

        yield run


SECRET = b"canary-5d1f"
NAMES = (
    "token",
    "matter",
    "files",
    "number",
    "proof",
    "status",
    "note",
    "tell",
    "unmask",
    "phone",
    "fields",
    "name",
    "content",
)
values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from([SECRET.decode(), "2026-11-23T09:30:00+08:00", "9" * 30, "\x00", "AAAA"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=8,
)


@cache
def fields() -> tuple[str, ...]:
    return tuple(sorted({name for model in models() for name in model.model_fields}))


def _aimed(place: int, told: dict[str, Any]) -> bytes:
    """At the fields of this very body."""
    place %= len(models())
    names = list(models()[place].model_fields) or ["x"]
    aimed = {names[at % len(names)]: value for at, value in enumerate(told.values())}
    return bytes([place]) + json.dumps(aimed).encode()


TARGETS = (
    Target(
        name="api-bodies",
        open=bodies,
        seeds=lambda: [bytes([place]) + b'{"token":"12345678","matter":"x"}' for place in range(len(models()))],
        shapes=st.builds(_aimed, st.integers(0, 255), st.dictionaries(st.text(max_size=4), values, max_size=6)),
        words=[
            SECRET,
            b"[" * 200,
            b'{"a":' * 200,
            b"\\ud800",
            b"1e999",
            b"NaN",
            *(f'"{name}":'.encode() for name in fields()),
        ],
    ),
)
