"""Conversations: one person on one channel is handled by one unit at a time."""

from __future__ import annotations

import asyncio

import pytest

from normalizer.record import NOBODY, Contact, ContactKind
from store.unit import Store
from store.values import Conversation, ConversationId
from tests.store.things import LI, NOW, SOON, WANG, ZHAO, open_case, talk


async def test_a_person_has_one_conversation_on_a_channel(store: Store) -> None:
    assert await talk(store) == await talk(store)
    assert await talk(store) != await talk(store, WANG, "phone")
    assert await talk(store) != await talk(store, LI)


async def test_an_address_written_another_way_is_the_same_person(store: Store) -> None:
    other = Contact(kind=ContactKind.EMAIL, value="li.na@example.com")
    assert await talk(store, LI, "email") == await talk(store, other, "email")


async def test_items_without_an_address_are_not_taken_for_one_person(store: Store) -> None:
    assert await talk(store, NOBODY, "letter") != await talk(store, NOBODY, "letter")


async def call(store: Store, id: str, contact: Contact) -> ConversationId:
    async with store.unit() as unit:
        found = await unit.conversations.lock("phone", contact, NOW, talk=id)
        await unit.commit()
    assert found.contact == contact
    return found.id


@pytest.mark.parametrize("caller", [ZHAO, NOBODY])
async def test_a_call_has_a_conversation_of_its_own_whoever_calls(store: Store, caller: Contact) -> None:
    assert await call(store, "CA1", caller) == await call(store, "CA1", caller)
    assert await call(store, "CA1", caller) != await call(store, "CA2", caller)
    assert await call(store, "CA1", caller) != await talk(store, caller, "phone")


@pytest.mark.parametrize("kind", ContactKind)
async def test_no_address_is_taken_for_a_call(store: Store, kind: ContactKind) -> None:
    theirs = await call(store, "CA1", NOBODY)
    for value in ("CA1", "talk:CA1"):
        assert await talk(store, Contact(kind=kind, value=value), "phone") != theirs


async def test_who_calls_is_kept_from_the_first_word_of_the_call(store: Store) -> None:
    await call(store, "CA1", ZHAO)
    async with store.unit() as unit:
        assert (await unit.conversations.lock("phone", NOBODY, NOW, talk="CA1")).contact == ZHAO


async def test_two_first_words_of_one_call_open_one_conversation(store: Store) -> None:
    assert len(set(await asyncio.gather(*[call(store, "CA1", NOBODY) for _ in range(6)]))) == 1


async def test_where_the_talk_stands_is_kept(store: Store) -> None:
    id = await talk(store)
    async with store.unit() as unit:
        case = await open_case(unit, conversation_id=id)
        state = {"asked": ["complainant_name"], "turn": 3, "words": "王小明"}
        await unit.conversations.save(id, state=state, complaint_id=case.id, remind_at=NOW + SOON, last_heard_at=NOW)
        await unit.commit()
    async with store.reading() as unit:
        assert await unit.conversations.get(id) == Conversation(
            id=id,
            channel="wechat",
            contact=WANG,
            state=state,
            complaint_id=case.id,
            remind_at=NOW + SOON,
            last_heard_at=NOW,
        )


async def test_two_messages_of_one_person_are_handled_one_after_the_other(store: Store) -> None:
    id = await talk(store)

    async def say() -> None:
        async with store.unit() as unit:
            found = await unit.conversations.lock("wechat", WANG, NOW)
            await asyncio.sleep(0.005)  # time for another to come in between, if it could
            state = {"turns": found.state.get("turns", 0) + 1}
            await unit.conversations.save(id, state=state, complaint_id=None, remind_at=None, last_heard_at=NOW)
            await unit.commit()

    await asyncio.gather(*[say() for _ in range(8)])
    async with store.reading() as unit:
        found = await unit.conversations.get(id)
    assert found is not None
    assert found.state["turns"] == 8


async def test_two_first_messages_of_one_person_open_one_conversation(store: Store) -> None:
    assert len(set(await asyncio.gather(*[talk(store) for _ in range(6)]))) == 1


async def test_opening_a_conversation_costs_two_statements_and_finding_it_one(store: Store) -> None:
    before = store.statements
    await talk(store)
    assert store.statements - before == 2
    await talk(store)
    assert store.statements - before == 3


async def test_those_to_be_reminded_come_in_order_and_those_held_elsewhere_do_not_wait(store: Store) -> None:
    first, second, later = await talk(store), await talk(store, LI), await talk(store, WANG, "phone")
    async with store.unit() as unit:
        for id, minutes in ((first, 2), (second, 1), (later, 9)):
            at = NOW + minutes * SOON
            await unit.conversations.save(id, state={}, complaint_id=None, remind_at=at, last_heard_at=NOW)
        await unit.commit()
    async with store.unit() as unit:
        assert [one.id for one in await unit.conversations.due(NOW + 5 * SOON, 10)] == [second, first]
        assert len(await unit.conversations.due(NOW + 5 * SOON, 1)) == 1


async def test_who_has_only_followed_us_has_not_written_yet(store: Store) -> None:
    async with store.unit() as unit:
        for contact in (WANG, NOBODY):
            assert (await unit.conversations.lock("wechat", contact, NOW)).last_heard_at is None


async def test_parking_a_message_and_a_turn_of_the_talk_leave_each_other_alone(store: Store) -> None:
    id = await talk(store)
    async with store.unit() as unit:
        await unit.conversations.save(id, state={"turn": 1}, complaint_id=None, remind_at=NOW, last_heard_at=NOW)
        await unit.conversations.set_parked(id, True)
        await unit.conversations.save(id, state={"turn": 2}, complaint_id=None, remind_at=None, last_heard_at=NOW)
        found = await unit.conversations.get(id, lock=True)
        assert found is not None
        assert (found.parked, found.state, found.remind_at) == (True, {"turn": 2}, None)
        await unit.conversations.set_parked(id, False)
        found = await unit.conversations.get(id)
        assert found is not None
        assert (found.parked, found.state) == (False, {"turn": 2})
