"""Does a file look finished? Scanners close, reopen and append, and copies over a network stop half-way."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from channels.letter.tiff import SIGNS, is_whole_tiff

TAIL = 64 * 1024  # bytes at the end in which a closing mark may stand: telephones write data after it
PDF_TAIL = 4 * 1024


class NotAFile(OSError):
    """A link, a pipe or a device: never followed, never read."""


def open_plain(path: Path) -> BinaryIO:
    """Open for reading what is a plain file and nothing else. Raises OSError, and NotAFile among them."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise NotAFile(f"not a plain file: {path.name}")
    return os.fdopen(handle, "rb")


def is_whole(path: Path) -> bool:
    """Whether its structure is closed; an unknown kind of file counts as whole, an empty one does not."""
    with open_plain(path) as file:
        size = os.fstat(file.fileno()).st_size
        head = file.read(1024)
        check = _check_for(head)
        return size > 0 and check(file, size)


def _check_for(head: bytes) -> Callable[[BinaryIO, int], bool]:
    if b"%PDF-" in head:
        return lambda file, size: b"%%EOF" in _tail(file, size, PDF_TAIL)
    if head.startswith(b"\xff\xd8\xff"):
        return lambda file, size: b"\xff\xd9" in _tail(file, size, TAIL)
    if head.startswith(b"\x89PNG"):
        return lambda file, size: b"IEND\xaeB`\x82" in _tail(file, size, TAIL)
    if head[:4] in SIGNS:
        return is_whole_tiff
    return lambda file, size: True


def _tail(file: BinaryIO, size: int, most: int) -> bytes:
    file.seek(max(0, size - most))
    return file.read(most)
