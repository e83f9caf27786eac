"""Background work that must not die unseen: a crash is logged, shown in /readyz, and started again with back-off."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

log = structlog.get_logger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
HEALTHY_AFTER = 120.0  # seconds of running after which the next crash starts again with a short pause


@dataclass(slots=True)
class Health:
    """How one piece of background work is doing."""

    running: bool = False
    restarts: int = 0
    problem: str = ""


class Supervisor:
    """Runs named work for as long as the gateway lives."""

    def __init__(self) -> None:
        self.health: dict[str, Health] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        self.health[name] = Health()
        self._tasks.append(asyncio.create_task(self._tend(name, work), name=name))

    async def aclose(self) -> None:
        """Cancel everything and wait until each has finished what it had in hand."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _tend(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        pause, health, loop = FIRST_PAUSE, self.health[name], asyncio.get_running_loop()
        while True:
            began = loop.time()
            try:
                health.running, health.problem = True, ""
                await work()
                return
            except asyncio.CancelledError:
                raise
            except Exception as error:
                health.running, health.problem = False, type(error).__name__
                health.restarts += 1
                log.exception("background_work_crashed", work=name, restarts=health.restarts)
            pause = FIRST_PAUSE if loop.time() - began > HEALTHY_AFTER else pause
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
