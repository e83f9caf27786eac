"""The key file is changed whole or not at all; a secret leaves it only when nothing needs it any more."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from gateway.commands.keys import run
from gateway.house import House
from gateway.operations.keys.rotating import NotYet, needless, retire, rotate, standing
from gateway.operations.keys.round import KeysRound, read_ring_again
from gateway.parts import open_store
from gateway.settings import Settings
from store.audit import Deeds
from store.crypto import Keyring, new_secret
from store.secret_file import SECRET_FILE, load_or_create_secret, put_in_front, read_ring, take_out
from tests.clock import SetClock
from tests.store.things import NOW, open_case

MANY = 8


def test_secrets_put_in_front_by_many_at_once_are_all_kept(tmp_path: Path) -> None:
    load_or_create_secret(tmp_path)
    with ThreadPoolExecutor(MANY) as hands:
        made = list(hands.map(lambda _: put_in_front(tmp_path), range(MANY)))
    ring = Keyring.from_secret(read_ring(tmp_path)).key_ids
    assert len(ring) == MANY + 1
    assert set(made) < set(ring)


def test_the_file_stays_its_owners_alone_and_no_draft_is_left(tmp_path: Path) -> None:
    load_or_create_secret(tmp_path)
    put_in_front(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [SECRET_FILE]
    assert (tmp_path / SECRET_FILE).stat().st_mode & 0o777 == 0o600


def test_the_current_secret_and_one_that_is_not_there_cannot_be_taken_out(tmp_path: Path) -> None:
    load_or_create_secret(tmp_path)
    current = put_in_front(tmp_path)
    before = read_ring(tmp_path)
    for key in (current, "00000000"):
        with pytest.raises(ValueError, match="old secret"):
            take_out(tmp_path, key)
    assert read_ring(tmp_path) == before


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A house with its key file in the data folder, and one complaint."""
    settings = Settings(data_dir=tmp_path, secret_key=SecretStr(""), database_url="")
    store = await open_store(settings)
    async with store.unit() as unit:
        await open_case(unit)
        await unit.commit()
    yield House(store=store, clock=SetClock(NOW), settings=settings)
    await store.aclose()


def settled(folder: Path) -> None:
    """The ring was changed an hour ago."""
    old = (NOW - timedelta(hours=1)).timestamp()
    os.utime(folder / SECRET_FILE, (old, old))


async def test_a_rotation_from_the_first_command_to_the_last(house: House, tmp_path: Path) -> None:
    [first] = house.store.keyring.key_ids
    second = await rotate(house, tmp_path)
    settled(tmp_path)
    with pytest.raises(NotYet, match="in_use"):
        await retire(house, tmp_path)
    await KeysRound(house, pause=0).go()
    assert (await standing(house)).idle == (first,)
    assert await retire(house, tmp_path) == (first,)
    assert Keyring.from_secret(read_ring(tmp_path)).key_ids == (second,)
    async with house.store.reading() as unit:
        done = [deed.action for deed in await unit.audit.list(Deeds())]
        assert await unit.audit.verify() is None
    assert done == ["keys_retired", "keys_rotated"]


async def test_right_after_a_rotation_no_secret_is_retired(house: House, tmp_path: Path) -> None:
    await rotate(house, tmp_path)
    now = SetClock(NOW)
    fresh = NOW.timestamp()
    os.utime(tmp_path / SECRET_FILE, (fresh, fresh))
    with pytest.raises(NotYet, match="too_soon"):
        await retire(replace(house, clock=now), tmp_path)


async def test_while_items_wait_on_the_disk_no_secret_is_retired(house: House, tmp_path: Path) -> None:
    await rotate(house, tmp_path)
    settled(tmp_path)
    (tmp_path / "spool").mkdir()
    (tmp_path / "spool" / "1.spool").write_bytes(b"x")
    with pytest.raises(NotYet, match="spooled"):
        await retire(house, tmp_path)


async def test_a_process_that_runs_seals_with_the_new_secret_at_its_next_round(house: House, tmp_path: Path) -> None:
    made = put_in_front(tmp_path)
    await read_ring_again(house)
    assert house.store.keyring.key_ids[0] == made


async def test_one_secret_is_never_needless(house: House) -> None:
    with pytest.raises(NotYet, match="none_old"):
        await needless(house)


def test_where_the_environment_holds_the_secrets_the_words_to_set_are_printed_and_nothing_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = new_secret()
    monkeypatch.setenv("TOUSU_SECRET_KEY", given)
    monkeypatch.setenv("TOUSU_DATA_DIR", str(tmp_path))
    assert run(["rotate"]) == 0
    printed = capsys.readouterr()
    assert "1. put" in printed.out
    assert "2. move" in printed.out
    assert given not in printed.out + printed.err
    assert list(tmp_path.iterdir()) == []


def test_the_commands_tell_what_lies_under_which_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TOUSU_SECRET_KEY", raising=False)
    monkeypatch.setenv("TOUSU_DATA_DIR", str(tmp_path))
    assert run(["rotate"]) == 0
    capsys.readouterr()
    assert run(["status"]) == 0
    told = capsys.readouterr()
    current, old = Keyring.from_secret(read_ring(tmp_path)).key_ids[:2]
    assert f"{current}\tcurrent" in told.out
    assert f"{old}\told" in told.out
    assert run(["retire"]) == 1
    secrets = read_ring(tmp_path).split(",")
    assert not [secret for secret in secrets if secret in told.out + told.err + capsys.readouterr().err]
