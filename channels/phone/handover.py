"""Handing an item to the gateway: once, however often Twilio asks, and again while nothing can be stored."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import structlog

from channels.base import Answer, CallReport, Inbox
from channels.phone.health import Health
from normalizer.record import Submission

log = structlog.get_logger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """Seconds within one request; Twilio waits fifteen, then it goes on at the fallback address."""

    speak: float = 10.0  # an answer ready by then is spoken on the line
    store: float = 4.0  # for as long we try to store what could not be stored
    retry: float = 0.3  # between two such tries
    hold: float = 13.0  # then we give up waiting; what is under way goes on
    linger: float = 0.3  # after the end of a call, for words that are still on their way


class NotStored(Exception):
    """Nothing could be stored for as long as it could be tried."""


class Handover:
    """Submits; a redelivery joins the one under way."""

    def __init__(self, *, inbox: Inbox, health: Health, pace: Pace) -> None:
        self.inbox = inbox
        self.health = health
        self.pace = pace
        self.handing: dict[str, asyncio.Task[Answer]] = {}  # by key

    async def submit(self, submission: Submission, speak_by: float | None = None) -> Answer:
        """The answer. Raises NotStored; whoever stops waiting does not stop the storing."""
        task = self.handing.get(submission.key) or self._start(submission, speak_by)
        return await asyncio.shield(task)

    async def note(self, report: CallReport) -> None:
        """Write down how a call stands. Raises NotStored."""
        await self._patiently(lambda: self.inbox.note_call(report))

    async def stored(self, key: str) -> bool:
        """True when the submission with this key is under way here, and once it is stored."""
        task = self.handing.get(key)
        if task is None:
            return False
        await asyncio.wait([task])
        return not task.cancelled() and task.exception() is None

    async def aclose(self) -> None:
        """Let what is being stored be stored."""
        if self.handing:
            await asyncio.wait(self.handing.values(), timeout=self.pace.hold)

    def _start(self, submission: Submission, speak_by: float | None) -> asyncio.Task[Answer]:
        work = self._patiently(lambda: self.inbox.submit(submission, speak_by=speak_by))
        task = asyncio.create_task(work, name="phone-hand-over")
        self.handing[submission.key] = task
        task.add_done_callback(lambda done: self._handed(submission.key, done))
        return task

    def _handed(self, key: str, task: asyncio.Task[Answer]) -> None:
        del self.handing[key]
        if not task.cancelled() and task.exception() is not None:
            self.health.count("not_stored")

    async def _patiently(self, work: Callable[[], Awaitable[T]]) -> T:
        give_up = asyncio.get_running_loop().time() + self.pace.store
        while True:
            try:
                return await work()
            except Exception as error:  # whatever kept it from being stored: it is still in our hands only
                log.warning("phone_not_stored", error=type(error).__name__)
                if asyncio.get_running_loop().time() > give_up:
                    raise NotStored from error
            await asyncio.sleep(self.pace.retry)
