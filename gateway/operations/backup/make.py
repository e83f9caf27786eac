"""A backup is made: rows of one moment first, then the files, which are never younger than what speaks of them."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Table

from gateway.operations.backup.archive import KEYS, Writer
from gateway.operations.backup.errors import Unfit
from gateway.operations.backup.sealing import Seal
from store.blob_files import sealed_files
from store.copying import Snapshot, snapshot, tables
from store.crypto import sync_folder
from store.packing import Values, packed

FORMAT, VERSION = "tousu-backup", 1
PART = 512 * 1024  # bytes of rows in one member, and one portion more


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """What is backed up: a database, a folder of blobs, and whoever can tell the key ring as it stands."""

    database: str
    blobs: Path
    ring: Callable[[], str]


@dataclass(kw_only=True)
class Manifest:
    """What there must be in a backup."""

    made_at: str
    heads: Sequence[str]
    tables: dict[str, int] = field(default_factory=dict)  # name → rows
    blobs: int = 0
    members: int = 0
    digest: str = ""
    format: str = FORMAT
    version: int = VERSION

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self), sort_keys=True).encode()


async def make(place: Place, target: Path, passphrase: str, now: datetime) -> Manifest:
    """Write ``target``, whole or not at all; the gateway may run meanwhile. Raises Unfit, StoreError, OSError."""
    await asyncio.to_thread(_refuse_what_is_there, target)
    seal = await asyncio.to_thread(Seal.of, passphrase)
    with _drafted(target) as file:
        manifest = await _write(place, Writer(file), seal, target.parent, now)
    return manifest


def _refuse_what_is_there(target: Path) -> None:
    if target.exists():
        raise Unfit(f"{target} is there already; a backup overwrites nothing")


async def _write(place: Place, writer: Writer, seal: Seal, folder: Path, now: datetime) -> Manifest:
    before = place.ring()
    with tempfile.TemporaryDirectory(dir=folder, prefix=".backup-") as scratch:
        async with snapshot(place.database, Path(scratch)) as taken:
            manifest = Manifest(made_at=now.isoformat(), heads=sorted(await taken.heads()))
            for table in tables():
                manifest.tables[table.name] = await _write_table(writer, taken, table)
    manifest.blobs = await asyncio.to_thread(_write_blobs, writer, place.blobs)
    ring = joined(place.ring(), before)
    writer.add_bytes(KEYS, json.dumps(seal.sealed(ring)).encode())
    manifest.digest, manifest.members = writer.digest(), writer.members
    content = manifest.to_bytes()
    writer.end(json.dumps({"manifest": content.decode(), "mac": seal.mac(content)}).encode())
    return manifest


async def _write_table(writer: Writer, taken: Snapshot, table: Table) -> int:
    rows = parts = 0
    async for part, count in _parts(taken, table):
        parts += 1
        rows += count
        await asyncio.to_thread(writer.add_bytes, f"tables/{table.name}/{parts:06}.jsonl", part)
    return rows


async def _parts(taken: Snapshot, table: Table) -> AsyncIterator[tuple[bytes, int]]:
    """Rows as lines, some at a time, and how many they are."""
    lines: list[bytes] = []
    size = 0
    async for rows in taken.portions(table):
        fresh = await asyncio.to_thread(_packed, rows)
        lines += fresh
        size += sum(map(len, fresh))
        if size >= PART:
            yield b"\n".join(lines), len(lines)
            lines, size = [], 0
    if lines:
        yield b"\n".join(lines), len(lines)


def _packed(rows: Sequence[Values]) -> list[bytes]:
    return [packed(row) for row in rows]


def _write_blobs(writer: Writer, folder: Path) -> int:
    count = 0
    for path in sealed_files(folder):
        try:
            file = path.open("rb")
        except FileNotFoundError:  # erased since it was listed: a complaint whose time had come
            continue
        with file:
            writer.add(f"blobs/{path.name}", os.fstat(file.fileno()).st_size, file)
        count += 1
    return count


def joined(ring: str, before: str) -> str:
    """The ring as it stands, and behind it what was taken out meanwhile: rows that were read before need it."""
    newest = [part.strip() for part in ring.split(",") if part.strip()]
    gone = [part.strip() for part in before.split(",") if part.strip() and part.strip() not in newest]
    return ",".join([*newest, *gone])


@contextmanager
def _drafted(target: Path) -> Iterator[BinaryIO]:
    """Written aside and renamed into place: a backup that is half written has no name that one would trust."""
    draft = target.with_name(f".{target.name}.partial")
    try:
        handle = os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.rename(target)
        sync_folder(target.parent)
    finally:
        draft.unlink(missing_ok=True)


def read_manifest(content: bytes) -> tuple[dict[str, Any], bytes, str]:
    """What a manifest says, the bytes that its MAC is over, and the MAC. Raises ValueError, KeyError, TypeError."""
    told = json.loads(content)
    inner = str(told["manifest"]).encode()
    return json.loads(inner), inner, str(told["mac"])
