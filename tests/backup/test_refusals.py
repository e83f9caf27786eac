"""What is torn, tampered with, or would overwrite something is refused, in words that say why."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.operations.backup.archive import verify
from gateway.operations.backup.errors import BackupError, Broken, Occupied, Unfit
from gateway.operations.backup.make import joined, make
from gateway.operations.backup.restore import check, restore
from gateway.operations.backup.sealing import passphrase_from
from store.crypto import new_secret
from store.secret_file import read_ring
from tests.backup.conftest import PASSPHRASE, House, Places
from tests.clock import MONDAY_MORNING

HERE = Path(__file__).parent


async def test_whatever_is_cut_off_or_changed_is_refused_before_anything_is_written(
    house: House, places: Places
) -> None:
    file, _ = await house.backed_up()
    whole = file.read_bytes()
    end = whole.rstrip(b"\0")

    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
    @given(st.integers(min_value=0, max_value=len(end) - 1), st.booleans())
    def refused(place: int, cut: bool) -> None:
        broken = whole[:place] if cut else whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        file.write_bytes(broken)
        with file.open("rb") as opened:
            try:
                trusted = check(opened, PASSPHRASE)
            except BackupError:
                return
        # Headers of the tar file hold what nobody reads: owner, time. What is in it is what was put there.
        assert not cut
        assert trusted.manifest["tables"]

    refused()
    file.write_bytes(whole[: len(whole) // 2])
    elsewhere = await places.new("sqlite", "elsewhere")
    with pytest.raises(Broken, match="torn"):
        await elsewhere.take_in(file)
    assert not list(elsewhere.folder.iterdir())


async def test_a_changed_file_is_named(house: House) -> None:
    file, _ = await house.backed_up()
    with tarfile.open(file) as tar:
        blob = next(member for member in tar if member.name.startswith("blobs/"))
    with file.open("r+b") as opened:
        opened.seek(blob.offset_data + 30)
        opened.write(b"tampered")
        opened.seek(0)
        with pytest.raises(Broken, match=blob.name):
            verify(opened)


async def test_only_the_passphrase_opens_it(house: House, places: Places) -> None:
    file, _ = await house.backed_up()
    assert read_ring(house.folder).encode() not in file.read_bytes()
    elsewhere = await places.new("sqlite", "elsewhere")
    with pytest.raises(Broken, match="passphrase"):
        await elsewhere.take_in(file, "another passphrase of ours")
    assert not list(elsewhere.folder.iterdir())


async def test_nothing_is_overwritten(house: House, places: Places) -> None:
    file, _ = await house.backed_up()
    with pytest.raises(Unfit, match="already"):
        await make(house.place, file, PASSPHRASE, MONDAY_MORNING)
    with pytest.raises(Occupied, match="files"):
        await house.take_in(file)
    elsewhere = await places.new("sqlite", "elsewhere")
    async with elsewhere.opened():
        pass  # a gateway was started here once
    with pytest.raises(Occupied, match="key"):
        await elsewhere.take_in(file)
    (elsewhere.folder / "secret.key").unlink()
    with pytest.raises(Occupied, match="database"):
        await elsewhere.take_in(file)


async def test_a_key_of_the_environment_must_be_the_backups(house: House, places: Places) -> None:
    file, _ = await house.backed_up()
    elsewhere = await places.new("sqlite", "elsewhere")
    target = elsewhere.target
    other = type(target)(database=target.database, folder=target.folder, secret=new_secret())
    with pytest.raises(Unfit, match="TOUSU_SECRET_KEY"):
        await restore(file, other, PASSPHRASE)
    same = type(target)(database=target.database, folder=target.folder, secret=read_ring(house.folder))
    await restore(file, same, PASSPHRASE)
    assert not (target.folder / "secret.key").exists()


def test_a_key_that_is_retired_while_we_copy_is_kept_behind_the_others() -> None:
    assert joined("new", "new,old") == "new,old"
    assert joined("newer,new", "new,old") == "newer,new,old"
    assert joined("one", "one") == "one"


def test_a_passphrase_is_told_and_long_enough(tmp_path: Path) -> None:
    told = tmp_path / "passphrase"
    told.write_text(f"{PASSPHRASE}\n", "utf-8")
    assert passphrase_from("", told) == passphrase_from(PASSPHRASE, None) == PASSPHRASE
    for given_, file in (("", None), ("too short", None), ("", tmp_path / "not there")):
        with pytest.raises(Unfit):
            passphrase_from(given_, file)


async def test_what_is_no_backup_is_refused(places: Places, tmp_path: Path) -> None:
    elsewhere = await places.new("sqlite", "elsewhere")
    for content in (b"", b"not a backup", os.urandom(4096), bytes(10_240)):
        file = tmp_path / "file"
        file.write_bytes(content)
        with pytest.raises(Broken):
            await elsewhere.take_in(file)
