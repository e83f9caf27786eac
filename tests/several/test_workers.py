"""Workers of several processes on one database: a killed one's work is done by another, and news wakes them all."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from channels.base import Outbound, Receipt
from gateway.delivery import fetching, worker
from gateway.delivery.held import RELEASE_PAUSE, Mending
from gateway.delivery.outcome import Held
from gateway.delivery.settle import settle
from normalizer.record import Attachment
from store.blobs import FolderBlobs
from store.crypto import Keyring, new_secret
from store.unit import Store
from store.values import OutboxState
from tests.delivery.post import Office
from tests.store.things import NOW, arrive, file, parcel
from tests.waiting import until

LONG = 3600.0  # nobody looks for work by the clock within a test


@pytest.fixture
def secret() -> str:
    return new_secret()


@pytest.fixture
def keyring(secret: str) -> Keyring:
    return Keyring.from_secret(secret)


@asynccontextmanager
async def killed_at_work(url: str, secret: str, folder: Path) -> AsyncIterator[str]:
    """What it said it had claimed, before it was killed."""
    given = {"TOUSU_DATABASE_URL": url, "TOUSU_SECRET_KEY": secret, "TOUSU_DATA_DIR": str(folder)}
    leases = [str(lease.total_seconds()) for lease in (worker.LEASE, fetching.LEASE)]
    command = [sys.executable, "-m", "tests.several.doomed", *leases]
    doomed = await asyncio.create_subprocess_exec(*command, env=os.environ | given, stdout=asyncio.subprocess.PIPE)
    assert doomed.stdout is not None
    try:
        told = (await doomed.stdout.readline()).decode().strip()
    finally:
        doomed.kill()
        await doomed.wait()
    yield told


class Album:
    """A channel whose pictures lie at the provider."""

    async def send(self, outbound: Outbound) -> Receipt:
        raise AssertionError("pictures are fetched")

    async def fetch(self, attachment: Attachment) -> Attachment:
        return Attachment(name=attachment.name, media_type="image/jpeg", content=b"a picture")


@pytest.mark.parametrize("store_url", ["postgres"], indirect=True)
async def test_what_a_killed_worker_had_in_hand_is_done_by_another_when_its_leases_are_over(
    store: Store, store_url: str, secret: str, tmp_path: Path
) -> None:
    office = Office(store, tmp_path)
    fetcher = fetching.FetchingWorker(office.house, {"wechat": Album()})
    async with store.unit() as unit:
        entry = await arrive(unit)
        await unit.files.add(file("f1", entry))
        await unit.outbox.put(parcel("p1"))
        await unit.commit()
    async with killed_at_work(store_url, secret, tmp_path / "blobs") as told:
        assert told == "1 parcels, 1 files"
    assert (await office.worker.run_once(), await fetcher.run_once()) == (0, 0), "they may still be at it"
    office.clock.advance(seconds=max(worker.LEASE, fetching.LEASE).total_seconds())
    assert (await office.worker.run_once(), await fetcher.run_once()) == (1, 1)
    assert [sent.id for sent in office.post["wechat"].taken] == ["p1"]
    async with store.reading() as unit:
        (found,) = await unit.files.of_ledger(entry.id)
    assert (found.size, found.attempts) == (len(b"a picture"), 2)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_on_a_database_of_our_own_whatever_was_claimed_before_is_free_at_the_start(store: Store) -> None:
    async with store.unit() as unit:
        await unit.files.add(file("f1", await arrive(unit)))
        await unit.outbox.put(parcel("p1"))
        await unit.leases.know(["clocks"])
        await unit.commit()
    for owner in ("killed", "we"):
        async with store.unit() as unit:
            assert len(await unit.outbox.claim(NOW, lease=worker.LEASE, limit=5, channels=("wechat",))) == 1
            assert len(await unit.files.claim(NOW, lease=fetching.LEASE, limit=5, channels=("wechat",))) == 1
            assert await unit.leases.take(["clocks"], owner=owner, now=NOW, lease=worker.LEASE) == {"clocks"}
            await unit.commit()
        await store.recover()


@pytest.mark.parametrize("store_url", ["postgres"], indirect=True)
async def test_what_one_process_puts_into_the_outbox_is_sent_by_another_without_waiting_for_its_clock(
    store: Store, store_url: str, keyring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "IDLE_SECONDS", LONG)
    office = Office(store, tmp_path)
    other = await Store.open(store_url, keyring, FolderBlobs(tmp_path / "blobs", keyring))
    working = asyncio.create_task(office.worker.run("wechat"))
    try:
        await until(lambda: other.ring() or store.wake.rings)  # type: ignore[func-returns-value]  # both listen now
        async with other.unit() as unit:
            await unit.outbox.put(parcel("p1"))
            unit.wake()
            await unit.commit()
        await until(lambda: office.post["wechat"].taken)
    finally:
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
        await other.aclose()


@pytest.mark.parametrize("store_url", ["postgres"], indirect=True)
async def test_what_another_gateway_held_goes_when_one_of_ours_has_passed(store: Store, tmp_path: Path) -> None:
    office = Office(store, tmp_path)
    ours, theirs = Mending(office.house), Mending(office.house)
    await ours.passed("wechat")  # it knows of nothing that is held
    await office.put(parcel("p1"))
    await settle(office.house, parcel("p1"), Held("wrong secret"))
    theirs.stuck("wechat")
    office.clock.advance(seconds=RELEASE_PAUSE.total_seconds())
    await ours.passed("wechat")
    assert await office.states() == {"p1": OutboxState.WAITING}
