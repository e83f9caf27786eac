"""Whatever is stored is looked at again: a bit that flipped, a file that went, a link of the chain that was forged."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from pathlib import Path

from sqlalchemy import make_url, select, text, update

from gateway.operations.integrity import look_through
from store.integrity import Damage
from store.models import audit, complaints, ledger, memory
from store.unit import Store
from store.values import FileState
from tests.store.things import NOW, arrive, file, open_case

LARGE = b"x" * 100_000


async def fill(store: Store, blob: str = "") -> None:
    """One item of each size, a complaint, a file, something remembered, and two deeds."""
    async with store.unit() as unit:
        small = await arrive(unit, "small", raw=b"<xml/>")
        await arrive(unit, "large", raw=LARGE)
        await open_case(unit)
        sha256 = await store.blobs.put(b"a paper")
        await unit.files.add(file("f1", small, state=FileState.STORED, sha256=sha256, ref=""))
        await unit.memory.put("wechat/token", "secret")
        for action in ("first", "second"):
            await unit.audit.write(at=NOW, actor="li", action=action, subject="TS26112300001", detail={"a": action})
        await unit.commit()


async def damaged(store: Store) -> list[tuple[str, str]]:
    return sorted((each.where, each.what) for each in (await look_through(store)).damaged)


async def test_what_nobody_touched_is_whole_and_all_of_it_was_looked_at(store: Store) -> None:
    await fill(store)
    report = await look_through(store)
    assert report.whole
    assert {name: count for name, count in report.looked.items() if count} == {
        "ledger": 2,
        "complaints": 1,
        "files": 1,
        "memory": 1,
        "meta": report.looked["meta"],
        "audit": 2,
        "raw items": 2,
        "contents of files": 1,
    }


async def test_a_value_that_was_moved_to_another_place_does_not_open(store: Store) -> None:
    await fill(store)
    async with store.unit() as unit:
        [row] = await unit._line.rows(select(memory.c.value))
        await unit._line.run(update(complaints).values(contact=row.value))
        await unit.commit()
    assert await damaged(store) == [("complaints.contact", "unopened")]


async def test_an_item_whose_bytes_are_others_is_named_and_one_that_went(store: Store, tmp_path: Path) -> None:
    await fill(store)
    async with store.unit() as unit:
        other = store.keyring.seal(b"<xml!>", "ledger.raw")
        await unit._line.run(update(ledger).where(ledger.c.raw.is_not(None)).values(raw=other))
        await unit.commit()
    await asyncio.to_thread(shutil.rmtree, tmp_path / "blobs")
    assert await damaged(store) == [("files", "blob"), ("ledger.raw", "blob"), ("ledger.raw", "hash")]


async def test_a_deed_that_was_ascribed_to_somebody_else_breaks_the_chain(store: Store) -> None:
    await fill(store)
    guard = "ALTER TABLE audit DISABLE TRIGGER USER" if store.shared else "DROP TRIGGER audit_no_update"
    async with store.unit() as unit:
        await unit._line.run(text(guard))  # who owns the database can do that
        await unit._line.run(update(audit).where(audit.c.id == 2).values(actor="zhang"))
        if store.shared:
            await unit._line.run(text("ALTER TABLE audit ENABLE TRIGGER USER"))
        await unit.commit()
    [damage] = (await look_through(store)).damaged
    assert damage == Damage(where="audit", row="2", what="chain")


async def test_a_row_that_points_to_nothing_is_named(store: Store, store_url: str) -> None:
    if store.shared:
        return  # PostgreSQL keeps its own guard, which nobody can switch off for one connection
    await fill(store)
    behind = sqlite3.connect(make_url(store_url).database or "")
    behind.execute("PRAGMA foreign_keys=OFF")
    behind.execute("UPDATE ledger SET complaint_id = 99 WHERE id = 1")
    behind.commit()
    behind.close()
    assert await damaged(store) == [("ledger.complaint_id", "orphan")]
