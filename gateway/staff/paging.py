"""Cursors: where the next page begins, in a form that callers hand back and do not build."""

from __future__ import annotations

import base64
import binascii
import json
import re

from gateway.staff.problems import Problem

LARGEST_ID = 2**63 - 1
TASK_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


def cursor_of_id(kind: str, id: int) -> str:
    """A cursor after the row ``id`` of a list."""
    return _written([kind, id])


def cursor_of_name(kind: str, name: str) -> str:
    """A cursor after the row ``name`` of a list."""
    return _written([kind, name])


def id_after(kind: str, cursor: str | None) -> int | None:
    """The row that a cursor of this list stands for, None for the first page; a Problem when it is not one of ours."""
    value = _read(kind, cursor)
    if value is None:
        return None
    if type(value) is not int or not 0 < value <= LARGEST_ID:
        raise _not_ours()
    return value


def name_after(kind: str, cursor: str | None) -> str | None:
    """The same for a list whose rows have names."""
    value = _read(kind, cursor)
    if value is None:
        return None
    if not isinstance(value, str) or not TASK_ID.fullmatch(value):
        raise _not_ours()
    return value


def _written(value: list[str | int]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).decode().rstrip("=")


def _read(kind: str, cursor: str | None) -> object:
    if cursor is None:
        return None
    try:
        plain = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        which, value = json.loads(plain)
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise _not_ours() from None
    if which != kind or value is None:
        raise _not_ours()
    return value


def _not_ours() -> Problem:
    return Problem(404, "no_such_page")
