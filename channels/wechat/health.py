"""How the channel is doing: counts for /metrics and /readyz, never who or what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import structlog

log = structlog.get_logger(__name__)


class Health:
    """Counts what happens, and holds the problems that a person must mend."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.problems: dict[str, str] = {}  # by where they show

    def count(self, what: str) -> None:
        self.counts[what] += 1

    def alarm(self, where: str, problem: str) -> None:
        """Something of ours is set wrong; logged once, until it is mended."""
        self.counts["alarms"] += 1
        if self.problems.get(where) != problem:
            log.error("wechat_misconfigured", where=where, problem=problem)
        self.problems[where] = problem

    def mended(self, *places: str) -> None:
        for where in places:
            if self.problems.pop(where, None):
                log.warning("wechat_works_again", where=where)

    def state(self) -> Mapping[str, str]:
        """Counts by name, and ``problem`` when there is one."""
        facts = {name: str(count) for name, count in sorted(self.counts.items())}
        told = "; ".join(f"{where}: {problem}" for where, problem in sorted(self.problems.items()))
        return {**facts, "problem": told} if told else facts
