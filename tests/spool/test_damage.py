"""What a disk does to answered records: the spoiled ones are a person's, those it does not give are asked for again."""

from __future__ import annotations

import errno
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest

from gateway.spool.frames import HEAD_BYTES, RECORD, frame, is_torn
from gateway.spool.spool import Spool
from tests.spool.conftest import a_record

Open = Callable[[], Awaitable[Spool]]


async def left_behind(open_spool: Open, folder: Path, *keys: str) -> Path:
    """The file of a process that is gone."""
    spool = await open_spool()
    for key in keys:
        await spool.put(a_record(key=key))
    await spool.aclose()
    (path,) = files(folder)
    return path


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.spool"))


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


async def keys_in(spool: Spool) -> list[str]:
    return [(await spool.read(entry)).key for lane in spool.waiting().values() for entry in lane]


def endings(folder: Path) -> set[str]:
    return {path.suffix for path in folder.iterdir()}


@contextmanager
def unreadable(path: Path) -> Iterator[None]:
    """A bad place in the middle: a read that meets it stops short, and one that begins there fails."""
    inode, bad, pread = path.stat().st_ino, path.stat().st_size // 2, os.pread

    def stops(handle: int, size: int, place: int) -> bytes:
        if os.fstat(handle).st_ino != inode:
            return pread(handle, size, place)
        if place >= bad:
            raise OSError(errno.EIO, "Input/output error")
        return pread(handle, min(size, bad - place), place)

    with patch.object(os, "pread", stops):
        yield


# -- spoiled -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [0, 4, 20, HEAD_BYTES, -1], ids=["mark", "kind", "sum", "body", "last byte"])
async def test_the_only_complaint_in_a_file_is_kept_for_a_person_when_the_disk_spoils_it(
    open_spool: Open, folder: Path, place: int
) -> None:
    path = await left_behind(open_spool, folder, "only")
    flip(path, place)
    spoiled = path.read_bytes()
    spool = await open_spool()
    assert spool.depth == 0
    assert "damaged" in spool.problem
    assert path.with_suffix(".damaged").read_bytes() == spoiled


async def test_the_last_complaint_in_a_file_is_kept_for_a_person_and_those_before_it_are_handled(
    open_spool: Open, folder: Path
) -> None:
    path = await left_behind(open_spool, folder, "first", "last")
    flip(path, -1)
    spoiled = path.read_bytes()
    spool = await open_spool()
    assert await keys_in(spool) == ["first"]
    assert "damaged" in spool.problem
    await spool.drop(spool.waiting()["wang"][0])
    assert path.with_suffix(".damaged").read_bytes().startswith(spoiled)
    assert endings(folder) == {".damaged"}


async def test_who_was_handled_behind_a_spoiled_complaint_is_not_found_again(open_spool: Open, folder: Path) -> None:
    path = await left_behind(open_spool, folder, "a", "b", "last")
    flip(path, -1)
    spool = await open_spool()
    await spool.drop(spool.waiting()["wang"][0])
    await spool.aclose()
    after = await open_spool()
    assert await keys_in(after) == ["b"]
    assert "damaged" in after.problem


@pytest.mark.parametrize("left", [3, HEAD_BYTES - 1, HEAD_BYTES, HEAD_BYTES + 10])
async def test_what_was_never_answered_alarms_nobody(open_spool: Open, folder: Path, left: int) -> None:
    path = await left_behind(open_spool, folder, "answered")
    whole = path.read_bytes()
    path.write_bytes(whole + frame(RECORD, 2, b"cut off by a crash")[:left])
    spool = await open_spool()
    assert await keys_in(spool) == ["answered"]
    assert spool.problem == ""
    assert path.read_bytes() == whole


def test_only_the_beginning_of_one_frame_is_torn() -> None:
    whole = frame(RECORD, 1, b"what they said")
    assert all(is_torn(whole[:cut]) for cut in range(len(whole)))
    spoiled = [whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :] for place in range(len(whole))]
    assert not any(map(is_torn, spoiled))


# -- not given ---------------------------------------------------------------------------------------------------------


async def test_a_file_that_the_disk_does_not_give_is_not_cut_and_hides_no_other(
    open_spool: Open, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    processes = [await open_spool() for _ in range(3)]
    for key, process in zip("abc", processes, strict=True):
        await process.put(a_record(key=key))
    for process in processes:
        await process.aclose()
    before = {path: path.read_bytes() for path in files(folder)}
    with unreadable(list(before)[1]):
        spool = await open_spool()
        assert await keys_in(spool) == ["a", "c"]
        assert "cannot be read" in spool.problem
    assert {path: path.read_bytes() for path in before} == before
    assert await spool.take_over() == 0  # it rests for a while
    monkeypatch.setattr("gateway.spool.shelf.time.monotonic", lambda: float("inf"))
    assert await spool.take_over() == 1
    assert await keys_in(spool) == ["a", "b", "c"]
    assert spool.problem == ""


async def test_a_record_that_the_disk_does_not_give_is_not_called_damaged(open_spool: Open, folder: Path) -> None:
    spool = await open_spool()
    await spool.put(a_record(body=b"x" * 1000))
    (entry,) = spool.waiting()["wang"]
    (path,) = files(folder)
    with unreadable(path), pytest.raises(OSError, match="Input/output"):
        await spool.read(entry)
    assert (await spool.read(entry)).body == b"x" * 1000


async def test_a_disk_that_removes_nothing_loses_nothing_and_stops_nobody(
    open_spool: Open, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = await open_spool()
    await spool.put(a_record(key="handled"))

    def fails(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as stuck:
        stuck.setattr(Path, "unlink", fails)
        await spool.drop(spool.waiting()["wang"][0])
    await spool.put(a_record(key="next"))
    assert await keys_in(spool) == ["next"]
    await spool.aclose()
    assert len(files(folder)) == 1
