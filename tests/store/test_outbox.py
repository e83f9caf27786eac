"""The outbox: each message to one worker, in order, until it is settled."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from store.unit import Store, Unit
from store.values import OutboxState, Parcel
from tests.store.things import LI, NOW, SOON, arrive, open_case, parcel, talk

LEASE = timedelta(minutes=5)
CHANNELS = ("wechat", "email")


async def claim(unit: Unit, now: datetime = NOW, limit: int = 10) -> list[str]:
    return [one.id for one in await unit.outbox.claim(now, lease=LEASE, limit=limit, channels=CHANNELS)]


async def put(store: Store, *parcels: Parcel) -> None:
    async with store.unit() as unit:
        for one in parcels:
            await unit.outbox.put(one)
        await unit.commit()


async def test_a_message_comes_back_whole(store: Store) -> None:
    conversation = await talk(store)
    async with store.unit() as unit:
        entry, case = await arrive(unit), await open_case(unit)
        sent = parcel(
            "p1",
            to=LI,
            subject="投诉受理",
            number=case.number,
            status_label="已受理",
            link="https://x/progress",
            language="en",
            complaint_id=case.id,
            conversation_id=conversation,
            ledger_id=entry.id,
            state=OutboxState.HELD,
            error="no key",
        )
        await unit.outbox.put(sent)
        assert await unit.outbox.get("p1") == sent
        assert await unit.outbox.of_complaint(case.id) == [sent]
        assert await unit.outbox.get("p2") is None


async def test_four_workers_never_take_the_same_message(store: Store) -> None:
    await put(store, *[parcel(f"p{place}") for place in range(40)])

    async def work() -> list[str]:
        taken: list[str] = []
        while True:
            async with store.unit() as unit:
                ids = await claim(unit, limit=3)
                await unit.commit()
            if not ids:
                return taken
            taken += ids

    taken = [id for ids in await asyncio.gather(*[work() for _ in range(4)]) for id in ids]
    assert len(taken) == 40
    assert len(set(taken)) == 40


async def test_a_worker_takes_no_more_than_it_asked_for(store: Store) -> None:
    await put(store, *[parcel(f"p{place}") for place in range(5)])
    async with store.unit() as unit:
        assert await claim(unit, limit=2) == ["p0", "p1"]


async def test_a_message_of_a_dead_worker_is_taken_again_when_the_lease_is_over(store: Store) -> None:
    await put(store, parcel("p1"))
    async with store.unit() as unit:
        assert await claim(unit) == ["p1"]
        await unit.commit()
    async with store.unit() as unit:
        assert await claim(unit, NOW + LEASE - timedelta(seconds=1)) == []
        again = await unit.outbox.claim(NOW + LEASE, lease=LEASE, limit=1, channels=CHANNELS)
        assert [(one.id, one.state, one.attempts) for one in again] == [("p1", OutboxState.CLAIMED, 2)]


async def test_only_what_is_due_on_the_workers_channels_is_taken(store: Store) -> None:
    await put(store, parcel("later", next_at=NOW + SOON), parcel("phone", channel="phone"), parcel("now"))
    async with store.unit() as unit:
        assert await claim(unit) == ["now"]
        assert await unit.outbox.claim(NOW, lease=LEASE, limit=5, channels=()) == []
        assert await claim(unit, NOW + SOON) == ["later"]


async def test_a_person_gets_our_messages_in_their_order(store: Store) -> None:
    mine, other = await talk(store), await talk(store, LI, "email")
    await put(
        store,
        parcel("first", conversation_id=mine),
        parcel("second", conversation_id=mine),
        parcel("elsewhere", conversation_id=mine, channel="email"),
        parcel("other", conversation_id=other),
    )
    async with store.unit() as unit:
        assert await claim(unit) == ["first", "elsewhere", "other"]
        assert await claim(unit) == []
        await unit.outbox.later("first", next_at=NOW + SOON, error="busy")
        assert await claim(unit) == []
        assert await claim(unit, NOW + SOON) == ["first"]
        await unit.outbox.sent("first", provider_id="1", via="smtp", at=NOW)
        assert await claim(unit, NOW + SOON) == ["second"]


async def test_what_waits_for_the_person_does_not_hold_up_what_comes_after(store: Store) -> None:
    mine = await talk(store)
    parked = parcel("parked", conversation_id=mine, state=OutboxState.PARKED)
    await put(store, parked, parcel("next", conversation_id=mine))
    async with store.unit() as unit:
        assert await claim(unit) == ["next"]


async def test_what_became_of_a_message_is_written_down(store: Store) -> None:
    await put(store, parcel("p1"), parcel("p2"), parcel("p3"))
    async with store.unit() as unit:
        await claim(unit)
        await unit.outbox.sent("p1", provider_id="<m1@us>", via="smtp", at=NOW + SOON)
        await unit.outbox.sent("p2", provider_id="m2", via="template", at=NOW, delivered=True)
        await unit.outbox.finish("p3", OutboxState.FAILED, "refused: 王小明")
        await unit.commit()
    async with store.unit() as unit:
        first = await unit.outbox.by_provider_id("wechat", "<m1@us>")
        assert first == replace(
            parcel("p1"), state=OutboxState.SENT, provider_id="<m1@us>", via="smtp", sent_at=NOW + SOON, attempts=1
        )
        assert await unit.outbox.by_provider_id("email", "<m1@us>") is None
        found = {one.id: (one.state, one.error) for one in await unit.outbox.recent(2)}
        assert found == {"p3": (OutboxState.FAILED, "refused: 王小明"), "p2": (OutboxState.DELIVERED, "")}
        await unit.outbox.set_state("p1", OutboxState.DELIVERED)
        assert await unit.outbox.depth() == {"delivered": 2, "failed": 1}


async def test_parked_messages_leave_when_the_person_writes_again(store: Store) -> None:
    mine, other = await talk(store), await talk(store, LI, "email")
    parked = OutboxState.PARKED
    await put(
        store, parcel("p1", conversation_id=mine, state=parked), parcel("p2", conversation_id=other, state=parked)
    )
    async with store.unit() as unit:
        assert await claim(unit) == []
        assert await unit.outbox.unpark(mine, NOW + SOON) == 1
        assert await claim(unit, NOW + SOON) == ["p1"]


async def test_held_messages_leave_when_the_channel_is_mended(store: Store) -> None:
    await put(store, parcel("p1", state=OutboxState.HELD), parcel("p2", channel="email", state=OutboxState.HELD))
    async with store.unit() as unit:
        assert await unit.outbox.release_held("email", NOW) == 1
        assert await claim(unit) == ["p2"]
