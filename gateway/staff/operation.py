"""One thing the API can do: its route, its handler, and what OpenAPI says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel

from gateway.staff.actor import Right
from gateway.staff.problems import Handler
from gateway.staff.shapes import Nothing

JSON = "application/json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """``path`` is relative to /api/v1; ``refusals`` are the statuses that only this operation has."""

    method: Literal["GET", "POST"]
    path: str
    name: str
    right: Right
    summary: str
    handler: Handler
    answer: type[BaseModel] | None = None  # None: bytes
    query: type[BaseModel] = Nothing
    body: type[BaseModel] | None = None
    body_type: str = JSON
    success: int = 200
    refusals: tuple[int, ...] = field(default=())
    needs_token: bool = True
    in_parts: bool = False  # bytes of which a Range may be asked

    @property
    def path_names(self) -> tuple[str, ...]:
        return tuple(re.findall(r"\{(\w+)\}", self.path))

    @property
    def statuses(self) -> tuple[int, ...]:
        """Every status with which it may refuse."""
        found = {422, 500, *self.refusals}
        found |= {401, 403, 429, 503} if self.needs_token else set()
        found |= {416} if self.in_parts else set()
        found |= {404} if self.path_names else set()
        found |= {400, 408, 413, 415} if self.body else set()
        return tuple(sorted(found))
