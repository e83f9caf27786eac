"""Backup and restore, rehearsed: elsewhere, on the other kind of database, while customers go on writing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from gateway.operations.integrity import look_through
from store.checks import LEDGER
from tests.backup.conftest import House, Places, write


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_what_is_restored_is_what_was_there_and_goes_on_with_the_next_number(
    lived_in: House, places: Places, kind: str, tmp_path: Path
) -> None:
    file, manifest = await lived_in.backed_up()
    elsewhere = await places.new(kind, "elsewhere")
    await elsewhere.take_in(file)
    there, here = await lived_in.rows(tmp_path / "there"), await elsewhere.rows(tmp_path / "here")
    assert here == there
    assert {name: len(rows) for name, rows in here.items()} == manifest.tables
    assert elsewhere.files() == lived_in.files()
    assert manifest.blobs == len(lived_in.files()) >= 6
    async with elsewhere.opened() as gateway:
        assert (await look_through(gateway.house.store)).whole
        await write(gateway, 1, first=7)
        async with gateway.house.store.unit() as unit:
            await unit.checks.record(kind=LEDGER, at=gateway.house.clock.now(), good=True, body={})
            await unit.commit()
        async with gateway.house.store.reading() as unit:
            numbers = sorted(case.number[8:13] for case in await unit.complaints.search(limit=50))
            assert await unit.audit.verify() is None
    assert numbers == ["00001", "00002", "00003", "00004"]


async def test_a_backup_made_while_customers_write_holds_one_moment(lived_in: House, places: Places) -> None:
    async with lived_in.opened() as gateway:
        writing = asyncio.create_task(write(gateway, 12, first=10))
        await asyncio.sleep(0)
        file, manifest = await lived_in.backed_up()
        await writing
    elsewhere = await places.new("sqlite", "elsewhere")
    await elsewhere.take_in(file)
    async with elsewhere.opened() as gateway:
        report = await look_through(gateway.house.store)
        assert report.whole, report.damaged
        assert report.looked["complaints"] == manifest.tables["complaints"] >= 3
        balance = await gateway.balance.check.last_days()
        assert not balance.faults
