"""All that a check can look at, and how it judges a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.personas.held import Held
from tests.personas.transcript import Run

Check = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """All that a check can look at."""

    run: Run
    held: Held
    looked_up: frozenset[str]


def number_fault(check: Check, found: int) -> str:
    """equals, min, max, value: whichever the check names."""
    if "equals" in check and found != check["equals"]:
        return f"{found}, not {check['equals']}"
    if found < check.get("min", found):
        return f"{found}, fewer than {check['min']}"
    if found > check.get("max", found):
        return f"{found}, more than {check['max']}"
    return ""
