"""The spool's files as they lie on disk. Blocking; used by one thread."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import structlog

from gateway.spool.errors import SpoolFull
from gateway.spool.record import Record, packed, unpacked
from gateway.spool.segment import DAMAGED, ENDING, Segment
from store.crypto import Keyring
from store.errors import Damaged, StoreError, WrongKey

log = structlog.get_logger(__name__)

SEGMENT_BYTES = 32 * 1024 * 1024  # then another file is begun, so that drained ones make room


class Shelf:
    """The files that this process holds. ``most`` is how many bytes the whole folder may take."""

    def __init__(self, folder: Path, keys: Keyring, most: int) -> None:
        self.folder = folder
        self._keys = keys
        self._most = most
        self._held: list[Segment] = []
        self._current: Segment | None = None
        self._foreign: set[Path] = set()  # written with a key that we do not have
        self._lacking = 0  # bytes that were refused last

    @property
    def problem(self) -> str:
        troubles = {
            "refuses: the disk is full": self._lacking,
            "a file was written with another TOUSU_SECRET_KEY": self._foreign,
            "a damaged file is kept for a person": any(self.folder.glob(f"*{DAMAGED}")),
        }
        return "; ".join(words for words, there in troubles.items() if there)

    def put(self, records: Sequence[Record]) -> list[tuple[Segment, int] | Exception]:
        """Append them and make them durable with one fsync for each file; for each where it stands, or SpoolFull."""
        before: dict[Segment, int] = {}
        outcomes = [self._put(record, before) for record in records]
        try:
            for segment in before:
                segment.sync()
        except OSError as error:  # what the disk holds now is unknown: nothing of it was answered, and nothing will be
            self._cut(before)
            outcomes = [self._refused(error) for _ in records]
        refused = [record for record, each in zip(records, outcomes, strict=True) if isinstance(each, Exception)]
        self._lacking = sum(len(record.body) + 1 for record in refused)
        return outcomes

    def _put(self, record: Record, before: dict[Segment, int]) -> tuple[Segment, int] | Exception:
        content = packed(record)
        try:
            if self.used() + len(content) > self._most:
                return self._refused(OSError("the bound of the spool is reached"))
            segment = self._open_one()
        except OSError as error:
            return self._refused(error)
        size = segment.size
        before.setdefault(segment, size)
        try:
            return segment, segment.put(content)
        except OSError as error:
            with contextlib.suppress(OSError):
                segment.cut(size)
            return self._refused(error)

    def drop(self, segment: Segment, number: int) -> None:
        """Of a record that could not be marked as dropped the ledger knows, if it is ever read again."""
        try:
            segment.drop(number)
        except OSError as error:
            log.warning("spool_not_marked", error=type(error).__name__)
        self._let_go(segment)

    def spoil(self, segment: Segment, number: int) -> None:
        """It does not open: the file is a person's when all else in it is done."""
        log.error("spool_record_damaged", file=segment.path.name)
        segment.wanted.pop(number, None)
        segment.gaps += 1
        self._let_go(segment)

    def take_over(self) -> list[tuple[Segment, int, Record]]:
        """Files that nobody holds any more, and the records in them."""
        if not self.folder.is_dir():
            return []
        held = {segment.path for segment in self._held} | self._foreign
        found: list[tuple[Segment, int, Record]] = []
        for path in sorted(self.folder.glob(f"*{ENDING}")):
            if path not in held and (segment := Segment.adopt(path, self._keys)) is not None:
                found += self._taken(segment)
        return found

    def measure(self) -> int:
        """Bytes in the folder. There may be room again although nothing was put since it was refused."""
        used = self.used()
        if self._lacking and used + self._lacking <= self._most and self._free() > self._lacking:
            self._lacking = 0
        return used

    def _free(self) -> int:
        there = next(folder for folder in (self.folder, *self.folder.absolute().parents) if folder.is_dir())
        return shutil.disk_usage(there).free

    def used(self) -> int:
        """Bytes in the folder, of all processes."""
        if not self.folder.is_dir():
            return 0
        with os.scandir(self.folder) as entries:
            return sum(entry.stat().st_size for entry in entries if entry.is_file())

    def close(self) -> None:
        for segment in self._held:
            if segment.wanted or segment.gaps:
                segment.close()
            else:
                segment.remove()
        self._held.clear()

    def _open_one(self) -> Segment:
        if self._current is None or self._current.size >= SEGMENT_BYTES:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._current = Segment.create(self.folder, self._keys)
            self._held.append(self._current)
        return self._current

    def _taken(self, segment: Segment) -> list[tuple[Segment, int, Record]]:
        """What a file of another process holds; one of another key is left as it is."""
        self._held.append(segment)
        found: list[tuple[Segment, int, Record]] = []
        for number in list(segment.wanted):
            try:
                found.append((segment, number, unpacked(segment.read(number))))
            except WrongKey:
                return self._leave(segment)
            except (Damaged, ValueError, KeyError, TypeError):
                segment.wanted.pop(number)
                segment.gaps += 1
        log.warning("spool_file_taken_over", file=segment.path.name, records=len(found), damaged=segment.gaps)
        self._let_go(segment)
        return found

    def _leave(self, segment: Segment) -> list[tuple[Segment, int, Record]]:
        log.error("spool_file_of_another_key", file=segment.path.name)
        self._foreign.add(segment.path)
        self._held.remove(segment)
        segment.close()
        return []

    def _let_go(self, segment: Segment) -> None:
        if segment.wanted or segment not in self._held:
            return
        self._held.remove(segment)
        if self._current is segment:
            self._current = None
        if segment.gaps:
            segment.set_aside()
        else:
            segment.remove()

    def _cut(self, before: dict[Segment, int]) -> None:
        """After an fsync that failed a file is never written to again: what it says afterwards means nothing."""
        for segment, size in before.items():
            with contextlib.suppress(OSError):
                segment.cut(size)
        self._current = None

    def _refused(self, error: OSError) -> StoreError:
        log.error("spool_refuses", error=type(error).__name__, errno=error.errno)
        return SpoolFull()
