"""Whose fault it is: what the database cannot read is no damage of the spool, and a bad disk is no absent database."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest

from channels.base import CallReport, CallState
from normalizer.record import Contact, ContactKind, Submission
from store.errors import Damaged, WrongKey
from tests.spool.away import refusing
from tests.spool.conftest import House

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

CALLER = "+8613812345678"
MATTER = "我的车险理赔拖了两个月还没有赔，每次打电话都说在审核"
COMPLAINT = "我叫王小明，手机13812345678，要投诉业务员误导我买保险，要求全额退保"


@contextmanager
def conversations_damaged(path: Path) -> Iterator[None]:
    """Rows that do not open, until somebody mends them."""
    with closing(sqlite3.connect(path, isolation_level=None)) as by_hand:
        before = by_hand.execute("SELECT state, id FROM conversations").fetchall()
        by_hand.execute("UPDATE conversations SET state = x'00'")
    yield
    with closing(sqlite3.connect(path, isolation_level=None)) as by_hand:
        by_hand.executemany("UPDATE conversations SET state = ? WHERE id = ?", before)


async def test_a_caller_is_called_back_although_their_conversation_could_not_be_read_at_first(
    house: House, tmp_path: Path
) -> None:
    call = await house.phone.carrier.call(CALLER)
    with refusing(house.gateway.house.store):
        await call.speak(MATTER)
        await call.hang_up()
        await house.phone.carrier.settle()
    spool = house.gateway.spooling.spool
    with conversations_damaged(tmp_path / "tousu.db"):
        before = spool.depth
        await house.drain()
        assert spool.depth == before
        assert "cannot be handled" in spool.problem
    assert not list(spool.folder.glob("*.damaged"))
    await house.drain()
    assert spool.depth == 0
    assert spool.problem == ""
    assert "callback" in {task.kind for task in await house.tasks()}


@pytest.mark.parametrize("error", [Damaged, WrongKey])
async def test_a_report_that_meets_an_unreadable_row_is_told_again(house: House, error: type[Exception]) -> None:
    inbox, spool = house.gateway.inbox, house.gateway.spooling.spool
    other = Contact(kind=ContactKind.PHONE, value=CALLER)
    report = CallReport(channel="phone", call="CA1", state=CallState.COMPLETED, at=house.clock.now(), other=other)
    with refusing(house.gateway.house.store):
        await house.gateway.spooling.inbox.note_call(report)
    with patch.object(inbox, "note_call", side_effect=error("conversations.state")):
        assert await house.drain() == 0
    assert spool.depth == 1
    told: list[CallReport] = []

    async def hears(report: CallReport) -> None:
        told.append(report)

    with patch.object(inbox, "note_call", hears):
        assert await house.drain() == 1
    assert told == [report]


async def test_a_record_that_the_disk_does_not_give_ends_nothing_for_anybody_else(house: House) -> None:
    spool, outage = house.gateway.spooling.spool, house.gateway.spooling.outage
    with refusing(house.gateway.house.store):
        await house.wechat.write("wang", COMPLAINT, key="a")
        for who in ("li", "zhao", "qian", "sun", "zhou"):
            await house.wechat.write(who, COMPLAINT, key=who)
    (bad,) = (lane[0] for name, lane in spool.waiting().items() if "wang" in name)
    start, pread = bad.segment.wanted[bad.number].start, os.pread

    def fails(handle: int, size: int, place: int) -> bytes:
        if place == start:
            raise OSError(errno.EIO, "Input/output error")
        return pread(handle, size, place)

    with patch.object(os, "pread", fails):
        assert await house.drain() == 5
        assert not outage.lasts
        assert spool.problem == "1 cannot be handled"
        assert [await house.drain() for _ in range(3)] == [0, 0, 0]
        assert not outage.lasts
    bad.rests_until = 0.0
    assert await house.drain() == 1
    assert await house.ledger() == {"handled": 6}


async def test_a_disk_that_hangs_is_no_absent_database(house: House) -> None:
    spooling = house.gateway.spooling
    with refusing(house.gateway.house.store):
        await house.wechat.write("wang", COMPLAINT, key="a")
    spooling.outage.ends()
    with patch.object(spooling.spool, "read", side_effect=TimeoutError):
        assert await house.drain() == 0
    assert not spooling.outage.lasts
    assert spooling.spool.problem == "1 cannot be handled"


async def test_a_database_that_goes_away_while_a_record_is_handled_is_not_held_against_the_record(
    house: House,
) -> None:
    spooling = house.gateway.spooling
    with refusing(house.gateway.house.store):
        await house.wechat.write("wang", COMPLAINT, key="a")
    spooling.outage.ends()

    async def cut(_submission: Submission, *, speak_by: float | None = None) -> object:
        raise ConnectionResetError

    with patch.object(house.gateway.inbox, "submit", cut):
        assert await house.drain() == 0
    assert spooling.outage.lasts
    assert spooling.spool.problem == ""
