"""The spool on its disk: durable, sealed, bounded, and read again by whoever comes after."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from gateway.spool.errors import SpoolFull
from gateway.spool.record import Kind
from gateway.spool.shelf import Shelf
from gateway.spool.spool import Spool
from store.crypto import Keyring, new_secret
from tests.spool.conftest import a_record

Open = Callable[[], Awaitable[Spool]]


def files(folder: Path, ending: str = "spool") -> list[Path]:
    return sorted(folder.glob(f"*.{ending}"))


async def keys_in(spool: Spool) -> list[str]:
    return [(await spool.read(entry)).key for lane in spool.waiting().values() for entry in lane]


async def test_nothing_that_somebody_said_lies_in_clear_on_the_disk(open_spool: Open, folder: Path) -> None:
    spool = await open_spool()
    await spool.put(a_record(key="oOPENID", body="我叫王小明，电话13812345678".encode(), lane="wechat:openid:oOPENID"))
    content = files(folder)[0].read_bytes()
    assert not [each for each in (b"oOPENID", "王小明".encode(), b"13812345678", b"wechat") if each in content]
    assert files(folder)[0].stat().st_mode & 0o077 == 0


async def test_a_process_that_comes_after_finds_what_its_predecessor_left(open_spool: Open) -> None:
    first = await open_spool()
    for name in "abc":
        await first.put(a_record(key=name))
    await first.drop(first.waiting()["wang"][0])
    await first.aclose()
    assert await keys_in(await open_spool()) == ["b", "c"]


async def test_two_processes_share_a_folder_and_leave_each_other_alone(open_spool: Open) -> None:
    one, other = await open_spool(), await open_spool()
    await one.put(a_record(key="of one"))
    await other.put(a_record(key="of the other"))
    assert await other.take_over() == 0
    assert (await keys_in(one), await keys_in(other)) == (["of one"], ["of the other"])
    await one.aclose()
    assert await other.take_over() == 1
    assert await keys_in(other) == ["of one", "of the other"]


async def test_a_file_goes_when_nothing_in_it_is_wanted_any_more(open_spool: Open, folder: Path) -> None:
    spool = await open_spool()
    await spool.put(a_record())
    await spool.drop(spool.waiting()["wang"][0])
    assert files(folder) == []
    await spool.put(a_record(key="again"))
    assert await keys_in(spool) == ["again"]


async def test_what_comes_together_shares_an_fsync(
    open_spool: Open, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = await open_spool()
    synced: list[int] = []
    await spool.put(a_record(key="first"))
    monkeypatch.setattr(os, "fsync", synced.append)
    await asyncio.gather(*(spool.put(a_record(key=str(number))) for number in range(50)))
    assert len(synced) <= 3
    assert spool.depth == 51


async def test_nobody_is_answered_before_the_disk_has_it(open_spool: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = await open_spool()
    await spool.put(a_record(key="before"))

    def fails(_handle: int) -> None:
        raise OSError(errno.EIO, "the disk is broken")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fails)
        with pytest.raises(SpoolFull):
            await spool.put(a_record(key="refused"))
    await spool.put(a_record(key="after"))
    assert await keys_in(spool) == ["before", "after"]
    await spool.aclose()
    assert await keys_in(await open_spool()) == ["before", "after"]


async def test_a_full_disk_refuses_honestly_and_spoils_nothing(
    open_spool: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = await open_spool()
    await spool.put(a_record(key="before"))
    pwrite = os.pwrite

    def half(handle: int, content: Any, place: int) -> int:
        """Half of it is written when the disk is full."""
        pwrite(handle, bytes(content)[: len(content) // 2], place)
        raise OSError(errno.ENOSPC, "no space left on device")

    with monkeypatch.context() as full:
        full.setattr(os, "pwrite", half)
        with pytest.raises(SpoolFull):
            await spool.put(a_record(key="refused"))
        assert "full" in spool.problem
    await spool.put(a_record(key="after"))
    assert spool.problem == ""
    await spool.aclose()
    assert await keys_in(await open_spool()) == ["before", "after"]


async def test_the_folder_holds_no_more_than_it_may(open_spool: Open) -> None:
    spool = await open_spool()
    await spool.put(a_record(body=b"x" * 700_000))
    with pytest.raises(SpoolFull):
        await spool.put(a_record(key="too much", body=b"x" * 700_000))
    await spool.put(a_record(key="small"))
    await spool.drop(spool.waiting()["wang"][0])
    assert await keys_in(spool) == ["small"]


async def test_a_damaged_record_is_kept_for_a_person_and_holds_up_nothing(open_spool: Open, folder: Path) -> None:
    first = await open_spool()
    for name in "abc":
        await first.put(a_record(key=name, body=name.encode() * 40))
    await first.aclose()
    path = files(folder)[0]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    spool = await open_spool()
    assert await keys_in(spool) == ["a", "c"]
    for entry in list(spool.waiting()["wang"]):
        await spool.drop(entry)
    assert files(folder) == []
    assert len(files(folder, "damaged")) == 1
    assert "damaged" in spool.problem


async def test_a_file_of_another_key_is_left_as_it_is(open_spool: Open, folder: Path) -> None:
    stranger = Spool(Shelf(folder, Keyring.from_secret(new_secret()), 10**6))
    await stranger.put(a_record())
    await stranger.aclose()
    before = files(folder)[0].read_bytes()
    spool = await open_spool()
    assert spool.depth == 0
    assert "another TOUSU_SECRET_KEY" in spool.problem
    assert files(folder)[0].read_bytes() == before


async def test_who_sent_several_things_has_them_in_their_order(open_spool: Open) -> None:
    spool = await open_spool()
    for number in range(6):
        await spool.put(a_record(key=str(number), lane=f"lane {number % 2}"))
    lanes = spool.waiting()
    assert [[entry.key for entry in lane] for lane in lanes.values()] == [["0", "2", "4"], ["1", "3", "5"]]
    assert spool.is_busy("lane 0")
    assert spool.find(Kind.ITEM, "wechat", "3") is not None
