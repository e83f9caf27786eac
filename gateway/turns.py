"""Turns: what one process at a time may tend, of all gateways that share a database.

Two that tend the same mailbox would lose nothing, since the ledger knows each item; but all work would be done twice,
and Dovecot lets two concurrent MOVEs of a mail both succeed, so that its copy lies twice in the folder of the handled.

A turn is a lease in the database. One beat renews all that a process has and takes what is free. Work is cancelled
when ``patience`` has passed without a renewal, which is well before anybody else may take its lease: by the time of
the event loop, which a set-back clock does not fool, and by the house clock, in which leases are written.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Collection, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NoReturn

import structlog

from channels.base import Clock
from gateway.process import Process, process_of, this_process
from store.leases import Lease
from store.unit import Store

log = structlog.get_logger(__name__)

Work = Callable[[], Coroutine[Any, Any, None]]

HERE = "here"
NOBODY = "nobody"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """Times in seconds. Clocks of machines may differ, and work may take to stop, by ``lease - patience``."""

    lease: float = 12.0
    beat: float = 4.0
    again: float = 1.0  # after a beat that failed
    patience: float = 8.0  # without a renewal, before our work stops

    @property
    def trying(self) -> float:
        """For one beat: a second one must still come in time."""
        return self.patience - self.beat

    def __post_init__(self) -> None:
        if not self.again <= self.beat < self.patience < self.lease:
            raise ValueError("work must stop after its lease was not renewed, and before the lease is over")


@dataclass(frozen=True, slots=True)
class _Moment:
    """By the loop's time, in seconds, and by the house clock: either may be ahead of the other."""

    loop: float
    at: datetime

    def since(self, earlier: _Moment) -> float:
        return max(self.loop - earlier.loop, (self.at - earlier.at).total_seconds())


@dataclass(slots=True)
class _Turn:
    """One thing that this process would tend."""

    name: str
    came: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None  # the work, while there is some

    @property
    def ours(self) -> bool:
        return self.came.is_set()

    def lose(self) -> None:
        self.came.clear()
        if self._task is not None:
            self._task.cancel()

    async def do(self, work: Work) -> bool:
        """Wait for the turn and do the work, to its end; False when the turn was lost before it was done."""
        await self.came.wait()
        task = self._task = asyncio.create_task(work(), name=self.name)
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:  # we are to stop: what it has in hand gets its time
            task.cancel()
            await asyncio.wait({task})
            raise
        finally:
            self._task = None
        if not task.cancelled():
            task.result()
        return self.ours and not task.cancelled()


class Turns:
    """The turns of one process."""

    def __init__(self, store: Store, clock: Clock, *, me: Process | None = None, pace: Pace | None = None) -> None:
        self._store = store
        self._clock = clock
        self._me = me or this_process()
        self._pace = pace or Pace()
        self._wanted: dict[str, _Turn] = {}
        self._known: Mapping[str, Lease] = {}  # as of the last beat
        self._renewed: _Moment | None = None  # when the beat began that came through last
        self._end: asyncio.TimerHandle | None = None
        self._beating: asyncio.Task[None] | None = None
        self._soon = asyncio.Event()
        self._writing = asyncio.Lock()  # what was given back must not be renewed by a beat that is under way
        self._problem = ""

    async def tend(self, name: str, work: Work) -> None:
        """Do the work while it is our turn, again whenever it becomes ours, until the work ends or we are cancelled.

        What it raises is raised, and the turn given back: perhaps another process can do it.
        """
        turn = self._wanted[name] = _Turn(name)
        self._begin_to_beat()
        try:
            while not await turn.do(work):
                log.warning("turn_lost", name=name)
        finally:
            await self._give_back(name)

    def facts(self) -> Mapping[str, str]:
        """Who tends what, and ``problem`` when we cannot know."""
        told = {name: self.tended_by(name) for name in sorted(self._wanted)}
        return told | ({"problem": self._problem} if self._problem else {})

    def tended_by(self, name: str) -> str:
        """``here``, another process by its host and number, or ``nobody``."""
        if name in self._wanted and self._wanted[name].ours:
            return HERE
        lease = self._known.get(name)
        owner = process_of(lease.owner) if lease is not None and lease.until > self._clock.now() else None
        return owner.short if owner is not None and owner != self._me else NOBODY

    async def beat(self) -> None:
        """Renew what is ours, and take what is free. Raises what the store raises."""
        async with self._writing:
            began = self._moment()
            self._check_time()
            ours = await self._take([*self._wanted], began.at)
            self._renew(began)
            self._check_time()  # it may have been a long way there and back
            for name, turn in self._wanted.items():
                self._settle(turn, name in ours and self._renewed is not None)

    async def _take(self, names: Collection[str], at: datetime) -> Collection[str]:
        async with self._store.unit() as unit:
            known = {lease.name: lease for lease in await unit.leases.all()}
            await unit.leases.know([name for name in names if name not in known])
            lease, gone = timedelta(seconds=self._pace.lease), self._gone(known.values())
            ours = await unit.leases.take(names, owner=str(self._me), now=at, lease=lease, gone=gone)
            if ours:
                await unit.commit()
        self._known = known
        return ours

    def _gone(self, leases: Collection[Lease]) -> list[str]:
        others = {lease.owner: process_of(lease.owner) for lease in leases}
        return [told for told, other in others.items() if other is not None and self._me.sees_dead(other)]

    def _settle(self, turn: _Turn, ours: bool) -> None:
        if ours:
            turn.came.set()
        elif turn.ours:
            turn.lose()

    def _check_time(self) -> None:
        """Leases may be over although no timer of ours rang, as after this process or its machine has slept."""
        if self._renewed is not None and self._moment().since(self._renewed) >= self._pace.patience:
            self._lapse()

    def _renew(self, began: _Moment) -> None:
        self._renewed = began
        self._still()
        self._end = asyncio.get_running_loop().call_at(began.loop + self._pace.patience, self._lapse)

    def _moment(self) -> _Moment:
        return _Moment(asyncio.get_running_loop().time(), self._clock.now())

    def _lapse(self) -> None:
        """All that was ours is no longer."""
        self._renewed = None
        for turn in self._wanted.values():
            if turn.ours:
                turn.lose()

    def _still(self) -> None:
        if self._end is not None:
            self._end.cancel()
            self._end = None

    def _begin_to_beat(self) -> None:
        """At once: those who begin together come into the same beat."""
        self._soon.set()
        if self._beating is None:
            self._beating = asyncio.create_task(self._beat_on(), name="turns")

    async def _beat_on(self) -> NoReturn:
        while True:
            self._soon.clear()
            pause = self._pace.beat if await self._try() else self._pace.again
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._soon.wait()

    async def _try(self) -> bool:
        try:
            async with asyncio.timeout(self._pace.trying):
                await self.beat()
        except Exception as error:  # whatever the store raises, it means the same to us: we cannot know
            self._problem = type(error).__name__
            log.warning("turns_not_renewed", error=self._problem)
            return False
        self._problem = ""
        return True

    async def _give_back(self, name: str) -> None:
        """Only now that the work is over. Where the database is away, the lease runs out."""
        del self._wanted[name]
        if not self._wanted:
            self._stop_beating()
        try:
            async with asyncio.timeout(self._pace.trying), self._writing, self._store.unit() as unit:
                await unit.leases.give_back([name], owner=str(self._me))
                await unit.commit()
        except Exception as error:
            log.warning("turn_not_given_back", name=name, error=type(error).__name__)

    def _stop_beating(self) -> None:
        self._still()
        if self._beating is not None:
            self._beating.cancel()
            self._beating = None
