"""A new secret goes in front, everything is sealed with it little by little, and the old one can leave."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete

from gateway.house import House
from gateway.operations.keys.counting import holdings
from gateway.operations.keys.round import KeysRound
from gateway.settings import Settings
from normalizer.record import Complaint
from store.blobs import FolderBlobs
from store.crypto import Keyring, new_secret
from store.errors import WrongKey
from store.models import meta
from store.prepared import Prepared
from store.sealed import sealed_tables
from store.unit import Store
from tests.clock import SetClock
from tests.keys.rows import fill, opened, words
from tests.store.things import NOW, RECORD, arrive, open_case

OLD, NEW = new_secret(), new_secret()
PHONE = "13812345678"
CASES = 7


class Killed(Exception):
    pass


class Mortal(KeysRound):
    """A round that is killed after some of its steps."""

    left = 0

    async def _mend(self, *args: object) -> None:
        self._count()
        await super()._mend(*args)  # type: ignore[arg-type]

    async def _mend_file(self, *args: object) -> None:
        self._count()
        await super()._mend_file(*args)  # type: ignore[arg-type]

    def _count(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Killed


Opener = Callable[..., Awaitable[Store]]


@pytest.fixture
async def open_with(store_url: str, tmp_path: Path) -> AsyncIterator[Opener]:
    """Open the database with a ring; whatever was opened before is closed."""
    stores: list[Store] = []

    async def open_it(*ring: str) -> Store:
        while stores:
            await stores.pop().aclose()
        keyring = Keyring.from_secret(",".join(ring))
        stores.append(await Store.open(store_url, keyring, FolderBlobs(tmp_path / "blobs", keyring)))
        return stores[-1]

    yield open_it
    while stores:
        await stores.pop().aclose()


def the_round(store: Store, kind: type[KeysRound] = KeysRound) -> KeysRound:
    return kind(House(store=store, clock=SetClock(NOW), settings=Settings()), pause=0)


async def live(store: Store) -> None:
    """Some people complain, one with a large letter."""
    async with store.unit() as unit:
        for number in range(CASES):
            await arrive(unit, key=f"m{number}", raw=b"x" * (100_000 if number == 0 else 10))
            await open_case(unit, number=f"TS2611230000{number}")
        await unit.memory.put("token", "secret of a provider")
        await unit.audit.write(at=NOW, actor="me", action="see", subject="TS1", detail={"why": "test"})
        await unit.commit()


async def check(store: Store) -> None:
    """All that was written is there, is found, and is whole."""
    async with store.reading() as unit:
        cases = await unit.complaints.search(phone=PHONE)
        assert len(cases) == CASES
        assert {case.record.value("complainant_name") for case in cases} == {"王小明"}
        entries = [await unit.ledger.find("wechat", f"m{number}") for number in range(CASES)]
        assert all(entries)
        assert (await unit.ledger.raw(entries[0].id))[0] == b"x" * 100_000  # type: ignore[union-attr]
        assert await unit.memory.get("token") == "secret of a provider"
        assert await unit.audit.verify() is None


async def test_after_two_rounds_nothing_is_under_the_old_key_and_the_new_one_opens_all(open_with: Opener) -> None:
    await live(await open_with(OLD))
    public = (await open_with(OLD)).keyring.public_key()
    store = await open_with(NEW, OLD)
    old = store.keyring.key_ids[1]
    assert (await holdings(store)).under(old) > CASES
    await the_round(store).go()
    await the_round(store).go()
    assert (await holdings(store)).under(old) == 0
    async with store.reading() as unit:
        assert await unit.resealing.resealed() == store.keyring.key_ids[0]
    alone = await open_with(NEW)
    await check(alone)
    assert alone.keyring.public_key() == public


@pytest.mark.parametrize("steps", [0, 1, 2, 4, 7])
async def test_a_round_that_is_killed_anywhere_loses_nothing_and_the_next_goes_on(
    open_with: Opener, steps: int
) -> None:
    await live(await open_with(OLD))
    for _ in range(4):
        mortal = the_round(await open_with(NEW, OLD), Mortal)
        assert isinstance(mortal, Mortal)
        mortal.left = steps
        with suppress(Killed):
            await mortal.go()
        await check(await open_with(NEW, OLD))
        steps += 1
    await the_round(await open_with(NEW, OLD)).go()
    await check(await open_with(NEW))


async def test_every_sealed_column_there_is_is_sealed_anew(open_with: Opener) -> None:
    await fill(await open_with(OLD))
    store = await open_with(NEW, OLD)
    await the_round(store).go()
    found = await opened(await open_with(NEW))
    assert found == {place: words(place) for place in found}
    assert set(found) == {f"{of.name}.{column.name}" for of in sealed_tables() for column in of.columns}


async def test_a_database_that_keeps_no_roots_yet_goes_on_with_its_oldest_secret(open_with: Opener) -> None:
    await _before_roots(await open_with(OLD))
    await check(await open_with(NEW, OLD))


async def test_a_secret_that_is_only_known_yet_does_not_become_the_root(open_with: Opener) -> None:
    await _before_roots(await open_with(OLD))
    await check(await open_with(OLD, NEW))


async def _before_roots(store: Store) -> None:
    await live(store)
    line = store._database.writing()
    await line.run(Prepared(delete(meta).where(meta.c.key == "roots")))
    await line.commit()


async def test_what_is_changed_while_its_row_is_read_stays_changed(open_with: Opener) -> None:
    await live(await open_with(OLD))
    store = await open_with(NEW, OLD)
    [complaints] = [of for of in sealed_tables() if of.name == "complaints"]
    async with store.reading() as unit:
        window = await unit.resealing.window(complaints, None, 100)
    changed = replace(RECORD, fields={**RECORD.fields, "request": RECORD.fields["matter"]})
    async with store.unit() as unit:
        case = await unit.complaints.by_number("TS26112300003", lock=True)
        assert case is not None
        await unit.complaints.save(case.id, record=changed, now=NOW)
        await unit.commit()
    async with store.unit() as unit:
        assert await unit.resealing.reseal(complaints, window.stale) == CASES
        await unit.commit()
    async with store.reading() as unit:
        assert _request(await unit.complaints.by_number("TS26112300003")) == RECORD.value("matter")


def _request(case: object) -> str:
    record = getattr(case, "record", Complaint())
    return str(record.value("request"))


async def test_a_row_that_somebody_is_writing_is_left_for_the_next_round(open_with: Opener) -> None:
    await live(await open_with(OLD))
    store = await open_with(NEW, OLD)
    if not store.shared:
        pytest.skip("there is one writer at a time")
    [complaints] = [of for of in sealed_tables() if of.name == "complaints"]
    async with store.reading() as unit:
        window = await unit.resealing.window(complaints, None, 100)
    async with _held(store, "TS26112300003"), store.unit() as unit:
        assert await unit.resealing.reseal(complaints, window.stale) == CASES - 1
        await unit.commit()


@asynccontextmanager
async def _held(store: Store, number: str) -> AsyncIterator[None]:
    async with store.unit() as unit:
        assert await unit.complaints.by_number(number, lock=True)
        yield


async def test_a_process_that_runs_on_learns_of_the_new_secret_when_it_meets_it() -> None:
    ring = [OLD]
    running = Keyring.from_secret(OLD, lambda: ",".join(ring))
    ring.insert(0, NEW)
    sealed = Keyring.from_secret(NEW).seal("words", "place")
    assert running.open(sealed, "place") == b"words"
    assert running.key_ids == Keyring.from_secret(",".join(ring)).key_ids
    with pytest.raises(WrongKey):
        running.open(Keyring.from_secret(new_secret()).seal("words", "place"), "place")


async def test_the_indexes_stay_when_the_ring_is_read_again() -> None:
    keys = Keyring.from_secret(OLD, lambda: NEW)
    index = keys.index("phone", PHONE)
    keys.refresh()
    assert keys.index("phone", PHONE) == index
