"""Packing a case file: a zip with a manifest of hashes, and the house's signature of that."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
import zipfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import IO, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gateway.reports.casefile.pieces import Contents, LeftOut, Piece, as_json
from store.crypto import Keyring
from store.errors import StoreError

FORMAT = "tousu-case-file/1"
MANIFEST, SIGNATURE, PUBLIC_KEY = "manifest.json", "manifest.sig", "public-key.pem"
IN_MEMORY = 8 * 1024 * 1024
DENSE = ("image/", "audio/", "video/", "application/pdf", "application/zip")  # gain nothing from being squeezed
DAY_ONE = (1980, 1, 1, 0, 0, 0)  # a zip's first day: the same contents make the same bytes whenever they are packed
OWNER_READS = 0o100600 << 16


@asynccontextmanager
async def packed(contents: Contents, keys: Keyring) -> AsyncIterator[IO[bytes]]:
    """The zip, from its beginning; large ones lie on disk, without a name, until they are closed."""
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        await _pack(contents, keys, file)
        await asyncio.to_thread(file.seek, 0)
        yield file


async def _pack(contents: Contents, keys: Keyring, file: IO[bytes]) -> None:
    listed, left_out = list[Mapping[str, Any]](), list(contents.left_out)
    with zipfile.ZipFile(file, "w") as archive:
        for piece in contents.pieces:
            content = await _content(piece, left_out)
            if content is not None:
                listed.append(_listed(piece, content))
                await asyncio.to_thread(_write, archive, piece.path, content, piece.media_type)
        manifest = as_json(_manifest(contents, listed, left_out))
        _write(archive, MANIFEST, manifest, "application/json")
        _write(archive, SIGNATURE, keys.sign(manifest), "application/octet-stream")
        _write(archive, PUBLIC_KEY, pem(keys.public_key()), "application/x-pem-file")


async def _content(piece: Piece, left_out: list[LeftOut]) -> bytes | None:
    """What is damaged is left out and said so: the rest of the file is still worth having."""
    try:
        return await piece.load()
    except (StoreError, LookupError):
        left_out.append(LeftOut(what=piece.path, why="damaged"))
        return None


def _listed(piece: Piece, content: bytes) -> Mapping[str, Any]:
    return {
        "path": piece.path,
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "media_type": piece.media_type,
        "from": piece.origin,
    }


def _manifest(contents: Contents, listed: list[Mapping[str, Any]], left_out: list[LeftOut]) -> Mapping[str, Any]:
    return {
        "format": FORMAT,
        "number": contents.number,
        "made_at": contents.made_at,
        "made_by": contents.made_by,
        "organisation": contents.organisation,
        "masked": contents.masked,
        "merged": list(contents.merged),
        "files": listed,
        "left_out": [{"what": each.what, "why": each.why} for each in left_out],
        "audit_chain": {"entry": contents.chain[0], "hash": contents.chain[1]} if contents.chain else None,
    }


def _write(archive: zipfile.ZipFile, path: str, content: bytes, media_type: str) -> None:
    info = zipfile.ZipInfo(path, DAY_ONE)
    info.external_attr = OWNER_READS
    dense = media_type.startswith(DENSE)
    info.compress_type = zipfile.ZIP_STORED if dense else zipfile.ZIP_DEFLATED
    archive.writestr(info, content)


def pem(public_key: bytes) -> bytes:
    """A public key in the form that OpenSSL reads (RFC 8410)."""
    key = Ed25519PublicKey.from_public_bytes(public_key)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
