"""The audit trail: whoever changes it is found out."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from store.crypto import Keyring, new_secret
from store.errors import StoreError
from store.unit import Store
from tests.store.things import NOW

UNPROTECT = {
    "sqlite": ["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"],
    "postgresql": ["SET LOCAL session_replication_role = replica"],
}


async def write(store: Store, subject: str) -> None:
    async with store.unit() as unit:
        await unit.audit.write(
            at=NOW,
            actor="li.wei",
            action="unmask",
            subject=subject,
            detail={"reason": "回访 王小明", "fields": ["phone"]},
        )
        await unit.commit()


async def broken_at(store: Store) -> int | None:
    async with store.reading() as unit:
        return await unit.audit.verify()


async def tamper(url: str, *statements: str) -> None:
    """What somebody with the database's password could do, past the triggers."""
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        for statement in (*UNPROTECT[make_url(url).get_backend_name()], *statements):
            await connection.execute(text(statement))
    await engine.dispose()


async def test_an_untouched_trail_is_whole(store: Store) -> None:
    assert await broken_at(store) is None
    for place in range(3):
        await write(store, f"TS{place}")
    assert await broken_at(store) is None


async def test_writers_at_the_same_time_make_one_chain(store: Store) -> None:
    await asyncio.gather(*[write(store, f"TS{place}") for place in range(8)])
    assert await broken_at(store) is None


@pytest.mark.parametrize(
    ("deed", "found_at"),
    [
        ("UPDATE audit SET actor = 'nobody' WHERE id = 2", 2),
        ("UPDATE audit SET detail = (SELECT detail FROM audit WHERE id = 1), subject = 'TS0' WHERE id = 2", 2),
        ("UPDATE audit SET hash = (SELECT hash FROM audit WHERE id = 1) WHERE id = 3", 3),
        ("DELETE FROM audit WHERE id = 2", 3),
        ("DELETE FROM audit WHERE id = 1", 2),
    ],
)
async def test_a_changed_or_missing_entry_is_found(store: Store, store_url: str, deed: str, found_at: int) -> None:
    for place in range(4):
        await write(store, f"TS{place}")
    await tamper(store_url, deed)
    assert await broken_at(store) == found_at


@pytest.mark.parametrize("deed", ["UPDATE audit SET actor = 'nobody'", "DELETE FROM audit"])
async def test_the_database_itself_refuses_a_change(store: Store, deed: str) -> None:
    await write(store, "TS1")
    async with store.unit() as unit:
        with pytest.raises(StoreError):
            await unit.audit._line.run(text(deed))
    assert await broken_at(store) is None


async def test_a_chain_made_without_our_secret_does_not_pass(store: Store) -> None:
    await write(store, "TS1")
    async with store.reading() as unit:
        unit.audit._keys = Keyring.from_secret(new_secret())
        assert await unit.audit.verify() == 1
