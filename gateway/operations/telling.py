"""What /readyz says, as numbers: a part has a row as long as it is there, and the row follows what it says."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.operations.concerns import CONCERN, Facts
from gateway.operations.metrics import CONCERNED, READY

PROBLEM = "problem"


def tell(parts: Mapping[str, Facts]) -> None:
    READY.clear()
    CONCERNED.clear()
    for name, facts in parts.items():
        READY.labels(part=name).set(not facts.get(PROBLEM))
        CONCERNED.labels(part=name).set(bool(facts.get(CONCERN)))
