"""How the hotline is doing: counts for /metrics and /readyz, never who or what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import structlog

log = structlog.get_logger(__name__)


class Health:
    """What was counted, and what a person must mend; each problem is known by where it shows."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.problems: dict[str, str] = {}  # what a person of ours must mend
        self.hindrances: dict[str, str] = {}  # what the far side must mend; calls are taken all the same

    def count(self, what: str) -> None:
        self.counts[what] += 1

    def trouble(self, where: str, problem: str) -> None:
        """Logged once, until it is over."""
        self.count(f"{where}_trouble")
        if self.problems.get(where) != problem:
            log.warning("phone_trouble", where=where, problem=problem)
        self.problems[where] = problem

    def hindered(self, where: str, by: str) -> None:
        """As trouble, but nobody here can do anything about it."""
        self.count(f"{where}_trouble")
        if self.hindrances.get(where) != by:
            log.warning("phone_hindered", where=where, by=by)
        self.hindrances[where] = by

    def works(self, where: str) -> None:
        troubles = (self.problems.pop(where, ""), self.hindrances.pop(where, ""))
        if any(troubles):
            log.warning("phone_works_again", where=where)

    def state(self) -> Mapping[str, str]:
        """Counts by name, and ``problem`` when there is one."""
        facts = {name: str(count) for name, count in sorted(self.counts.items())}
        told = "; ".join(f"{where}: {problem}" for where, problem in sorted(self.problems.items()))
        return facts | self.hindrances | ({"problem": told} if told else {})
