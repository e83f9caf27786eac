"""Large raw items and attachments: content-addressed by the sha256 of the plain bytes, encrypted at rest."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import secrets
from pathlib import Path
from typing import Protocol

from store.crypto import Keyring, sync_folder
from store.errors import Damaged

PLACE = "blobs.content"
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Blobs(Protocol):
    """Where bytes lie that are too large for a row."""

    async def put(self, content: bytes) -> str:
        """Keep bytes durably; their sha256 in hex. The same bytes twice are kept once."""
        ...

    async def get(self, sha256: str) -> bytes:
        """The bytes; raises Damaged when they are gone or are not what was stored."""
        ...

    async def has(self, sha256: str) -> bool: ...


class FolderBlobs:
    """Blobs as files in a folder: ``ab/ab12…``, written aside and renamed into place."""

    def __init__(self, folder: Path, keyring: Keyring) -> None:
        self._folder = folder
        self._keyring = keyring

    async def put(self, content: bytes) -> str:
        """Keep bytes durably; their sha256 in hex."""
        return await asyncio.to_thread(self._put, content)

    async def get(self, sha256: str) -> bytes:
        """The bytes; raises Damaged when they are gone or are not what was stored."""
        return await asyncio.to_thread(self._get, sha256)

    async def has(self, sha256: str) -> bool:
        return await asyncio.to_thread(self._path(sha256).is_file)

    def _path(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise ValueError("not a sha256 in hex")
        return self._folder / sha256[:2] / sha256

    def _put(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        if not path.is_file():
            self._make_room(path.parent)
            _write_whole(path, self._keyring.seal(content, PLACE))
        return sha256

    def _make_room(self, folder: Path) -> None:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            sync_folder(folder.parent)

    def _get(self, sha256: str) -> bytes:
        try:
            content = self._keyring.open(self._path(sha256).read_bytes(), PLACE)
        except FileNotFoundError as gone:
            raise Damaged(f"blob {sha256} is gone") from gone
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Damaged(f"blob {sha256}")
        return content


def _write_whole(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)
