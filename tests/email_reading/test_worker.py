"""Reading in processes that may be killed: one bad mail costs nothing but itself."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from channels.email.reading import read_mail
from channels.email.worker import ReadingPool
from channels.errors import Unreadable
from tests.email_reading.build import GRIEVANCE, OWN, answer, bundle, letter, multipart, part

BIG = bundle(multipart("mixed", part(GRIEVANCE), part(bytes(range(256)) * 20_000, "image/jpeg; name=a.jpg")))
# Costs seconds to read, whatever the limits: fifty megabytes of lines in need of a reading.
SLOW = letter(("From: 我们\n" * 400_000), subject="TS261101000017", encoding="8bit")


@pytest.fixture
async def pool() -> AsyncIterator[ReadingPool]:
    made = ReadingPool(OWN)
    yield made
    await made.aclose()


def pids(pool: ReadingPool) -> set[int]:
    return set(pool.processes.pids)


def is_running(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def of_process(pid: int, what: str) -> str:
    return Path(f"/proc/{pid}/{what}").read_text()


async def test_a_worker_reads_exactly_what_we_would_read_ourselves(pool: ReadingPool) -> None:
    for raw in (letter(), answer("补充"), BIG, b"", b"\xff" * 1_000):
        facts = {"internaldate": "2026-11-12T23:00:00+00:00"}
        assert await pool.read(raw, facts) == read_mail(raw, OWN, envelope=facts)


async def test_many_mails_at_once_wait_for_their_turn(pool: ReadingPool) -> None:
    mails = await asyncio.gather(*(pool.read(letter(f"第{number}封投诉信")) for number in range(30)))
    assert [mail.text for mail in mails] == [f"第{number}封投诉信" for number in range(30)]
    assert len(pids(pool)) == 1


async def test_a_mail_that_takes_too_long_is_given_up_and_the_next_one_is_read() -> None:
    pool = ReadingPool(OWN, seconds=0.2)
    await pool.warm()
    [before] = pids(pool)
    with pytest.raises(Unreadable, match="time"):
        await pool.read(SLOW)
    pool.processes.seconds = 10
    assert (await pool.read(letter())).text == GRIEVANCE
    assert before not in pids(pool)
    await pool.aclose()


async def test_a_mail_that_needs_too_much_memory_is_given_up_and_the_next_one_is_read() -> None:
    pool = ReadingPool(OWN, memory_mb=160)
    with pytest.raises(Unreadable):
        await pool.read(letter("字" * 15_000_000, encoding="8bit"))
    assert (await pool.read(letter())).text == GRIEVANCE
    await pool.aclose()


async def test_a_killed_worker_does_not_lose_the_next_mail(pool: ReadingPool) -> None:
    await pool.warm()
    [pid] = pids(pool)
    os.kill(pid, signal.SIGKILL)
    first = await asyncio.gather(pool.read(letter()), return_exceptions=True)
    assert isinstance(first[0], Unreadable) or first[0].text == GRIEVANCE  # type: ignore[union-attr]  # a Mail otherwise
    assert (await pool.read(letter())).text == GRIEVANCE


async def test_a_caller_who_gives_up_does_not_leave_an_answer_for_the_next(pool: ReadingPool) -> None:
    await pool.warm()
    asking = asyncio.create_task(pool.read(SLOW))
    done, _ = await asyncio.wait([asking], timeout=0.1)
    assert not done
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert (await pool.read(letter("下一封"))).text == "下一封"


async def test_workers_are_replaced_after_their_share_of_mails() -> None:
    pool = ReadingPool(OWN, recycle_after=2)
    seen = set()
    for _ in range(5):
        await pool.read(letter())
        seen |= pids(pool)
    assert len(seen) >= 2
    await pool.aclose()


async def test_closing_leaves_no_process_behind() -> None:
    pool = ReadingPool(OWN, processes=2)
    await asyncio.gather(pool.read(letter()), pool.read(letter()))
    left = pids(pool)
    await pool.aclose()
    assert len(left) == 2
    assert not [pid for pid in left if is_running(pid)]
    with pytest.raises(Unreadable, match="closed"):
        await pool.read(letter())


async def test_a_worker_knows_nothing_of_the_gateway(pool: ReadingPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOUSU_SECRET_KEY", "not-for-workers")
    await pool.warm()
    [pid] = pids(pool)
    assert "TOUSU" not in of_process(pid, "environ")
    mapped = of_process(pid, "maps")
    assert not [name for name in ("aiohttp", "sqlalchemy", "wechatpy", "uvloop") if name in mapped]


def test_the_reading_package_needs_nothing_of_the_gateway() -> None:
    wanted = {"channels.email.reading.read", "normalizer.record"}
    assert wanted <= set(sys.modules)
