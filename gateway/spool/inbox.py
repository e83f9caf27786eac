"""The inbox that goes on while the database is away, for channels whose items nobody else keeps for us.

When more comes than can be handled, what comes goes to disk as well: a moment later there is time for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from channels.base import Answer, CallReport, DeliveryReport, Inbox, Item, Kept
from gateway.intake.inbox import is_store_away
from gateway.settings import Settings
from gateway.spool.counts import SPOOLED
from gateway.spool.crowd import Crowd
from gateway.spool.errors import GivenUp, TooSlow
from gateway.spool.interim import SILENT, interim
from gateway.spool.outage import Outage
from gateway.spool.record import Kind, Record, lane_of, of_call, of_item, of_report, of_submission
from gateway.spool.spool import Spool
from normalizer.record import Submission

log = structlog.get_logger(__name__)
T = TypeVar("T")

SPOOLING = frozenset({"wechat", "phone", "web", "counter"})  # mail and scans wait at their source
BYTES_A_SECOND = 5_000_000  # of a large item, to be waited for beside the ordinary patience
PING_SECONDS = 0.3  # for a sign that it is we who are slow, and not the database
MORE = 1.5  # seconds to wait, then: WeChat listens for five
MARGIN = 2.0  # by which `speak_by` is early; words that took no work may still be said
PATIENCE = 5.0  # seconds, when we stop, for what is under way


class SpoolingInbox:
    """Implements ``channels.base.Inbox``: tries the gateway's own, and puts on disk what that cannot take now."""

    def __init__(
        self, inner: Inbox, spool: Spool, outage: Outage, settings: Settings, ping: Callable[[], Awaitable[None]]
    ) -> None:
        self._inner = inner
        self._ping = ping
        self._spool = spool
        self._outage = outage
        self._settings = settings
        self.crowd = Crowd()
        self._left: set[asyncio.Task[object]] = set()  # begun, and waited for no longer

    async def keep(self, item: Item) -> Kept:
        """Durable on return: in the ledger, or on disk."""
        if item.channel not in SPOOLING:
            return await self._inner.keep(item)
        if self._spool.find(Kind.ITEM, item.channel, item.key) is not None:
            return Kept.WAITING
        return await self._or_spool(lambda: self._inner.keep(item), of_item(item), Kept.NEW)

    async def submit(self, submission: Submission, *, speak_by: float | None = None) -> Answer:
        """Handled, or kept on disk to be handled; then the answer is only for now, and the true one follows."""
        if submission.channel not in SPOOLING:
            return await self._inner.submit(submission, speak_by=speak_by)
        if (waiting := self._told_before(submission, speak_by)) is not None:
            return waiting
        if not self._must_wait(lane_of(submission)) and not self._is_too_much(speak_by):
            try:
                return await self._in_time(
                    lambda: self._inner.submit(submission, speak_by=speak_by), len(submission.raw)
                )
            except Exception as error:
                self._note(error)
        told = self._interim(submission, speak_by)
        await self._put(of_submission(submission, told))
        return told

    async def report(self, report: DeliveryReport) -> None:
        """Taken, or kept on disk: no provider is sure to tell it twice."""
        if report.channel not in SPOOLING:
            return await self._inner.report(report)
        await self._or_spool(lambda: self._inner.report(report), of_report(report), None)

    async def note_call(self, report: CallReport) -> None:
        if report.channel not in SPOOLING:
            return await self._inner.note_call(report)
        await self._or_spool(lambda: self._inner.note_call(report), of_call(report), None)

    async def aclose(self) -> None:
        """Let what was begun come to its end."""
        if self._left:
            await asyncio.wait(self._left, timeout=PATIENCE)
        for task in self._left:
            task.cancel()

    def _told_before(self, submission: Submission, speak_by: float | None) -> Answer | None:
        """The words of the first delivery. What was only kept so far is told now whose it is, and what it is told."""
        waiting = self._spool.find(Kind.ITEM, submission.channel, submission.key)
        if waiting is None:
            return None
        if waiting.told is None:
            self._spool.tell(waiting, lane_of(submission), self._interim(submission, speak_by))
        return waiting.told

    def _must_wait(self, lane: str) -> bool:
        """Nothing overtakes what the same sender said before."""
        return self._outage.lasts or self._spool.is_busy(lane)

    def _is_too_much(self, speak_by: float | None) -> bool:
        """The channel says so by a moment that is over already, or those who came before wait too long."""
        over = speak_by is not None and speak_by <= asyncio.get_running_loop().time()
        return over or self.crowd.presses

    async def _or_spool(self, work: Callable[[], Awaitable[T]], record: Record, otherwise: T) -> T:
        if not self._must_wait(record.lane):
            try:
                return await self._in_time(work, len(record.body))
            except Exception as error:
                self._note(error)
        await self._put(record)
        return otherwise

    async def _in_time(self, work: Callable[[], Awaitable[T]], size: int) -> T:
        """Its result. Raises GivenUp, TooSlow; what was begun goes on, and may well be committed."""
        task: asyncio.Task[T] = asyncio.ensure_future(_run(work))
        self._left.add(task)
        task.add_done_callback(self._ended)
        with self.crowd.with_one_more():
            await asyncio.wait([task], timeout=self._settings.spool_after_seconds + size / BYTES_A_SECOND)
            answers = task.done() or await self._answers()
            if not task.done() and answers:
                await asyncio.wait([task], timeout=MORE)
        if not task.done():
            raise TooSlow if answers else GivenUp
        return task.result()

    async def _answers(self) -> bool:
        try:
            async with asyncio.timeout(PING_SECONDS):
                await self._ping()
        except Exception:  # whatever it is: no sign of life
            return False
        return True

    def _ended(self, task: asyncio.Task[T]) -> None:
        self._left.discard(task)
        if not task.cancelled():
            task.exception()  # seen, even when nobody waits any more

    def _note(self, error: Exception) -> None:
        """The database is away, or we are slow; anything else is not for the spool."""
        if not is_store_away(error):
            raise error
        if not isinstance(error, TooSlow):
            self._outage.begins(error)

    async def _put(self, record: Record) -> None:
        await self._spool.put(record)
        SPOOLED.labels(channel=record.channel, kind=record.kind).inc()
        self._outage.kept(record.channel, self._spool.depth)

    def _interim(self, submission: Submission, speak_by: float | None) -> Answer:
        """Nothing, where nobody waits for words: the answer proper comes by the outbox."""
        if speak_by is None or asyncio.get_running_loop().time() >= speak_by + MARGIN:
            return SILENT
        return interim(submission, self._spool.last_told(lane_of(submission)), self._settings)


async def _run(work: Callable[[], Awaitable[T]]) -> T:
    return await work()
