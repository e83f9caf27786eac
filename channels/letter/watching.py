"""The watch over the folder: a pass, a wait for a hint or for time, and again; for ever, whatever breaks."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import structlog

from channels.letter.folder import Folder, Passed
from channels.letter.limits import Limits, pause_after
from channels.letter.ports import Hints

log = structlog.get_logger(__name__)

MISSING = "the folder for scans is missing"
NOT_WRITABLE = "the folder for scans cannot be read and written"
CANNOT_STORE = "the gateway cannot store or read what arrives; letters wait in the folder"


class Watch:
    """Watches one folder until cancelled."""

    def __init__(self, path: Path, folder: Folder, hints: Hints, *, rescan: float, limits: Limits) -> None:
        self._path = path
        self._folder = folder
        self._hints = hints
        self._rescan = rescan
        self._limits = limits
        self._waiting = 0
        self._stops = 0
        self._problem = ""

    def state(self) -> Mapping[str, str]:
        """listening (watching, polling), waiting (pieces in the folder), problem while there is one."""
        known = {"listening": self._hints.mode, "waiting": str(self._waiting), "problem": self._problem}
        return {name: fact for name, fact in known.items() if fact}

    async def run(self) -> None:
        try:
            await self._begin()
            while True:
                await self._hints.wait(await self.look())
        finally:
            self._hints.close()

    async def look(self) -> float:
        """One pass; how long to wait for the next, if nothing is reported before."""
        if problem := problem_of(self._path):
            return self._rest(problem)
        try:
            await self._folder.make_folders()
            passed = await self._folder.go_through()
        except OSError as error:
            log.warning("folder_not_passed", error=type(error).__name__)
            return self._rest(problem_of(self._path) or NOT_WRITABLE)
        return self._after(passed)

    async def _begin(self) -> None:
        """The folder is made at the start, and only then: one that goes away later is somebody's mistake."""
        try:
            await self._folder.make_folders()
        except OSError as error:
            log.error("folder_not_made", error=type(error).__name__)

    def _after(self, passed: Passed) -> float:
        self._waiting = passed.waiting
        if passed.stopped:
            self._stops += 1
            self._problem = CANNOT_STORE
            return pause_after(self._stops, self._limits)
        self._stops, self._problem = 0, ""
        patience = self._folder.patience()
        return self._rescan if patience is None else min(self._rescan, patience)

    def _rest(self, problem: str) -> float:
        if problem != self._problem:
            log.error("folder_unusable", problem=problem)
        self._problem = problem
        return self._rescan


def problem_of(folder: Path) -> str:
    """Why letters cannot be taken from it; empty when they can."""
    if not folder.is_dir():
        return MISSING
    return "" if os.access(folder, os.R_OK | os.W_OK | os.X_OK) else NOT_WRITABLE
