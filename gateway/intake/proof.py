"""Who asks about a case: number and the last four characters of the registered phone or ID, tried a few times a day.

The answer to a wrong number and to a wrong proof is the same, and so is the work done for both.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import datetime

from normalizer.record import SHANGHAI
from store.unit import Unit
from store.values import Case

PROVING_FIELDS = ("phone", "id_number")


async def proven_case(unit: Unit, number: str, proof: str) -> Case | None:
    """The case that number and proof belong to together; None for anything else."""
    case = await unit.complaints.by_number(number)
    if case is None:
        unit.complaints.open_a_decoy()
    held = [_ending(case, name) for name in PROVING_FIELDS] if case is not None else ["", ""]
    given = proof.upper().encode()
    found = [hmac.compare_digest(each.encode(), given) for each in held]
    return case if len(given) == 4 and True in found else None  # all were compared: the time taken tells nothing


async def too_many_tries(unit: Unit, keys: Sequence[str], allowed: int, now: datetime) -> bool:
    """Count one try under every key, before the proof is looked at: guessing in parallel gains nothing."""
    counts = [await unit.counters.hit(f"proof:{key}", window_start=_today(now), now=now) for key in keys]
    return max(counts) > allowed


async def take_back_the_try(unit: Unit, keys: Sequence[str], now: datetime) -> None:
    """It was the owner: asking again tomorrow and later today costs nothing."""
    for key in keys:
        await unit.counters.take_back(f"proof:{key}", window_start=_today(now))


def _today(now: datetime) -> datetime:
    return now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)


def _ending(case: Case, name: str) -> str:
    value = case.record.value(name)
    return value[-4:].upper() if len(value) >= 4 else ""
