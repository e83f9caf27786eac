"""The worker: channels do not wait for one another, and what is in hand at the end is finished."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from channels.base import Outbound
from channels.errors import Retryable
from gateway.delivery import worker as worker_module
from gateway.delivery.settle import settle as real_settle
from store.values import OutboxState
from tests.delivery.post import Office
from tests.store.things import parcel, talk
from tests.waiting import until


@asynccontextmanager
async def at_work(office: Office) -> AsyncIterator[list[asyncio.Task[None]]]:
    tasks = [asyncio.create_task(office.worker.run(name)) for name in office.post]
    yield tasks
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_mail_server_that_hangs_holds_no_chat_message(office: Office) -> None:
    office.post["email"].gate = gate = asyncio.Event()
    await office.put(parcel("slow", channel="email"))
    async with at_work(office):
        await until(lambda: office.post["email"].tried)
        await office.put(parcel("p1"))
        office.store.ring()
        await until(lambda: office.post["wechat"].taken)
        gate.set()


async def test_a_slow_message_does_not_hold_another_persons_on_the_same_channel(office: Office) -> None:
    wechat = office.post["wechat"]
    wechat.gate = gate = asyncio.Event()
    await office.put(parcel("slow"))
    async with at_work(office):
        await until(lambda: wechat.tried)
        wechat.gate = None
        await office.put(parcel("quick"))
        office.store.ring()
        await until(lambda: [one.id for one in wechat.taken] == ["quick"])
        gate.set()


async def test_what_is_in_hand_when_we_stop_is_sent_and_written_down(office: Office) -> None:
    wechat = office.post["wechat"]
    wechat.gate = gate = asyncio.Event()
    await office.put(parcel("p1"))
    async with at_work(office) as tasks:
        await until(lambda: wechat.tried)
        for task in tasks:
            task.cancel()
        asyncio.get_running_loop().call_later(0.05, gate.set)
        await asyncio.gather(*tasks, return_exceptions=True)
    assert (await office.parcel("p1")).state is OutboxState.SENT


async def test_what_hangs_longer_than_a_send_may_take_is_let_go_at_the_end(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.post["wechat"].gate = asyncio.Event()
    await office.put(parcel("p1"))
    async with at_work(office) as tasks:
        await until(lambda: office.post["wechat"].tried)
        monkeypatch.setattr(worker_module, "SEND_SECONDS", 0.05)
        for task in tasks:
            task.cancel()
        async with asyncio.timeout(5):
            await asyncio.gather(*tasks, return_exceptions=True)
    assert (await office.parcel("p1")).state is OutboxState.CLAIMED


async def test_an_outcome_that_cannot_be_written_cuts_off_no_other_message(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def settle(house: object, one: object, outcome: object) -> None:
        if getattr(one, "id", "") == "bad":
            raise OSError("the disk is full")
        await real_settle(office.house, one, outcome)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(worker_module, "settle", settle)
    monkeypatch.setattr(worker_module, "SETTLE_TRIES", 1)
    office.post["wechat"].gate = gate = asyncio.Event()
    asyncio.get_running_loop().call_later(0.05, gate.set)
    await office.put(parcel("bad"), parcel("good"))

    await office.worker.run_once()

    assert (await office.parcel("bad")).state is OutboxState.CLAIMED
    assert (await office.parcel("good")).state is OutboxState.SENT


async def test_a_message_of_a_kind_we_do_not_know_is_kept_and_the_next_one_leaves(office: Office) -> None:
    await office.put(parcel("odd", kind="oracle"), parcel("good"))
    await office.worker.run_once()
    assert (await office.parcel("odd")).state is OutboxState.WAITING
    assert (await office.parcel("good")).state is OutboxState.SENT


async def test_a_message_that_must_wait_long_does_not_keep_back_the_answers_after_it(office: Office) -> None:
    mine = await talk(office.store)

    def busy(outbound: Outbound) -> Retryable | None:
        return Retryable("greylisted") if outbound.id == "greylisted" else None

    office.post["wechat"].trouble = busy
    await office.put(parcel("greylisted", conversation_id=mine), parcel("answer", conversation_id=mine))
    await office.deliver()
    assert office.post["wechat"].taken == [], "a minute is worth waiting for: people read us in order"

    office.clock.advance(minutes=1)
    await office.deliver()

    assert [one.id for one in office.post["wechat"].taken] == ["answer"]
