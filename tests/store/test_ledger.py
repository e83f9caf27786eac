"""The ledger: every item once, whole, with what became of it."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import timedelta

import pytest

from store.unit import Store
from store.values import Entry, LedgerId, LedgerState
from tests.store.things import NOW, SOON, arrive, open_case

LARGE = b"MIME" * 20_000


async def keep(store: Store, key: str = "m1") -> Entry:
    async with store.unit() as unit:
        entry = await arrive(unit, key)
        await unit.commit()
    return entry


async def test_an_item_is_new_once_and_known_ever_after(store: Store) -> None:
    first, again = await keep(store), await keep(store)
    assert (first.new, again.new) == (True, False)
    assert again.id == first.id
    assert again.received_at == NOW
    assert (again.channel, again.key, again.state) == ("wechat", "m1", LedgerState.STORED)


async def test_the_same_key_on_another_channel_is_another_item(store: Store) -> None:
    async with store.unit() as unit:
        assert (await arrive(unit, "1", "wechat")).new
        assert (await arrive(unit, "1", "email")).new


async def test_an_item_delivered_eight_times_at_once_is_new_to_one(store: Store) -> None:
    entries = await asyncio.gather(*[keep(store) for _ in range(8)])
    assert sum(entry.new for entry in entries) == 1
    assert len({entry.id for entry in entries}) == 1


@pytest.mark.parametrize("raw", [b"", b"\x00\xff<xml/>", LARGE])
async def test_an_item_comes_back_byte_for_byte_with_its_envelope(store: Store, raw: bytes) -> None:
    async with store.unit() as unit:
        entry = await arrive(unit, raw=raw, folder="INBOX", uid="7")
        await unit.commit()
    async with store.reading() as unit:
        assert await unit.ledger.raw(entry.id) == (raw, {"folder": "INBOX", "uid": "7"})
    assert (entry.sha256, entry.size) == (hashlib.sha256(raw).hexdigest(), len(raw))


async def test_large_items_lie_in_the_blob_store_and_small_ones_in_their_row(store: Store) -> None:
    async with store.unit() as unit:
        large, small = await arrive(unit, "large", raw=LARGE), await arrive(unit, "small", raw=b"x")
        await unit.commit()
    assert await store.blobs.has(large.sha256)
    assert not await store.blobs.has(small.sha256)


async def test_a_repeated_delivery_gets_the_very_same_answer(store: Store) -> None:
    entry = await keep(store)
    async with store.unit() as unit:
        case = await open_case(unit)
        await unit.ledger.settle(entry.id, answer_kind="spoken", answer_text="已收到", complaint_id=case.id)
        await unit.commit()
    again = await keep(store)
    assert (again.new, again.state) == (False, LedgerState.HANDLED)
    assert (again.answer_kind, again.answer_text, again.complaint_id) == ("spoken", "已收到", case.id)


async def test_what_followed_on_the_line_is_kept_beside_the_answer(store: Store) -> None:
    entry, other = await keep(store), await keep(store, "m2")
    async with store.unit() as unit:
        await unit.ledger.settle(entry.id, answer_kind="spoken", answer_text="请讲", answer_turn="listen matter")
        await unit.ledger.settle(other.id, answer_kind="silent", answer_text="")
        await unit.commit()
    assert (await keep(store)).answer_turn == "listen matter"
    assert (await keep(store, "m2")).answer_turn == ""


async def test_a_turn_of_many_words_is_not_kept_in_the_open(store: Store) -> None:
    entry = await keep(store)
    async with store.unit() as unit:
        with pytest.raises(ValueError, match="few codes"):
            await unit.ledger.settle(entry.id, answer_kind="spoken", answer_text="", answer_turn="x" * 201)


async def test_failures_are_counted_and_the_last_one_leads_to_quarantine_and_back(store: Store) -> None:
    entry = await keep(store)
    async with store.unit() as unit:
        assert await unit.ledger.failed(entry.id) == 1
        assert await unit.ledger.failed(entry.id) == 2
        await unit.ledger.quarantine(entry.id, "unreadable: 王小明")
        found = await unit.ledger.get(entry.id)
        assert found is not None
        assert (found.state, found.attempts, found.cause) == (LedgerState.QUARANTINED, 3, "unreadable: 王小明")
        assert [one.id for one in await unit.ledger.quarantined()] == [entry.id]
        await unit.ledger.reopen(entry.id)
        assert await unit.ledger.quarantined() == []
        found = await unit.ledger.find("wechat", "m1")
        assert found is not None
        assert (found.state, found.cause) == (LedgerState.STORED, "")


async def test_reopening_leaves_what_was_handled_alone(store: Store) -> None:
    entry = await keep(store)
    async with store.unit() as unit:
        await unit.ledger.settle(entry.id, answer_kind="silent", answer_text="")
        await unit.ledger.reopen(entry.id)
        found = await unit.ledger.get(entry.id)
        assert found is not None
        assert found.state is LedgerState.HANDLED


async def test_what_waits_too_long_is_found_oldest_first(store: Store) -> None:
    async with store.unit() as unit:
        for place in range(4):
            await arrive(unit, f"m{place}", received_at=NOW + place * SOON)
        handled = await unit.ledger.find("wechat", "m1")
        assert handled is not None
        await unit.ledger.settle(handled.id, answer_kind="silent", answer_text="")
        waiting = await unit.ledger.waiting(before=NOW + timedelta(minutes=3), limit=10)
        assert [entry.key for entry in waiting] == ["m0", "m2"]
        assert len(await unit.ledger.waiting(before=NOW + timedelta(minutes=3), limit=1)) == 1


async def test_quarantine_is_read_page_by_page_and_states_are_counted(store: Store) -> None:
    async with store.unit() as unit:
        for place in range(3):
            await unit.ledger.quarantine((await arrive(unit, f"m{place}")).id, "odd")
        await arrive(unit, "m3", "email")
        page = await unit.ledger.quarantined(limit=2)
        rest = await unit.ledger.quarantined(after=page[-1].id)
        assert [entry.key for entry in (*page, *rest)] == ["m0", "m1", "m2"]
        assert sorted(await unit.ledger.counts()) == [("email", "stored", 1), ("wechat", "quarantined", 3)]


async def test_what_is_unknown_is_not_found(store: Store) -> None:
    async with store.reading() as unit:
        assert await unit.ledger.find("wechat", "nothing") is None
        with pytest.raises(LookupError):
            await unit.ledger.raw(LedgerId(10**9))


async def test_a_moment_without_a_time_zone_is_not_stored(store: Store) -> None:
    async with store.unit() as unit:
        with pytest.raises(ValueError, match="time zone"):
            await arrive(unit, received_at=NOW.replace(tzinfo=None))
