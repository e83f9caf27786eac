"""The blob store's folder as files, sealed as they lie there: for whoever copies it whole."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from store.crypto import sync_folder

NAME = re.compile(r"[0-9a-f]{64}")
CHUNK = 1024 * 1024


def sealed_files(folder: Path) -> Iterator[Path]:
    """Every blob, one folder of them at a time."""
    if not folder.is_dir():
        return
    for part in sorted(each for each in folder.iterdir() if each.is_dir()):
        yield from sorted(each for each in part.iterdir() if NAME.fullmatch(each.name))


def is_empty(folder: Path) -> bool:
    return next(sealed_files(folder), None) is None


def lay_down(folder: Path, name: str, content: BinaryIO) -> None:
    """A blob as it lay elsewhere, durably. Raises ValueError for a name that is none, FileExistsError."""
    if not NAME.fullmatch(name):
        raise ValueError("not the name of a blob")
    part = folder / name[:2]
    part.mkdir(parents=True, exist_ok=True)
    with (part / name).open("xb") as file:
        while piece := content.read(CHUNK):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(part)
