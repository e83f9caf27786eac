"""Out of the spool, once the database answers again: each sender's items in their order, none lost, none twice.

A record is dropped only after the commit of what it says. Whoever dies in between does it again: the ledger knows the
item by its key, and a report that is told twice changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from enum import Enum, auto

import structlog

from channels.base import Answer, AnswerKind, Inbox
from channels.errors import NotNow, Unreadable
from channels.unread import unread
from gateway.house import House
from gateway.intake.inbox import is_store_away
from gateway.own_items import Reader
from gateway.spool.counts import DRAINED
from gateway.spool.crowd import Crowd
from gateway.spool.outage import Outage
from gateway.spool.record import Kind, Record, call_in, report_in
from gateway.spool.spool import Entry, Spool
from gateway.spool.unheard import call_them_back, send_unheard
from normalizer.record import Gesture, Submission
from store.errors import Damaged, WrongKey

log = structlog.get_logger(__name__)

LANES_AT_ONCE = 4
LOOK_AGAIN = 1.0  # seconds, while the database is away or something waits
TAKE_OVER_EVERY = 10.0  # seconds between two looks for what a dead process left
PING_SECONDS = 3.0
HANDLE_SECONDS = 30.0  # for one record: what hangs for longer is the database's fault
MOST_FAILURES = 3  # of one record that the database refuses; then those behind it go first
REST_SECONDS = 600.0  # until such a record is tried again


class Became(Enum):
    """What became of a record."""

    DONE = auto()  # it is dropped
    WAITS = auto()  # with all behind it
    PASSED = auto()  # it waits for a person; those behind it do not
    AWAY = auto()  # nothing more can be done in this round


class _Round:
    """Over all lanes, a few at a time; each in its order."""

    def __init__(self, take: Callable[[Entry], Awaitable[Became]]) -> None:
        self._take = take
        self._lanes = asyncio.Semaphore(LANES_AT_ONCE)
        self._taken = 0
        self._goes_on = True

    async def over(self, lanes: Iterable[Sequence[Entry]]) -> int:
        await asyncio.gather(*(self._along(lane) for lane in lanes))
        return self._taken

    async def _along(self, lane: Sequence[Entry]) -> None:
        async with self._lanes:
            for entry in lane:
                became = await self._take(entry) if self._goes_on else Became.AWAY
                self._taken += became is Became.DONE
                self._goes_on &= became is not Became.AWAY
                if became in (Became.WAITS, Became.AWAY):
                    return


def _counted(became: Became, outcome: str) -> Became:
    DRAINED.labels(outcome=outcome).inc()
    return became


class Drain:
    """One for each process: it empties the files that this process holds."""

    def __init__(
        self,
        house: House,
        inner: Inbox,
        spool: Spool,
        outage: Outage,
        readers: Mapping[str, Reader],
        crowd: Crowd,
    ) -> None:
        self._house = house
        self._inner = inner
        self._spool = spool
        self._outage = outage
        self._readers = readers
        self._crowd = crowd

    async def run(self) -> None:
        """For as long as the gateway lives."""
        while True:
            await self.go()
            busy = self._outage.lasts or self._spool.depth
            await self._wait(LOOK_AGAIN if busy else TAKE_OVER_EVERY)

    async def go(self) -> int:
        """One round over all that waits, if the database answers; how many records it took."""
        await self._spool.take_over()
        if not (self._outage.lasts or self._spool.depth) or not await self._answers():
            return 0
        if not self._spool.depth:
            self._outage.ends()
            return 0
        taken = await _Round(self._take).over(self._spool.waiting().values())
        if taken:
            log.warning("spool_drained", taken=taken, waiting=self._spool.depth)
        return taken

    async def _answers(self) -> bool:
        try:
            async with asyncio.timeout(PING_SECONDS):
                await self._house.store.ping()
        except Exception as error:
            self._outage.begins(error)
            return False
        return True

    async def _wait(self, seconds: float) -> None:
        self._spool.came.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._spool.came.wait()
        except TimeoutError:
            return
        if self._outage.lasts:  # it came because the database is away: no reason to ask at once
            await asyncio.sleep(LOOK_AGAIN)

    async def _take(self, entry: Entry) -> Became:
        if asyncio.get_running_loop().time() < entry.rests_until:
            return Became.PASSED
        await self._crowd.eases()  # who waits on an open line goes first
        try:
            async with asyncio.timeout(HANDLE_SECONDS):
                record = await self._spool.read(entry)
        except (Damaged, WrongKey):
            await self._spool.leave_for_a_person(entry)
            return _counted(Became.DONE, "damaged")
        except Exception:  # an OSError too: it is of our own disk, and says nothing about the database
            return self._failed(entry)
        return await self._bring_in(entry, record)

    async def _bring_in(self, entry: Entry, record: Record) -> Became:
        try:
            async with asyncio.timeout(HANDLE_SECONDS):
                await self._handle(record)
        except NotNow:
            return Became.WAITS
        except Exception as error:
            if is_store_away(error):  # the record bears no blame
                self._outage.begins(error)
                return Became.AWAY
            return self._failed(entry)
        await self._spool.drop(entry)
        self._outage.ends()
        return _counted(Became.DONE, "handled")

    def _failed(self, entry: Entry) -> Became:
        """It stays on disk, whatever went wrong."""
        entry.failures += 1
        log.exception("spool_record_failed", channel=entry.channel, kind=entry.kind, times=entry.failures)
        if entry.failures < MOST_FAILURES:
            return _counted(Became.WAITS, "failed")
        entry.rests_until = asyncio.get_running_loop().time() + REST_SECONDS
        return _counted(Became.PASSED, "failed")

    async def _handle(self, record: Record) -> None:
        handle: dict[Kind, Callable[[Record], Awaitable[None]]] = {
            Kind.ITEM: self._submit,
            Kind.REPORT: self._report,
            Kind.CALL: self._note_call,
        }
        await handle[record.kind](record)

    async def _submit(self, record: Record) -> None:
        """The answer leaves by the outbox: nobody listens any more."""
        submission = await self._read(record)
        answer = await self._inner.submit(submission)
        if submission.talk:
            await self._keep_promise(submission, record.told)
        elif answer.kind is AnswerKind.SPOKEN:
            await send_unheard(self._house, submission, answer)

    async def _keep_promise(self, submission: Submission, told: Answer | None) -> None:
        """Whoever said anything, and heard that we call back."""
        said = submission.text or submission.quoted or submission.keyed or submission.gesture is Gesture.RECORDED
        if said and told is not None and told.kind is AnswerKind.SPOKEN:
            await call_them_back(self._house, submission)

    async def _report(self, record: Record) -> None:
        await self._inner.report(report_in(record))

    async def _note_call(self, record: Record) -> None:
        await self._inner.note_call(call_in(record))

    async def _read(self, record: Record) -> Submission:
        """What its channel reads in it; what nobody can read goes to a person, as it does at any other time.

        Raises NotNow.
        """
        reader = self._readers.get(record.channel)
        if reader is None:
            raise NotNow(f"{record.channel} is off")
        try:
            submission = await reader.read(record.item)
        except NotNow:
            raise
        except Unreadable as error:
            return unread(record.item, str(error))
        except Exception as error:  # a mistake of ours
            log.exception("spool_item_not_read", channel=record.channel)
            return unread(record.item, f"crashed: {type(error).__name__}")
        return replace(submission, context={**submission.context, **record.context})
