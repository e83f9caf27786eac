"""Checking a case file: every hash, the signature, and that nothing was put in or taken away."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from gateway.reports.casefile.bundle import FORMAT, MANIFEST, PUBLIC_KEY, SIGNATURE

OURS = frozenset({MANIFEST, SIGNATURE, PUBLIC_KEY})
MANIFEST_BYTES, SMALL_BYTES = 64 * 1024 * 1024, 64 * 1024
CHUNK = 256 * 1024
# Whatever a broken or hostile zip makes its reader raise: encrypted, of an unknown method, cut off, with wrong sums.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    KeyError,
    TypeError,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What does not match; nothing when all is as it was signed. ``key``: the fingerprint of who signed."""

    problems: tuple[str, ...]
    number: str = ""
    files: int = 0
    key: str = ""


class NotAKey(ValueError):
    """This is no Ed25519 public key in PEM."""


def read_key(content: bytes) -> bytes:
    """The 32 bytes of a public key; raises NotAKey."""
    try:
        key = load_pem_public_key(content)
    except ValueError as wrong:
        raise NotAKey from wrong
    if not isinstance(key, Ed25519PublicKey):
        raise NotAKey
    return key.public_bytes_raw()


def verify(path: Path, expected: bytes | None = None) -> Verdict:
    """Check a file; ``expected`` is the public key that it must be signed with, None: the one inside."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _verdict(archive, expected)
    except BROKEN as error:
        return Verdict(problems=(f"not a case file: {type(error).__name__}",))


def _verdict(archive: zipfile.ZipFile, expected: bytes | None) -> Verdict:
    manifest = _small(archive, MANIFEST, MANIFEST_BYTES)
    inside = read_key(_small(archive, PUBLIC_KEY, SMALL_BYTES))
    told = json.loads(manifest)
    listed = {str(entry["path"]): entry for entry in told["files"]}
    problems = [
        *_signature(manifest, _small(archive, SIGNATURE, SMALL_BYTES), inside, expected),
        *([] if told["format"] == FORMAT else ["format: not one that we know"]),
        *_names(archive, listed),
        *_contents(archive, listed),
    ]
    return Verdict(
        problems=tuple(problems),
        number=str(told["number"]),
        files=len(listed),
        key=hashlib.sha256(inside).hexdigest(),
    )


def _signature(manifest: bytes, signature: bytes, inside: bytes, expected: bytes | None) -> Iterator[str]:
    if expected is not None and expected != inside:
        yield f"{PUBLIC_KEY}: signed by somebody else"
    try:
        Ed25519PublicKey.from_public_bytes(expected or inside).verify(signature, manifest)
    except InvalidSignature:
        yield f"{SIGNATURE}: does not fit {MANIFEST}"


def _names(archive: zipfile.ZipFile, listed: Mapping[str, Any]) -> Iterator[str]:
    there = Counter(archive.namelist())
    yield from (f"{name}: there twice" for name, times in there.items() if times > 1)
    yield from (f"{name}: not in the manifest" for name in there if name not in listed and name not in OURS)
    yield from (f"{name}: missing" for name in listed if name not in there)
    yield from (f"{name}: leads out of its folder" for name in there if not is_inside(name))


def is_inside(name: str) -> bool:
    """Does a path stay in the folder where it is unpacked?"""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name and ":" not in name


def _contents(archive: zipfile.ZipFile, listed: Mapping[str, Any]) -> Iterator[str]:
    there = set(archive.namelist())
    for name, entry in listed.items():
        if name in there and not _matches(archive, name, entry):
            yield f"{name}: changed"


def _matches(archive: zipfile.ZipFile, name: str, entry: Mapping[str, Any]) -> bool:
    """Read no further than the size it should have: what unpacks without end has changed too."""
    left, digest = int(entry["size"]), hashlib.sha256()
    try:
        with archive.open(name) as file:
            while left >= 0 and (chunk := file.read(min(CHUNK, left + 1))):
                digest.update(chunk)
                left -= len(chunk)
    except BROKEN:
        return False
    return left == 0 and digest.hexdigest() == entry["sha256"]


def _small(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A file of the bundle that must be small; raises ValueError for one that is not."""
    with archive.open(name) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise ValueError(name)
    return content
