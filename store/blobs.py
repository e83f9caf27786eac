"""Large raw items and attachments: content-addressed by the sha256 of the plain bytes, encrypted at rest."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from store.alone import alone
from store.crypto import HEAD_BYTES, Keyring, key_id_of, sync_folder
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

    async def listed(self) -> Sequence[str]:
        """The sha256 of all that is kept."""
        ...

    async def key_of(self, sha256: str) -> str:
        """The id of the key that it is sealed with; "" when it is gone."""
        ...

    async def reseal(self, sha256: str) -> None:
        """Seal it with the current key; raises Damaged."""
        ...

    async def remove(self, sha256: str, *, untouched_since: datetime) -> bool:
        """Remove it, unless somebody has put the same bytes since; is it gone?"""
        ...


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

    async def listed(self) -> Sequence[str]:
        """The sha256 of all that is kept."""
        return await asyncio.to_thread(self._listed)

    async def key_of(self, sha256: str) -> str:
        """The id of the key that it is sealed with; "" when it is gone."""
        return await asyncio.to_thread(self._key_of, self._path(sha256))

    async def reseal(self, sha256: str) -> None:
        """Seal it with the current key; raises Damaged."""
        await asyncio.to_thread(self._reseal, sha256)

    async def remove(self, sha256: str, *, untouched_since: datetime) -> bool:
        """Remove it, unless somebody has put the same bytes since; is it gone?"""
        return await asyncio.to_thread(self._remove, self._path(sha256), untouched_since.timestamp())

    def _path(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise ValueError("not a sha256 in hex")
        return self._folder / sha256[:2] / sha256

    def _put(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        if not _touched(path):
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

    def _listed(self) -> list[str]:
        return sorted(path.name for path in self._folder.glob("??/*") if _SHA256.fullmatch(path.name))

    def _key_of(self, path: Path) -> str:
        try:
            with path.open("rb") as file:
                return key_id_of(file.read(HEAD_BYTES))
        except FileNotFoundError:
            return ""

    def _reseal(self, sha256: str) -> None:
        with alone(self._folder):  # what is removed must not come back by being resealed
            content = self._get(sha256)
            _write_whole(self._path(sha256), self._keyring.seal(content, PLACE))

    def _remove(self, path: Path, untouched_since: float) -> bool:
        """Renamed first: whoever puts the same bytes meanwhile has either touched the file or does not find it."""
        going = path.with_name(f".{path.name}.going")
        with alone(self._folder):
            if not path.is_file() and going.is_file():  # whoever began this was killed
                going.rename(path)
            if not path.is_file():
                return True
            if path.stat().st_mtime >= untouched_since:
                return False
            path.rename(going)
            if going.stat().st_mtime >= untouched_since:
                going.rename(path)
                return False
            going.unlink()
            sync_folder(path.parent)
        return True


def _touched(path: Path) -> bool:
    """Whether it is there; if so it is as young as if it had just been written (see ``_remove``)."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


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
