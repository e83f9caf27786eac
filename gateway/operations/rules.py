"""The rules of the day: what comes into force at midnight is put in force by a gateway that goes on running."""

from __future__ import annotations

from pathlib import Path

import structlog

from channels.base import Clock
from gateway.own_rules import insurers_day
from normalizer import rulebook

log = structlog.get_logger(__name__)


class RulesRound:
    """Looks once a day whether other rules are due; a folder that was broken since changes nothing until mended."""

    def __init__(self, folder: Path | None, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._day = insurers_day(clock.now())
        self._told = ""  # the fault of the last round: said once, not every half minute

    async def go(self) -> None:
        today = insurers_day(self._clock.now())
        if today == self._day:
            return
        try:
            if rulebook.use(self._folder, today):
                log.info("rules_changed", versions=rulebook.versions())
        except rulebook.BrokenRules as error:
            self._tell(str(error))
            return
        self._day, self._told = today, ""

    def _tell(self, faults: str) -> None:
        if faults != self._told:
            log.error("rules_broken", faults=faults.splitlines())
            self._told = faults
