"""What a person must look at, although the process does its work: messages that do not leave, items in quarantine.

It keeps no gateway out of service: another one would stand before the same database.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from gateway.house import House
from gateway.operations.metrics import LEDGER, OLDEST, OUTBOX

Facts = Mapping[str, str]

DUE_FOR = timedelta(minutes=10)  # and still here: no worker takes it
TRIED_FOR = timedelta(hours=1)  # in vain: the far side does not take it
CONCERN = "concern"


class Concerns:
    """Looked for in the database by indexes; all rows are counted only for the metrics."""

    def __init__(self, house: House) -> None:
        self._house = house

    def forget(self) -> None:
        """No number is better than an old one."""
        for gauge in (LEDGER, OUTBOX, OLDEST):
            gauge.clear()

    async def look(self) -> Mapping[str, Facts]:
        """``concern`` in a part tells what. Raises what the store raises."""
        async with self._house.store.reading() as unit:
            quarantined, held = await unit.ledger.quarantine_size(), await unit.outbox.held_size()
            due, tried = await unit.outbox.oldest()
        return {"quarantine": _quarantine(quarantined), "outbox": self._outbox(held, due, tried)}

    async def count(self) -> None:
        """Into the metrics. Raises what the store raises."""
        async with self._house.store.reading() as unit:
            items, depth = await unit.ledger.counts(), await unit.outbox.depth()
        for gauge in (LEDGER, OUTBOX):
            gauge.clear()  # a state that nothing is in any more has no row
        for channel, state, count in items:
            LEDGER.labels(channel=channel, state=state).set(count)
        for state, count in depth.items():
            OUTBOX.labels(state=state).set(count)

    def _outbox(self, held: int, due: datetime | None, tried: datetime | None) -> Facts:
        ages = {"due": self._age(due), "tried": self._age(tried)}
        for what, age in ages.items():
            OLDEST.labels(what=what).set(age.total_seconds())
        told = {
            "held": held > 0,
            "due, and nobody sends it": ages["due"] > DUE_FOR,
            "tried in vain": ages["tried"] > TRIED_FOR,
        }
        facts = {"held": str(held)} | {f"{what}_seconds": str(int(age.total_seconds())) for what, age in ages.items()}
        return {**facts, **_concerned("; ".join(words for words, so in told.items() if so))}

    def _age(self, moment: datetime | None) -> timedelta:
        return max(self._house.clock.now() - moment, timedelta()) if moment is not None else timedelta()


def _quarantine(items: int) -> Facts:
    return {"items": str(items), **_concerned("items wait for a person" if items else "")}


def _concerned(words: str) -> Facts:
    return {CONCERN: words} if words else {}
