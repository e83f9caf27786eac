"""One request of a provider's, ready to be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class Push:
    """``timed``: somebody waits for its answer."""

    path: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    timed: bool = True
