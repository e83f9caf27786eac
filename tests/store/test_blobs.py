"""Large items: kept once, encrypted, and never handed out damaged."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import pytest

from store.blobs import FolderBlobs
from store.crypto import Keyring
from store.errors import Damaged, WrongKey

SCAN = "王小明的病历".encode() * 1000


@pytest.fixture
def blobs(tmp_path: Path, keyring: Keyring) -> FolderBlobs:
    return FolderBlobs(tmp_path / "blobs", keyring)


def kept(folder: Path) -> list[Path]:
    return [path for path in (folder / "blobs").rglob("*") if path.is_file()]


async def test_bytes_come_back_as_they_went(blobs: FolderBlobs) -> None:
    sha256 = await blobs.put(SCAN)
    assert sha256 == hashlib.sha256(SCAN).hexdigest()
    assert await blobs.has(sha256)
    assert await blobs.get(sha256) == SCAN


async def test_the_same_bytes_are_kept_once_even_when_they_come_together(blobs: FolderBlobs, tmp_path: Path) -> None:
    assert len(set(await asyncio.gather(*[blobs.put(SCAN) for _ in range(8)]))) == 1
    assert len(kept(tmp_path)) == 1


async def test_nothing_can_be_read_from_the_disk(blobs: FolderBlobs, tmp_path: Path) -> None:
    await blobs.put(SCAN)
    assert "王小明".encode() not in kept(tmp_path)[0].read_bytes()


async def test_a_damaged_file_is_noticed(blobs: FolderBlobs, tmp_path: Path) -> None:
    sha256 = await blobs.put(SCAN)
    kept(tmp_path)[0].write_bytes(kept(tmp_path)[0].read_bytes()[:-1])
    with pytest.raises(Damaged):
        await blobs.get(sha256)


async def test_one_file_cannot_stand_for_another(blobs: FolderBlobs, tmp_path: Path) -> None:
    first, second = await blobs.put(b"first"), await blobs.put(b"second")
    (tmp_path / "blobs" / first[:2] / first).replace(tmp_path / "blobs" / second[:2] / second)
    with pytest.raises(Damaged):
        await blobs.get(second)


async def test_what_is_gone_is_damaged_and_what_never_was_is_not_there(blobs: FolderBlobs) -> None:
    unknown = "0" * 64
    assert not await blobs.has(unknown)
    with pytest.raises(Damaged):
        await blobs.get(unknown)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63 + "\n"])
async def test_a_name_that_is_no_hash_reaches_no_file(blobs: FolderBlobs, name: str) -> None:
    with pytest.raises(ValueError, match="sha256"):
        await blobs.get(name)


async def test_another_secret_does_not_open_them(blobs: FolderBlobs, tmp_path: Path) -> None:
    sha256 = await blobs.put(SCAN)
    stranger = FolderBlobs(tmp_path / "blobs", Keyring([b"\7" * 32]))
    with pytest.raises(WrongKey):
        await stranger.get(sha256)
