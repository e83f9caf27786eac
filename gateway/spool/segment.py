"""One file of the spool. Whoever holds its lock appends to it and drains it; the lock ends with its process."""

from __future__ import annotations

import fcntl
import os
import secrets
import time
from pathlib import Path

from gateway.spool.frames import DROPPED, HEAD_BYTES, RECORD, Frame, frame, is_torn, scan
from store.crypto import Keyring, sync_folder
from store.errors import Damaged

ENDING, DAMAGED, DRAFT = ".spool", ".damaged", ".draft"
PLACE = "spool.record"


class Segment:
    """An open, locked file, and which of its records are still wanted."""

    def __init__(self, path: Path, handle: int, keys: Keyring) -> None:
        self.path = path
        self.size = 0
        self.gaps = 0
        self.wanted: dict[int, Frame] = {}  # by number, in order
        self._next = 1
        self._handle = handle
        self._keys = keys

    @classmethod
    def create(cls, folder: Path, keys: Keyring) -> Segment:
        """A new file. It gets its name only once it is locked: nobody takes it for a dead process's."""
        stem = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
        path, draft = folder / f"{stem}{ENDING}", folder / f"{stem}{DRAFT}"
        handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            draft.rename(path)
            sync_folder(folder)
        except BaseException:
            os.close(handle)
            draft.unlink(missing_ok=True)
            raise
        return cls(path, handle, keys)

    @classmethod
    def adopt(cls, path: Path, keys: Keyring) -> Segment | None:
        """A file that nobody holds, its torn tail cut off; None when somebody does, or it is gone."""
        try:
            handle = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            return None
        segment = cls(path, handle, keys)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if segment._is_there():
                segment._take_stock()
                return segment
        except BlockingIOError:
            pass
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
        return None

    def put(self, content: bytes) -> int:
        """Append a record, not yet durable; its number."""
        number = self._next
        body = self._keys.seal(content, self._place(number))
        start = self.size + HEAD_BYTES
        self._append(frame(RECORD, number, body))
        self.wanted[number] = Frame(what=RECORD, number=number, start=start, end=start + len(body))
        self._next += 1
        return number

    def sync(self) -> None:
        os.fsync(self._handle)

    def cut(self, size: int) -> None:
        """Back to where it was, after a write that failed."""
        self.wanted = {number: at for number, at in self.wanted.items() if at.end <= size}
        self.size = size
        os.ftruncate(self._handle, size)

    def read(self, number: int) -> bytes:
        """A record's content. Raises Damaged, WrongKey, OSError."""
        at = self.wanted[number]
        body = self._content(at.start, at.end)
        if len(body) != at.end - at.start:
            raise Damaged(PLACE)
        return self._keys.open(body, self._place(number))

    def drop(self, number: int) -> None:
        """It is wanted no more. Not made durable: what is dropped twice does no harm."""
        if self.wanted.pop(number, None) is not None:
            self._append(frame(DROPPED, number))

    def remove(self) -> None:
        """Nothing in it is wanted any more."""
        self.path.unlink(missing_ok=True)
        self.close()

    def set_aside(self) -> None:
        """Something in it cannot be read: kept for a person, and not looked at again."""
        self.path.rename(self.path.with_suffix(DAMAGED))
        self.close()

    def close(self) -> None:
        os.close(self._handle)

    def _append(self, content: bytes) -> None:
        view = memoryview(content)
        while view:
            view = view[os.pwrite(self._handle, view, self.size + len(content) - len(view)) :]
        self.size += len(content)

    def _content(self, start: int, end: int) -> bytes:
        """One read may stop short of a place that the disk cannot read: only the next one raises OSError."""
        content = b""
        while piece := os.pread(self._handle, end - start - len(content), start + len(content)):
            content += piece
        return content

    def _is_there(self) -> bool:
        """Whoever held it may have removed it or set it aside since it was opened."""
        try:
            return os.path.samestat(os.stat(self.path), os.fstat(self._handle))
        except FileNotFoundError:
            return False

    def _take_stock(self) -> None:
        content = self._content(0, os.fstat(self._handle).st_size)
        told = scan(content)
        for at in told.frames:
            if at.what == DROPPED:
                self.wanted.pop(at.number, None)
            else:
                self.wanted[at.number] = at
            self._next = max(self._next, at.number + 1)
        self.gaps = told.gaps
        if is_torn(content[told.end :]):
            self.cut(told.end)
        else:
            self.gaps += 1
            self.size = len(content)

    def _place(self, number: int) -> str:
        """Of this file and this number alone: a record that was moved or copied does not open."""
        return f"{PLACE}/{self.path.stem}/{number}"
