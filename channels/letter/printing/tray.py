"""The tray from which the mailroom takes what is to be posted."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from channels.errors import Misconfigured, Rejected, Retryable
from channels.letter.printing.files import write_whole
from channels.letter.printing.values import PrintedLetter, ReplyLetter

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


class Tray:
    """Lays letters into a folder, each as ``<id>.pdf`` and then ``<id>.json``, which says that it may be taken.

    Raises Retryable when the folder is missing, shut or full, Misconfigured when it is none.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def find(self, id: str) -> PrintedLetter | None:
        """What was laid down before under this id, if it still lies there whole."""
        return await asyncio.to_thread(self._find, id)

    async def lay(self, letter: ReplyLetter, printed: PrintedLetter, at: datetime) -> PrintedLetter:
        """Lay a letter down; the second time it is the first one that counts, and comes back."""
        return await asyncio.to_thread(self._lay, letter, printed, at)

    def _find(self, id: str) -> PrintedLetter | None:
        with _troubles():
            note = self._note(id)
            content = self._read(self._path(id, "pdf")) if note else None
        if note is None or content is None or _digest(content) != note.get("sha256"):
            return None
        return PrintedLetter(pdf=content, pages=note["pages"])

    def _lay(self, letter: ReplyLetter, printed: PrintedLetter, at: datetime) -> PrintedLetter:
        if (before := self._find(letter.id)) is not None:
            return before
        manifest = _manifest(letter, printed, at)
        with _troubles():
            if not self._taken(letter.id, manifest["sha256"]):
                write_whole(self._path(letter.id, "pdf"), printed.pdf)
                write_whole(self._path(letter.id, "json"), json.dumps(manifest, indent=1).encode())
        return printed

    def _taken(self, id: str, digest: str) -> bool:
        """The mailroom took this very letter and left the note: it is not printed a second time."""
        note = self._note(id)
        return note is not None and note.get("sha256") == digest and not self._path(id, "pdf").exists()

    def _note(self, id: str) -> dict[str, Any] | None:
        content = self._read(self._path(id, "json"))
        try:
            note = json.loads(content or b"null")
        except ValueError:
            return None
        return note if isinstance(note, dict) and isinstance(note.get("pages"), int) else None

    def _read(self, path: Path) -> bytes | None:
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None

    def _path(self, id: str, ending: str) -> Path:
        if not _ID.fullmatch(id):
            raise Rejected("this id cannot be the name of a file", code="id")
        return self._folder / f"{id}.{ending}"


def _manifest(letter: ReplyLetter, printed: PrintedLetter, at: datetime) -> dict[str, Any]:
    """What the mailroom's machines need, and nothing of the person."""
    return {
        "id": letter.id,
        "number": letter.number,
        "kind": letter.kind,
        "pages": printed.pages,
        "sha256": _digest(printed.pdf),
        "created_at": at.isoformat(),
        "slip": letter.has_slip,
        "large": letter.large,
    }


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@contextmanager
def _troubles() -> Iterator[None]:
    try:
        yield
    except NotADirectoryError as error:
        raise Misconfigured("the folder for letters is no folder") from error
    except OSError as error:
        raise Retryable(f"the folder for letters: {type(error).__name__}") from error
