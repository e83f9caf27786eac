"""A backup is restored: first all of it is verified, then it goes into a place that holds nothing."""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from gateway.operations.backup.archive import Member, Verified, members_in, verify
from gateway.operations.backup.errors import Broken, Occupied, Unfit
from gateway.operations.backup.make import FORMAT, VERSION, read_manifest
from gateway.operations.backup.sealing import WRONG, opened
from store.blob_files import is_empty, lay_down
from store.copying import Filling, NotEmpty, filling
from store.crypto import ring_of
from store.models import metadata
from store.packing import unpacked
from store.schema import expected_heads
from store.secret_file import SECRET_FILE, lay_down_ring

TABLE = re.compile(r"tables/([a-z_]{1,40})/\d{6}\.jsonl")
BLOB = re.compile(r"blobs/([0-9a-f]{64})")
AT_ONCE = 500  # rows
OTHER_RING = (
    "TOUSU_SECRET_KEY is set, and lacks keys of this backup: unset it, and the backup's own ring is put into the data"
    " folder; or set it to the ring of the gateway that was backed up"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """Where it goes. ``secret``: the ring that the environment gives; empty: the data folder keeps it."""

    database: str
    folder: Path
    secret: str = ""

    @property
    def blobs(self) -> Path:
        return self.folder / "files"


@dataclass(frozen=True, kw_only=True, slots=True)
class Trusted:
    """What a verified backup says of itself, and its key ring."""

    manifest: dict[str, Any]
    ring: str


async def restore(source: Path, target: Target, passphrase: str) -> Trusted:
    """Raises Broken or Unfit before anything is written, Occupied, StoreError, OSError."""
    _refuse_what_is_there(target)
    with source.open("rb") as file:
        trusted = await asyncio.to_thread(check, file, passphrase)
        _refuse_other_ring(target, trusted.ring)
        file.seek(0)
        try:
            async with filling(target.database) as empty:
                if not target.secret:
                    target.folder.mkdir(parents=True, exist_ok=True)
                    lay_down_ring(target.folder, trusted.ring)
                await _fill(file, empty, target, trusted.manifest)
        except NotEmpty as error:
            raise Occupied(f"the database holds something already (table {error})") from None
    return trusted


def check(file: BinaryIO, passphrase: str) -> Trusted:
    """Every hash, the manifest, the passphrase, the version of the tables. Raises Broken, Unfit."""
    verified = verify(file)
    try:
        manifest, signed, mac = read_manifest(verified.manifest)
        seal, ring = opened(passphrase, json.loads(verified.keys))
    except (ValueError, KeyError, TypeError):
        raise Broken("the manifest is not as we write it") from None
    if not hmac.compare_digest(mac, seal.mac(signed)):
        raise Broken(f"the manifest was tampered with, or {WRONG}")
    _compare(manifest, verified)
    return Trusted(manifest=manifest, ring=ring)


def _compare(manifest: dict[str, Any], verified: Verified) -> None:
    if (manifest.get("format"), manifest.get("version")) != (FORMAT, VERSION):
        raise Broken("this is no backup of ours, or one of a later version")
    if (manifest["digest"], manifest["members"]) != (verified.digest, verified.members):
        raise Broken("the list of hashes was tampered with")
    if manifest["heads"] != sorted(expected_heads()):
        made, ours = ", ".join(manifest["heads"]), ", ".join(expected_heads())
        raise Unfit(
            f"the backup is of tables at revision {made}, and this version has {ours}: restore with its version"
        )


async def _fill(file: BinaryIO, empty: Filling, target: Target, manifest: dict[str, Any]) -> None:
    rows = dict.fromkeys(manifest["tables"], 0)
    blobs = 0
    for member in members_in(file):
        if found := TABLE.fullmatch(member.name):
            rows[found[1]] += await _fill_table(empty, found[1], member)
        elif found := BLOB.fullmatch(member.name):
            await asyncio.to_thread(lay_down, target.blobs, found[1], member.content)
            blobs += 1
    if rows != manifest["tables"] or blobs != manifest["blobs"]:
        raise Broken("there is not as much in it as its manifest says")


async def _fill_table(empty: Filling, name: str, member: Member) -> int:
    table = metadata.tables.get(name)
    if table is None:
        raise Broken(f"{name} is no table of ours")
    count = 0
    for rows in await asyncio.to_thread(lambda: list(_portions(member.whole()))):
        await empty.put(table, rows)
        count += len(rows)
    return count


def _portions(content: bytes) -> Iterator[Sequence[Sequence[Any]]]:
    lines = content.split(b"\n") if content else []
    for start in range(0, len(lines), AT_ONCE):
        yield [unpacked(line) for line in lines[start : start + AT_ONCE]]


def _refuse_what_is_there(target: Target) -> None:
    if not is_empty(target.blobs):
        raise Occupied(f"{target.blobs} holds files already; a restore overwrites nothing")
    if not target.secret and (target.folder / SECRET_FILE).exists():
        raise Occupied(f"{target.folder} has a key already; a restore overwrites nothing")


def _refuse_other_ring(target: Target, ring: str) -> None:
    if target.secret and not set(ring_of(ring)) <= set(ring_of(target.secret)):
        raise Unfit(OTHER_RING)
