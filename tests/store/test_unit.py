"""The unit of work and the store around it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from store.blobs import FolderBlobs
from store.crypto import Keyring, new_secret
from store.errors import Busy, Conflict, Finished, SchemaBehind, StoreError, Unavailable, WrongKey
from store.sqlite import Sqlite
from store.unit import Store, migrate
from tests.postgres import Databases
from tests.store.things import NOW, WANG, arrive, open_case, parcel, talk


@asynccontextmanager
async def another_process(store: Store, url: str) -> AsyncIterator[Store]:
    other = await Store.open(url, store.keyring, store.blobs)
    try:
        yield other
    finally:
        await other.aclose()


async def is_known(store: Store, key: str) -> bool:
    async with store.reading() as unit:
        return await unit.ledger.find("wechat", key) is not None


async def test_what_was_not_committed_never_happened(store: Store) -> None:
    async with store.unit() as unit:
        await arrive(unit)
    assert not await is_known(store, "m1")


async def test_a_failure_in_the_middle_undoes_everything(store: Store) -> None:
    async def handle() -> None:
        async with store.unit() as unit:
            await arrive(unit)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await handle()
    assert not await is_known(store, "m1")


async def test_what_was_committed_is_seen_by_everybody(store: Store, store_url: str) -> None:
    async with store.unit() as unit:
        await arrive(unit)
        await unit.commit()
    async with another_process(store, store_url) as other:
        assert await is_known(other, "m1")


async def test_nobody_sees_what_is_not_yet_committed(store: Store, store_url: str) -> None:
    async with store.unit() as unit, another_process(store, store_url) as other:
        await arrive(unit)
        assert not await is_known(store, "m1")
        assert not await is_known(other, "m1")


async def test_a_unit_that_was_committed_is_finished(store: Store) -> None:
    async with store.unit() as unit:
        await arrive(unit)
        await unit.commit()
        with pytest.raises(Finished):
            await arrive(unit, "m2")
        with pytest.raises(Finished):
            await unit.commit()


async def test_an_empty_unit_costs_nothing(store: Store) -> None:
    before = store.statements
    async with store.unit() as unit:
        await unit.commit()
    assert store.statements == before


async def test_a_reader_cannot_write(store: Store) -> None:
    async with store.reading() as unit:
        with pytest.raises(StoreError):
            await arrive(unit)


async def test_one_units_failure_does_not_touch_those_that_commit_with_it(store: Store) -> None:
    async def good(key: str) -> None:
        async with store.unit() as unit:
            await arrive(unit, key)
            await unit.commit()

    async def bad(key: str) -> None:
        async with store.unit() as unit:
            await arrive(unit, key)
            await open_case(unit, "TS1")
            with pytest.raises(Conflict):
                await open_case(unit, "TS1")

    async def cut_short(key: str) -> None:
        task = asyncio.create_task(good(key))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    deeds = [deed(f"{deed.__name__}{place}") for place in range(10) for deed in (good, bad, cut_short)]
    await asyncio.gather(*deeds)
    assert all([await is_known(store, f"good{place}") for place in range(10)])
    assert not any([await is_known(store, f"bad{place}") for place in range(10)])


async def test_a_chat_message_costs_eight_statements_however_long_the_history(store: Store) -> None:
    conversation = await talk(store)
    async with store.unit() as unit:
        case = await open_case(unit, conversation_id=conversation)
        await unit.commit()

    async def message(key: str) -> int:
        before = store.statements
        async with store.unit() as unit:
            entry = await arrive(unit, key)
            found = await unit.conversations.lock("wechat", WANG, NOW)
            held = await unit.complaints.get(case.id, lock=True)
            assert held is not None
            await unit.complaints.save(held.id, record=held.record, now=NOW)
            for kind in ("heard", "said"):
                await unit.timeline.add(held.id, at=NOW, kind=kind, actor="customer", conversation_id=found.id)
            await unit.outbox.put(parcel(key, conversation_id=found.id, complaint_id=held.id))
            await unit.conversations.save(found.id, state={}, complaint_id=held.id, remind_at=None, last_heard_at=NOW)
            await unit.ledger.settle(entry.id, answer_kind="queued", answer_text="", complaint_id=held.id)
            await unit.commit()
        return store.statements - before

    assert [await message(f"m{place}") for place in range(20)] == [8] * 20


async def test_workers_wake_after_the_commit_and_not_before(store: Store) -> None:
    async with store.unit() as unit:
        waiting = asyncio.create_task(store.wake.wait(5))
        await arrive(unit)
        unit.wake()
        await asyncio.sleep(0)
        assert not waiting.done()
        await unit.commit()
    assert await waiting


async def test_a_wake_up_between_looking_and_waiting_is_not_lost(store: Store) -> None:
    looked = store.wake.rings
    async with store.unit() as unit:
        unit.wake()
        await unit.commit()
    assert await store.wake.wait(5, since=looked)


async def test_nobody_is_woken_by_what_was_rolled_back_and_waiting_ends_in_time(store: Store) -> None:
    async with store.unit() as unit:
        await arrive(unit)
        unit.wake()
    assert not await store.wake.wait(0.01)


@pytest.mark.parametrize("store_url", ["postgres"], indirect=True)
async def test_other_processes_are_woken_too(store: Store, store_url: str) -> None:
    async with another_process(store, store_url) as other:
        woken = asyncio.create_task(other.wake.wait(5))
        while not woken.done():  # its line may still be opening; a bell that rings often is heard once it is
            store.ring()
            await asyncio.wait([woken], timeout=0.05)
        assert woken.result()


@pytest.mark.parametrize("secret_count", [1, 2])
async def test_a_database_opens_with_its_own_secret_only(
    store: Store, store_url: str, tmp_path: Path, secret_count: int
) -> None:
    stranger = Keyring.from_secret(",".join(new_secret() for _ in range(secret_count)))
    with pytest.raises(WrongKey, match="TOUSU_SECRET_KEY"):
        await Store.open(store_url, stranger, FolderBlobs(tmp_path, stranger))


async def test_a_database_opens_after_its_secret_was_changed(store_url: str, tmp_path: Path) -> None:
    old, new = new_secret(), new_secret()
    for secrets in (old, f"{new},{old}"):
        keyring = Keyring.from_secret(secrets)
        store = await Store.open(store_url, keyring, FolderBlobs(tmp_path, keyring))
        async with store.unit() as unit:
            entry = await arrive(unit, "m1")
            assert entry.new is (secrets == old)
            await unit.commit()
        await store.aclose()


async def test_two_processes_that_start_with_two_secrets_do_not_both_open(store_url: str, tmp_path: Path) -> None:
    async def start() -> bool:
        keyring = Keyring.from_secret(new_secret())
        try:
            store = await Store.open(store_url, keyring, FolderBlobs(tmp_path, keyring))
        except WrongKey:
            return False
        await store.aclose()
        return True

    assert sum(await asyncio.gather(start(), start())) == 1


async def test_a_database_without_our_tables_is_not_opened_until_it_is_migrated(
    tmp_path: Path, keyring: Keyring, postgres: Databases
) -> None:
    for url in (f"sqlite+aiosqlite:///{tmp_path}/new/tousu.db", await postgres.create(migrated=False)):
        if url.startswith("sqlite"):
            (tmp_path / "new").mkdir()
        with pytest.raises(SchemaBehind, match="migrate"):
            await Store.open(url, keyring, FolderBlobs(tmp_path, keyring))
        await migrate(url)
        store = await Store.open(url, keyring, FolderBlobs(tmp_path, keyring))
        await store.ping()
        await store.aclose()


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
class TestOneFile:
    """What is peculiar to SQLite."""

    async def test_a_commit_outlives_the_process(self, store: Store, tmp_path: Path) -> None:
        with sqlite3.connect(tmp_path / "tousu.db") as other:
            assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        other.close()
        raw = _database(store)._writer._raw
        assert raw.execute("PRAGMA synchronous").fetchone() == (2,)
        assert raw.execute("PRAGMA foreign_keys").fetchone() == (1,)

    async def test_units_that_finish_together_share_a_commit(self, store: Store) -> None:
        commits: list[str] = []
        _database(store)._writer._raw.set_trace_callback(
            lambda statement: commits.append(statement) if statement == "COMMIT" else None
        )

        async def one(key: str) -> None:
            async with store.unit() as unit:
                await arrive(unit, key)
                await unit.commit()

        await asyncio.gather(*[one(f"m{place}") for place in range(20)])
        assert 1 <= len(commits) < 10
        assert all([await is_known(store, f"m{place}") for place in range(20)])

    async def test_when_the_commit_fails_all_who_share_it_are_told(self, store: Store) -> None:
        raw = _database(store)._writer._raw

        async def one(key: str) -> None:
            async with store.unit() as unit:
                await arrive(unit, key)
                if key == "m2":
                    raw.rollback()  # what SQLite does by itself when the disk is full
                await unit.commit()

        outcomes = await asyncio.gather(*[one(f"m{place}") for place in range(4)], return_exceptions=True)
        told = {f"m{place}" for place, outcome in enumerate(outcomes) if isinstance(outcome, Unavailable)}
        assert "m2" in told
        for place in range(4):
            assert await is_known(store, f"m{place}") is (f"m{place}" not in told)

    async def test_waiting_for_another_process_does_not_stop_the_loop(self, store: Store, tmp_path: Path) -> None:
        other = sqlite3.connect(tmp_path / "tousu.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        writing = asyncio.create_task(talk(store))
        longest = await _longest_stop(0.2)
        assert not writing.done()
        assert longest < 0.15
        other.execute("ROLLBACK")
        other.close()
        assert await writing

    async def test_a_writer_that_waits_too_long_says_so(
        self, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("store.sqlite.LOCK_SECONDS", 0.05)
        other = sqlite3.connect(tmp_path / "tousu.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy):
            await talk(store)
        other.execute("ROLLBACK")
        other.close()
        assert await talk(store)

    async def test_a_unit_inside_a_unit_is_told_instead_of_waiting_for_ever(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("store.sqlite.TURN_SECONDS", 0.05)
        async with store.unit() as unit:
            await arrive(unit)
            with pytest.raises(Busy):
                await talk(store)
            await unit.commit()
        assert await is_known(store, "m1")


async def test_a_store_needs_a_file(keyring: Keyring, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="durable"):
        await Store.open("sqlite+aiosqlite://", keyring, FolderBlobs(tmp_path, keyring))


def _database(store: Store) -> Sqlite:
    assert isinstance(store._database, Sqlite)
    return store._database


async def _longest_stop(seconds: float) -> float:
    loop = asyncio.get_running_loop()
    end, last, longest = loop.time() + seconds, loop.time(), 0.0
    while last < end:
        await asyncio.sleep(0)
        longest, last = max(longest, loop.time() - last), loop.time()
    return longest
