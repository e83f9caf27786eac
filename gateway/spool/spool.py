"""The spool: what came while the database was away, durable on this disk before anybody is answered.

Several processes may share the folder: each appends to a file of its own, which it holds locked, and takes over the
files of those that are gone.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from channels.base import Answer, AnswerKind
from gateway.spool.record import Kind, Record, unpacked
from gateway.spool.segment import Segment
from gateway.spool.shelf import Shelf

T = TypeVar("T")
Written = tuple[Segment, int]  # a file, and the record's number in it


@dataclass(kw_only=True, slots=True, eq=False)
class Entry:
    """A record that waits, without its body."""

    segment: Segment
    number: int
    kind: Kind
    channel: str
    key: str
    lane: str
    at: datetime
    told: Answer | None
    failures: int = 0  # of handling it, while the database answered
    rests_until: float = float("-inf")  # event-loop time: not tried before

    @property
    def place(self) -> tuple[str, int]:
        """In the order in which they came: a file is named by when it was begun."""
        return self.segment.path.name, self.number


class Spool:
    """Opened once by a process."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="spool")
        self._coming: list[tuple[Record, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._entries: dict[tuple[str, int], Entry] = {}
        self._by_key: dict[tuple[Kind, str, str], Entry] = {}
        self._lanes: Counter[str] = Counter()
        self._said: dict[str, Answer] = {}  # what was spoken last, by lane
        self._closed = False
        self.came = asyncio.Event()  # something was put

    @property
    def folder(self) -> Path:
        return self._shelf.folder

    @property
    def problem(self) -> str:
        """What a person must look at; empty when nothing."""
        failing = sum(entry.failures > 0 for entry in self._entries.values())
        return "; ".join(filter(None, (self._shelf.problem, f"{failing} cannot be handled" if failing else "")))

    @property
    def depth(self) -> int:
        return len(self._entries)

    @property
    def oldest(self) -> datetime | None:
        return min((entry.at for entry in self._entries.values()), default=None)

    def find(self, kind: Kind, channel: str, key: str) -> Entry | None:
        return self._by_key.get((kind, channel, key))

    def is_busy(self, lane: str) -> bool:
        """Does anything wait that whatever comes now must not overtake?"""
        return self._lanes[lane] > 0

    def last_told(self, lane: str) -> Answer | None:
        """What was said last to whoever is in this lane."""
        return self._said.get(lane)

    def tell(self, entry: Entry, lane: str, told: Answer) -> None:
        """What was only kept turns out to be this sender's, and they are told this."""
        self._leave_lane(entry)
        entry.lane, entry.told = lane, told
        self._enter_lane(entry)

    def waiting(self) -> dict[str, list[Entry]]:
        """By lane, each in the order in which they came."""
        lanes: dict[str, list[Entry]] = {}
        for entry in sorted(self._entries.values(), key=lambda entry: entry.place):
            lanes.setdefault(entry.lane, []).append(entry)
        return lanes

    async def put(self, record: Record) -> None:
        """Durable on return. Raises SpoolFull. All who come while the disk is busy share the next fsync."""
        done = asyncio.get_running_loop().create_future()
        self._coming.append((record, done))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write(), name="spool-write")
        await asyncio.shield(done)

    async def read(self, entry: Entry) -> Record:
        """Raises Damaged, WrongKey, OSError."""
        return unpacked(await self._off_loop(lambda: entry.segment.read(entry.number)))

    async def drop(self, entry: Entry) -> None:
        """It is in the database."""
        self._forget(entry)
        await self._off_loop(lambda: self._shelf.drop(entry.segment, entry.number))

    async def leave_for_a_person(self, entry: Entry) -> None:
        """It cannot be read: its file is kept when all else in it is done."""
        self._forget(entry)
        await self._off_loop(lambda: self._shelf.spoil(entry.segment, entry.number))

    async def take_over(self) -> int:
        """The files of processes that are gone; how many records were in them."""
        found = await self._off_loop(self._shelf.take_over)
        for segment, number, record in found:
            self._note(segment, number, record)
        return len(found)

    async def measure(self) -> int:
        """Bytes in the folder."""
        return await self._off_loop(self._shelf.measure)

    async def aclose(self) -> None:
        """Write what is being written; what waits stays for whoever opens the folder next."""
        if self._closed:
            return
        while self._writing is not None:
            await asyncio.wait([self._writing])
        self._closed = True
        await self._off_loop(self._shelf.close)
        self._thread.shutdown()

    async def _write(self) -> None:
        try:
            while self._coming:
                await self._write_batch()
        finally:
            self._writing = None

    async def _write_batch(self) -> None:
        batch, self._coming = self._coming, []
        records = [record for record, _ in batch]
        outcomes: Sequence[Written | Exception]
        try:
            outcomes = await self._off_loop(lambda: self._shelf.put(records))
        except Exception as error:  # whatever it is, nobody is left waiting
            outcomes = [error] * len(batch)
        self._settle(batch, outcomes)

    def _settle(
        self, batch: Sequence[tuple[Record, asyncio.Future[None]]], outcomes: Sequence[Written | Exception]
    ) -> None:
        for (record, done), outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Exception):
                done.set_exception(outcome)
                done.exception()  # seen, even when nobody waits any more
            else:
                self._note(*outcome, record)
                done.set_result(None)
        self.came.set()

    def _note(self, segment: Segment, number: int, record: Record) -> None:
        entry = Entry(
            segment=segment,
            number=number,
            kind=record.kind,
            channel=record.channel,
            key=record.key,
            lane=record.lane,
            at=record.at,
            told=record.told,
        )
        self._entries[entry.place] = entry
        self._by_key[entry.kind, entry.channel, entry.key] = entry
        self._enter_lane(entry)

    def _enter_lane(self, entry: Entry) -> None:
        self._lanes[entry.lane] += 1
        if entry.told is not None and entry.told.kind is AnswerKind.SPOKEN:
            self._said[entry.lane] = entry.told

    def _leave_lane(self, entry: Entry) -> None:
        self._lanes[entry.lane] -= 1
        if not self._lanes[entry.lane]:
            del self._lanes[entry.lane]
            self._said.pop(entry.lane, None)

    def _forget(self, entry: Entry) -> None:
        del self._entries[entry.place]
        self._leave_lane(entry)
        if self._by_key.get((entry.kind, entry.channel, entry.key)) is entry:
            del self._by_key[entry.kind, entry.channel, entry.key]

    async def _off_loop(self, work: Callable[[], T]) -> T:
        """One thing at a time, and never on the event loop: a disk may be slow."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
