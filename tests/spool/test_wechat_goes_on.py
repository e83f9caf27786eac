"""WeChat while the database is away: an answer within five seconds, nothing lost, nothing twice, the number at last."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from unittest.mock import patch

import pytest

from channels.base import DeliveryReport, DeliveryState
from gateway.intake.phrases import phrases
from gateway.spool.errors import SpoolFull
from normalizer.record import Submission
from store.unit import Store, Unit
from tests.spool.away import hanging, refusing
from tests.spool.conftest import House

COMPLAINT = "我叫王小明，手机13812345678，要投诉业务员误导我买保险，要求全额退保"
AWAY = pytest.mark.parametrize("away", [refusing, hanging])
ON_ONE = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
KEPT, MORE = phrases("zh-Hans").say("away_kept"), phrases("zh-Hans").say("away_more")
Away = Callable[[Store], AbstractContextManager[None]]


@AWAY
async def test_who_writes_meanwhile_hears_that_it_is_kept_and_gets_the_number_afterwards(
    house: House, away: Away
) -> None:
    with away(house.gateway.house.store):
        await house.wechat.write("wang", COMPLAINT, key="a")
        assert house.chat("wang") == [KEPT]
        assert await house.gateway.spooling.drain.go() == 0
    assert await house.drain() == 1
    (case,) = await house.cases()
    assert case.number in house.chat("wang")[-1]
    assert house.gateway.spooling.spool.depth == 0
    assert await house.ledger() == {"handled": 1}


@AWAY
async def test_the_same_message_again_hears_the_same_words_and_is_one_item(house: House, away: Away) -> None:
    with away(house.gateway.house.store):
        for _ in range(3):
            await house.wechat.write("wang", COMPLAINT, key="a")
        assert house.chat("wang") == [KEPT] * 3
    await house.drain()
    before = house.chat("wang")
    await house.wechat.write("wang", COMPLAINT, key="a")  # and once more, when it is handled
    assert house.chat("wang") == before
    assert await house.ledger() == {"handled": 1}


@ON_ONE
async def test_several_people_are_served_each_in_their_order(house: House) -> None:
    taken: list[tuple[str, str]] = []
    submit = house.gateway.inbox.submit

    async def watched(submission: Submission, *, speak_by: float | None = None) -> object:
        taken.append((submission.sender.value, submission.text))
        return await submit(submission, speak_by=speak_by)

    with refusing(house.gateway.house.store):
        for number in range(5):
            for who in ("wang", "li", "zhao"):
                await house.wechat.write(who, f"第{number}句", key=f"{who}{number}")
        assert house.chat("li") == [KEPT, *[MORE] * 4]
    with patch.object(house.gateway.inbox, "submit", watched):
        assert await house.drain() == 15
    for who in ("wang", "li", "zhao"):
        assert [words for sender, words in taken if sender == who] == [f"第{number}句" for number in range(5)]


@ON_ONE
async def test_what_somebody_writes_afterwards_does_not_overtake_what_waits(house: House) -> None:
    with refusing(house.gateway.house.store):
        await house.wechat.write("wang", COMPLAINT, key="a")
    house.gateway.spooling.outage.ends()
    await house.wechat.write("wang", "保单号是P2024010112345678", key="b")
    await house.wechat.write("li", "你好", key="c")
    assert house.gateway.spooling.spool.depth == 2
    assert await house.ledger() == {"handled": 1}
    await house.drain()
    (case,) = await house.cases()
    assert case.record.value("policy_number") == "P2024010112345678"


async def test_an_answer_that_was_decided_after_all_is_sent_although_nobody_heard_it(house: House) -> None:
    """The commit came through when we had given up waiting for it."""
    go_on = asyncio.Event()
    commit = Unit.commit

    async def late(self: Unit) -> None:
        await go_on.wait()
        await commit(self)

    with patch.object(Unit, "commit", late):
        await house.wechat.write("wang", COMPLAINT, key="a")
        assert house.chat("wang") == [KEPT]
        go_on.set()
        await house.gateway.spooling.inbox.aclose()
    assert await house.ledger() == {"handled": 1}
    assert house.gateway.spooling.spool.depth == 1
    await house.drain()
    (case,) = await house.cases()
    assert [case.number in words for words in house.chat("wang")] == [False, True]
    await house.drain()
    assert len(house.chat("wang")) == 2


@ON_ONE
async def test_who_dies_between_the_commit_and_the_drop_does_no_harm(house: House) -> None:
    spool = house.gateway.spooling.spool
    with refusing(house.gateway.house.store):
        await house.wechat.write("wang", COMPLAINT, key="a")
    with patch.object(spool, "drop", side_effect=RuntimeError("killed")), pytest.raises(RuntimeError):
        await house.drain()
    assert spool.depth == 1
    await house.drain()
    assert spool.depth == 0
    assert await house.ledger() == {"handled": 1}
    assert len(await house.cases()) == 1
    assert len(house.chat("wang")) == 2


@ON_ONE
async def test_one_item_that_breaks_us_goes_to_a_person_and_the_next_is_handled(house: House) -> None:
    with refusing(house.gateway.house.store):
        await house.wechat.write("wang", COMPLAINT, key="a")
        await house.wechat.write("li", COMPLAINT, key="b")
        await house.wechat.write("wang", "还有，他们一直不回电话", key="c")
    channel = house.gateway.channels["wechat"]
    read, seen = channel.read, []

    async def breaks_once(item: object) -> Submission:
        seen.append(item)
        if len(seen) == 1:
            raise RuntimeError("a mistake of ours")
        return await read(item)  # type: ignore[arg-type]  # whatever the drain gives

    with patch.object(channel, "read", breaks_once):
        assert await house.drain() == 3
    assert house.gateway.spooling.spool.depth == 0
    assert sum((await house.ledger()).values()) == 3


@ON_ONE
async def test_a_record_that_cannot_be_handled_holds_up_nobody_else(house: House) -> None:
    with refusing(house.gateway.house.store):
        await house.wechat.write("wang", COMPLAINT, key="a")
        await house.wechat.write("li", COMPLAINT, key="b")
    submit = house.gateway.inbox.submit

    async def never_wang(submission: Submission, *, speak_by: float | None = None) -> object:
        if submission.sender.value == "wang":
            raise ValueError("neither handled nor quarantined")
        return await submit(submission, speak_by=speak_by)

    with refusing(house.gateway.house.store):
        await house.wechat.write("wang", "还有，他们一直不回电话", key="c")
    with patch.object(house.gateway.inbox, "submit", never_wang):
        assert [await house.drain() for _ in range(4)] == [1, 0, 0, 0]
    assert house.gateway.spooling.spool.problem == "2 cannot be handled"
    for entry in house.gateway.spooling.spool.waiting()["wechat:openid:wang"]:
        entry.rests_until = 0.0
    assert await house.drain() == 2


@ON_ONE
async def test_when_the_disk_is_full_too_wechat_is_not_told_that_we_have_it(house: House) -> None:
    channel = house.gateway.channels["wechat"]
    for webhook in channel.webhooks:  # type: ignore[attr-defined]  # WeChat's own
        webhook.pace = type(webhook.pace)(hold=0.3, retry=0.05)
    with refusing(house.gateway.house.store), patch.object(house.gateway.spooling.spool, "put", side_effect=SpoolFull):
        pushed = await house.wechat.world.push_text("wang", COMPLAINT, msg_id="77")
        assert pushed.statuses[-1] == 503
    await house.drain()
    await house.wechat.world.push_text("wang", COMPLAINT, msg_id="77")
    assert len(await house.cases()) == 1


@ON_ONE
async def test_what_a_provider_says_of_our_message_is_not_lost(house: House) -> None:
    report = DeliveryReport(channel="wechat", state=DeliveryState.DELIVERED, at=house.clock.now(), provider_id="4711")
    with refusing(house.gateway.house.store):
        await house.gateway.spooling.inbox.report(report)
    assert await house.drain() == 1
    async with house.gateway.house.store.reading() as unit:
        assert [early.provider_id for early in await unit.reports.of("wechat", "4711")] == ["4711"]


@ON_ONE
async def test_readiness_and_metrics_tell_how_much_waits(house: House) -> None:
    async with house.gateway_client() as client:
        with refusing(house.gateway.house.store):
            await house.wechat.write("wang", COMPLAINT, key="a")
            house.clock.advance(seconds=90)
            told = await (await client.get("/readyz")).json()
            assert told["parts"]["database"]["problem"] == "Unavailable"
            assert told["parts"]["spool"]["waiting"] == "1"
            assert told["parts"]["spool"]["oldest_seconds"] == "90"
            metrics = await (await client.get("/metrics")).text()
            assert "tousu_spool_records 1.0" in metrics
            assert "tousu_ledger_items{" not in metrics
        await house.drain()
        assert "tousu_spool_records 0.0" in await (await client.get("/metrics")).text()
