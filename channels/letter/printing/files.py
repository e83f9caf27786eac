"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

_MODE = 0o640  # the mailroom reads by its group; these are people's letters

_PART = ".part"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that whoever sees its name sees all of it, also after a power cut. Raises OSError."""
    _clear(path)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=_PART)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, _MODE)
            file.write(content)
            file.flush()
            os.fsync(handle)
        os.replace(part, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(part)
        raise
    _settle(path.parent)


def _clear(path: Path) -> None:
    """What a writer that was killed left of this file is a letter too, and must not lie about."""
    for left in path.parent.glob(f".{path.name}.*{_PART}"):
        left.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Make the folder itself remember the new name."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
