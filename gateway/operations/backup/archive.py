"""The file of a backup: written front to back, and read front to back; whatever its size, a little at a time."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from gateway.operations.backup.errors import Broken

LISTED = 500  # members in one list of hashes
CHUNK = 1024 * 1024
HASHES, KEYS, MANIFEST = "hashes/", "keys.json", "manifest.json"
LONGEST = 64 * 1024 * 1024  # of a member that is read whole: a portion of rows, a list, the manifest
TORN = "the file ends before its end: it is torn, or is no backup of ours"


@dataclass(frozen=True, slots=True)
class Member:
    """One part of the file. ``content`` can be read until the next member is asked for."""

    name: str
    size: int
    content: BinaryIO

    def whole(self) -> bytes:
        if self.size > LONGEST:
            raise Broken(f"{self.name} is larger than anything that we write")
        return self.content.read()


class Hashed(io.RawIOBase):
    """A stream that hashes what is read from it."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        self.digest.update(piece)
        return piece

    def readable(self) -> bool:
        return True


class Writer:
    """Adds members, and after every few of them the list of their hashes."""

    def __init__(self, file: BinaryIO) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed by close
        self._lines: list[str] = []
        self._lists = 0
        self._digest = hashlib.sha256()
        self.members = 0

    def add(self, name: str, size: int, content: BinaryIO) -> None:
        """Raises OSError when there is less of it than ``size``."""
        hashed = Hashed(content)
        self._put(name, size, hashed)
        self._lines.append(f"{hashed.digest.hexdigest()} {size} {name}\n")
        self.members += 1
        if len(self._lines) >= LISTED:
            self._list()

    def add_bytes(self, name: str, content: bytes) -> None:
        self.add(name, len(content), io.BytesIO(content))

    def digest(self) -> str:
        """Over all lists of hashes; nothing but the manifest comes after it."""
        if self._lines:
            self._list()
        return self._digest.hexdigest()

    def end(self, manifest: bytes) -> None:
        self._put(MANIFEST, len(manifest), io.BytesIO(manifest))
        self._tar.close()

    def _list(self) -> None:
        listed = "".join(self._lines).encode()
        self._lists += 1
        self._lines = []
        self._digest.update(listed)
        self._put(f"{HASHES}{self._lists:06}.txt", len(listed), io.BytesIO(listed))

    def _put(self, name: str, size: int, content: io.IOBase | BinaryIO) -> None:
        told = tarfile.TarInfo(name)
        told.size, told.mode = size, 0o600
        self._tar.addfile(told, content)
        vars(self._tar)["members"] = []  # it would keep them all


def members_in(file: BinaryIO) -> Iterator[Member]:
    """All members in order. Raises Broken for what is torn or is none of ours."""
    try:
        with tarfile.open(fileobj=file, mode="r|") as tar:
            while (told := tar.next()) is not None:
                content = tar.extractfile(told) if told.isreg() else None
                if content is None:
                    raise Broken(f"{told.name} is none of ours")
                yield Member(told.name, told.size, content)  # type: ignore[arg-type] # all that is asked of it is read
                vars(tar)["members"] = []  # it would keep them all
    except (tarfile.TarError, EOFError) as error:
        raise Broken(TORN) from error


@dataclass(frozen=True, kw_only=True, slots=True)
class Verified:
    """What a file that is whole came to: the last two members, and what was hashed before them."""

    manifest: bytes
    keys: bytes
    digest: str
    members: int


def verify(file: BinaryIO) -> Verified:
    """Every member against its hash. Raises Broken, naming the member that is not what was backed up."""
    check = _Check()
    try:
        for member in members_in(file):
            check.take(member)
    except (tarfile.TarError, EOFError) as error:
        raise Broken(TORN) from error
    return check.result()


class _Check:
    def __init__(self) -> None:
        self._lines: list[str] = []
        self._digest = hashlib.sha256()
        self._keys = self._manifest = b""
        self._members = 0

    def take(self, member: Member) -> None:
        if self._manifest:
            raise Broken(f"{member.name} stands behind the end")
        if member.name == MANIFEST:
            self._manifest = member.whole()
        elif member.name.startswith(HASHES):
            self._compare(member.whole())
        else:
            self._hash(member)

    def _hash(self, member: Member) -> None:
        hashed = Hashed(member.content)
        kept = bytearray()
        while piece := hashed.read(CHUNK):
            if member.name == KEYS and len(kept) < CHUNK:
                kept += piece
        if member.name == KEYS:
            self._keys = bytes(kept)
        self._lines.append(f"{hashed.digest.hexdigest()} {member.size} {member.name}\n")
        self._members += 1
        if len(self._lines) > LISTED:
            raise Broken("a list of hashes is missing")

    def _compare(self, listed: bytes) -> None:
        found, told = self._lines, listed.decode("utf-8", "replace").splitlines(keepends=True)
        for one, other in zip(found, told, strict=False):
            if one != other:
                raise Broken(f"{one.rstrip().partition(' ')[2].partition(' ')[2]} is not what was backed up")
        if len(found) != len(told):
            raise Broken("members are missing, or were added")
        self._lines = []
        self._digest.update(listed)

    def result(self) -> Verified:
        if not self._manifest or not self._keys or self._lines:
            raise Broken(TORN)
        return Verified(
            manifest=self._manifest, keys=self._keys, digest=self._digest.hexdigest(), members=self._members
        )
