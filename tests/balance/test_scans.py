"""The ledger against the mailroom's folder: every scan put away is an item, and every item of a scan lies there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import rmtree

import pytest

from gateway.house import House
from gateway.intake.inbox import GatewayInbox
from gateway.operations.balance.check import BalanceCheck
from gateway.operations.balance.values import Answered, Balance, Verdict, Why
from gateway.settings import Settings
from store.unit import Store
from tests.balance.conftest import found
from tests.clock import SetClock
from tests.letter.conftest import Room
from tests.letter.mailroom import COMPLAINT, scan

TWO_LETTERS = scan(COMPLAINT, "letter 我叫李娜，电话13900000000，寿险退保一直不办，要求尽快办理。\nother 附件")


class Post:
    """A mailroom that hands over to the gateway's own inbox. Files bear the time of the machine, so the clock does."""

    def __init__(self, room: Room, store: Store) -> None:
        self.room = room
        self.store = store
        self.clock = room.clock = SetClock(datetime.now(UTC))
        self.house = House(store=store, clock=self.clock, settings=Settings())
        self.inbox = GatewayInbox(self.house)

    async def comes(self, name: str, content: bytes = b"") -> None:
        self.room.scan(name, content or scan(f"{COMPLAINT} {name}"))
        await self.room.works(inbox=self.inbox)

    async def look(self) -> Balance:
        self.clock.advance(minutes=90)
        check = BalanceCheck(self.house, {"letter": self.room.channel()}, {})
        return await check.last_days()

    def put_away(self) -> list[Path]:
        return sorted(self.room.folder.glob("processed/*/*"))


@pytest.fixture
async def post(store: Store, tmp_path: Path) -> AsyncIterator[Post]:
    opened = Room(tmp_path / "in")
    opened.folder.mkdir()
    yield Post(opened, store)
    for channel in opened.opened:
        await channel.aclose()


async def test_scans_batches_letters_of_several_files_and_damaged_ones_balance(post: Post) -> None:
    await post.comes("one.pdf")
    await post.comes("batch.pdf", TWO_LETTERS)
    post.room.scan("pages/1.pdf", scan(COMPLAINT))
    await post.comes("pages/2.pdf", scan("other 附件"))
    month_ago = (post.clock.now() - timedelta(days=30)).date()
    post.room.note("noted.json", received_on=month_ago.isoformat(), files=["noted.pdf"])
    await post.comes("noted.pdf")
    await post.comes("damaged.pdf", b"nonsense that no scanner makes")
    balance = await post.look()
    assert balance.verdict is Verdict.BALANCED, balance.off
    received = sum(line.received for line in balance.lines)
    assert received == 6  # the batch and its two letters, and no note of an earlier day, which is another day's
    assert sum(line.at_source or 0 for line in balance.lines) == 5


async def test_a_scan_that_lies_among_the_handled_and_never_came_to_us_is_named_without_its_name(post: Post) -> None:
    await post.comes("one.pdf")
    (post.put_away()[0].parent / "张小三的信.pdf").write_bytes(scan(f"{COMPLAINT} of nobody"))
    [off] = (await post.look()).off
    assert (off.why, off.kind) == (Why.NOT_IN_LEDGER, "scan")
    assert "张小三" not in off.name


async def test_a_scan_that_somebody_took_out_of_the_folder_is_named(post: Post) -> None:
    await post.comes("one.pdf")
    post.put_away()[0].unlink()
    assert found(await post.look()) == [(Why.NOT_AT_SOURCE, "item")]


async def test_the_same_scan_twice_counts_once(post: Post) -> None:
    await post.comes("one.pdf", scan(COMPLAINT))
    await post.comes("again.pdf", scan(COMPLAINT))
    balance = await post.look()
    assert found(balance) == [(Why.REPEATED, "scan")]
    assert balance.verdict is Verdict.BALANCED


async def test_a_scan_that_nobody_takes_is_named_once_it_has_waited(post: Post) -> None:
    post.room.scan("one.pdf", scan(COMPLAINT))
    assert found(await post.look()) == [(Why.LEFT_AT_SOURCE, "scan")]


async def test_a_folder_that_is_away_proves_nothing(post: Post) -> None:
    await post.comes("one.pdf")
    rmtree(post.room.folder)
    balance = await post.look()
    assert balance.verdict is Verdict.UNKNOWN
    assert [source.answered for source in balance.sources] == [Answered.AWAY]
