"""The spool's files as they lie on disk. Blocking; used by one thread."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

import structlog

from gateway.spool.errors import SpoolFull
from gateway.spool.record import Record, packed, unpacked
from gateway.spool.segment import DAMAGED, DRAFT, ENDING, Segment
from store.crypto import Keyring
from store.errors import Damaged, WrongKey

log = structlog.get_logger(__name__)

SEGMENT_BYTES = 32 * 1024 * 1024  # then another file is begun, so that drained ones make room
REST_SECONDS = 60.0  # until a file that could not be read is tried again
DRAFT_SECONDS = 60.0  # then whoever began it is gone


class Shelf:
    """The files that this process holds. ``most`` is how many bytes the whole folder may take."""

    def __init__(self, folder: Path, keys: Keyring, most: int) -> None:
        self.folder = folder
        self._keys = keys
        self._most = most
        self._held: list[Segment] = []
        self._current: Segment | None = None
        self._foreign: set[Path] = set()  # written with a key that we do not have
        self._unread: dict[Path, float] = {}  # the disk does not give them; when they are tried again
        self._lacking = 0  # bytes that were refused last

    @property
    def problem(self) -> str:
        troubles = {
            "refuses: the disk is full": self._lacking,
            "a file was written with another TOUSU_SECRET_KEY": self._foreign,
            "a file cannot be read": self._unread,
            "a damaged file is kept for a person": self._has_damage(),
        }
        return "; ".join(words for words, there in troubles.items() if there)

    def _has_damage(self) -> bool:
        return any(segment.gaps for segment in self._held) or any(self.folder.glob(f"*{DAMAGED}"))

    def put(self, records: Sequence[Record]) -> list[tuple[Segment, int] | Exception]:
        """Append them and make them durable with one fsync for each file; for each where it stands, or why not."""
        before: dict[Segment, int] = {}
        outcomes = [self._put(record, before) for record in records]
        try:
            for segment in before:
                segment.sync()
        except Exception as error:  # what the disk holds now is unknown: nothing of it was answered, nor will be
            self._cut(before)
            outcomes = [self._refused(error) for _ in records]
        refused = [record for record, each in zip(records, outcomes, strict=True) if isinstance(each, SpoolFull)]
        self._lacking = sum(len(record.body) + 1 for record in refused)
        return outcomes

    def _put(self, record: Record, before: dict[Segment, int]) -> tuple[Segment, int] | Exception:
        try:
            content = packed(record)
            if self.used() + len(content) > self._most:
                return self._refused(OSError("the bound of the spool is reached"))
            segment = self._open_one()
        except Exception as error:
            return self._refused(error)
        size = segment.size
        before.setdefault(segment, size)
        try:
            return segment, segment.put(content)
        except Exception as error:
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
        self._clear_drafts()
        found: list[tuple[Segment, int, Record]] = []
        for path in self._left_by_others():
            try:
                found += self._taken(path)
                self._unread.pop(path, None)
            except OSError as error:
                log.error("spool_file_not_read", file=path.name, error=type(error).__name__, errno=error.errno)
                self._unread[path] = time.monotonic() + REST_SECONDS
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
            return sum(map(_size, entries))

    def close(self) -> None:
        for segment in self._held:
            with contextlib.suppress(OSError):
                segment.close() if segment.wanted or segment.gaps else segment.remove()
        self._held.clear()

    def _open_one(self) -> Segment:
        if self._current is None or self._current.size >= SEGMENT_BYTES:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._current = Segment.create(self.folder, self._keys)
            self._held.append(self._current)
        return self._current

    def _clear_drafts(self) -> None:
        """Of processes that died before their file had its name: nothing was written to it yet."""
        for draft in self.folder.glob(f"*{DRAFT}"):
            with contextlib.suppress(OSError):
                if time.time() - draft.stat().st_mtime > DRAFT_SECONDS:
                    draft.unlink()

    def _left_by_others(self) -> list[Path]:
        """In the order in which they were begun; whether somebody holds them is not known yet."""
        there = sorted(self.folder.glob(f"*{ENDING}"))
        self._unread = {path: until for path, until in self._unread.items() if path in there}
        resting = {path for path, until in self._unread.items() if time.monotonic() < until}
        known = {segment.path for segment in self._held} | self._foreign | resting
        return [path for path in there if path not in known]

    def _taken(self, path: Path) -> list[tuple[Segment, int, Record]]:
        """What a file of another process holds; one of another key is left as it is. Raises OSError."""
        segment = Segment.adopt(path, self._keys)
        if segment is None:
            return []
        try:
            found = self._opened(segment)
        except WrongKey:
            log.error("spool_file_of_another_key", file=path.name)
            self._foreign.add(path)
            segment.close()
            return []
        except BaseException:
            segment.close()
            raise
        self._held.append(segment)
        log.warning("spool_file_taken_over", file=path.name, records=len(found), damaged=segment.gaps)
        self._let_go(segment)
        return found

    def _opened(self, segment: Segment) -> list[tuple[Segment, int, Record]]:
        """Its records, but for those that are damaged. Raises WrongKey, OSError."""
        found: list[tuple[Segment, int, Record]] = []
        for number in list(segment.wanted):
            try:
                found.append((segment, number, unpacked(segment.read(number))))
            except (Damaged, ValueError, KeyError, TypeError):
                segment.wanted.pop(number)
                segment.gaps += 1
        return found

    def _let_go(self, segment: Segment) -> None:
        """What cannot be removed stays held: whoever opens the folder next finds nothing wanted in it."""
        if segment.wanted or segment not in self._held:
            return
        if self._current is segment:
            self._current = None
        try:
            segment.set_aside() if segment.gaps else segment.remove()
        except OSError as error:
            log.error("spool_file_not_let_go", file=segment.path.name, error=type(error).__name__, errno=error.errno)
            return
        self._held.remove(segment)

    def _cut(self, before: dict[Segment, int]) -> None:
        """After an fsync that failed a file is never written to again: what it says afterwards means nothing."""
        for segment, size in before.items():
            with contextlib.suppress(OSError):
                segment.cut(size)
        self._current = None

    def _refused(self, error: Exception) -> Exception:
        """What whoever waits is told: that the disk takes nothing, or a mistake of ours as it is."""
        errno = error.errno if isinstance(error, OSError) else None
        log.error("spool_refuses", error=type(error).__name__, errno=errno)
        return SpoolFull() if isinstance(error, OSError) else error


def _size(entry: os.DirEntry[str]) -> int:
    """Nothing when another process has just removed it."""
    try:
        return entry.stat().st_size if entry.is_file() else 0
    except FileNotFoundError:
        return 0
