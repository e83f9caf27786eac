"""Years after they were answered, nothing of those who chatted, wrote and called is anywhere any more."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import timedelta

from sqlalchemy import select

from gateway.casework.acts.withdrawing import withdraw
from gateway.casework.retention.files import remove_files
from gateway.casework.retention.round import RetentionRound
from store.erasing import KEPT
from store.sealed import sealed_tables
from store.unit import Store
from tests.intake.calls import A_HOTLINE, accepted
from tests.intake.conftest import Opening
from tests.intake.letters import WHOLE as LETTER
from tests.intake.letters import Writer
from tests.intake.talks import COMPLETE, Office

OPENID, ADDRESS = "oSomebodyWithAName", "xiaoming.wang@qq.example"
PRIVATE = (
    "王小明",
    "13812345678",
    "85261234567",
    "PDAA202641010000123456",
    "漕溪北路",
    "11010519491231002",
    OPENID,
    ADDRESS,
)
YEARS = timedelta(days=366 * 11)


async def test_nothing_of_a_person_is_left_and_every_item_is_still_counted(opening: Opening) -> None:
    async with opening(**A_HOTLINE) as office:
        await told_on_every_channel(office)
        await closed(office)
        before = await office.ledger()
        assert {word for word in PRIVATE if word in await everything(office)} == set(PRIVATE)
        office.clock.advance(days=YEARS.days)
        done = await RetentionRound(office.gateway.house).run()
        age(office)
        await remove_files(office.gateway.house)
        assert done == {"complaints": len(await office.cases())}
        assert {word for word in PRIVATE if word in await everything(office)} == set()
        assert await office.ledger() == before


async def told_on_every_channel(office: Office) -> None:
    await office.by_chat(OPENID).write(COMPLETE)
    await office.by_chat(OPENID).write("请问进度")
    await office.by_mail(ADDRESS).write(COMPLETE, raw=COMPLETE.encode() * 2_000)  # too large for a row
    await Writer(office=office).write(LETTER)
    call, _ = await accepted(office)
    await call.hang_up()


async def closed(office: Office) -> None:
    for case in await office.cases():
        await withdraw(office.gateway.house, case.number, reason="x", evidence="x", tell=True, actor="li")
    for task in await office.tasks():
        await office.finish(task)


async def everything(office: Office) -> str:
    """All that is sealed, opened, but for what is kept; all that is not sealed; and all files."""
    store = office.gateway.house.store
    rows = [str(found) async for found in _opened(store)]
    files = [(await store.blobs.get(sha256)).decode(errors="replace") for sha256 in await store.blobs.listed()]
    return "\n".join(rows + files)


async def _opened(store: Store) -> AsyncIterator[str]:
    line = store._database.reading()
    for of in sealed_tables():
        for row in await line.rows(select(of.table)):
            yield str([value for value in row if not isinstance(value, bytes)])
            for column in of.columns:
                value, place = getattr(row, column.name), of.place(column.name, getattr(row, of.key.name))
                if value and f"{of.name}.{column.name}" not in KEPT:
                    yield store.keyring.open(value, place).decode(errors="replace")
    await line.drop()


def age(office: Office) -> None:
    """The files are as old as the clock says."""
    for path in (office.gateway.house.settings.data_dir / "files").glob("??/*"):
        os.utime(path, (0, 0))
