"""Complaints: the record whole, the indexes that follow it, and the number of the day."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from normalizer.record import NOBODY, Complaint, Contact, ContactKind, Field
from store.errors import Conflict
from store.unit import Store
from tests.store.things import LI, NOW, RECORD, SOON, WANG, ZHAO, open_case, talk

TODAY = date(2026, 11, 23)


async def test_a_complaint_comes_back_as_it_was_opened(store: Store) -> None:
    conversation = await talk(store)
    async with store.unit() as unit:
        case = await open_case(unit, conversation_id=conversation, reply_context={"message_id": "<1@x>"})
        await unit.commit()
    async with store.reading() as unit:
        assert await unit.complaints.get(case.id) == case
        assert await unit.complaints.by_number(case.number) == case
        assert await unit.complaints.by_number("TS00000000000") is None


async def test_a_locked_complaint_reads_the_same(store: Store) -> None:
    async with store.unit() as unit:
        case = await open_case(unit)
        assert await unit.complaints.get(case.id, lock=True) == case
        assert await unit.complaints.by_number(case.number, lock=True) == case


async def test_only_what_is_given_is_changed(store: Store) -> None:
    async with store.unit() as unit:
        case = await open_case(unit)
        await unit.complaints.save(case.id, status="accepted", accepted_at=NOW + SOON, now=NOW + 2 * SOON)
        expected = replace(case, status="accepted", accepted_at=NOW + SOON, updated_at=NOW + 2 * SOON)
        assert await unit.complaints.get(case.id) == expected
        await unit.complaints.save(case.id, reply_context={"a": "b"}, due_at=NOW, now=NOW)
        expected = replace(expected, reply_context={"a": "b"}, due_at=NOW, updated_at=NOW)
        assert await unit.complaints.get(case.id) == expected


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("phone", "138-1234-5678"),
        ("name", "王小明"),
        ("email", "WANG@example.com"),
        ("id_number", "11010519491231002x"),
        ("policy_number", "p2024abc001"),
        ("claim_number", "C-778"),
        ("channel", "wechat"),
        ("intent", "complaint"),
        ("priority", "P2"),
        ("statuses", ("received", "accepted")),
    ],
)
async def test_a_complaint_is_found_by_what_is_known_of_it(store: Store, what: str, value: str) -> None:
    async with store.unit() as unit:
        case = await open_case(unit)
        await open_case(unit, "TS2", record=Complaint(), channel="email", status="draft")
        assert [found.id for found in await unit.complaints.search(**{what: value})] == [case.id]  # type: ignore[arg-type]  # one of many keywords


async def test_the_indexes_follow_the_record(store: Store) -> None:
    async with store.unit() as unit:
        case = await open_case(unit)
        corrected = RECORD.with_field("phone", Field(value="+8613700000000"))
        await unit.complaints.save(case.id, record=corrected, now=NOW)
        assert await unit.complaints.search(phone="13812345678") == []
        assert [found.record for found in await unit.complaints.search(phone="13700000000")] == [corrected]


async def test_a_list_is_read_page_by_page_newest_first(store: Store) -> None:
    async with store.unit() as unit:
        ids = [(await open_case(unit, f"TS{place}")).id for place in range(5)]
        page = await unit.complaints.search(limit=3)
        rest = await unit.complaints.search(limit=3, before_id=page[-1].id)
        assert [case.id for case in (*page, *rest)] == ids[::-1]


async def test_an_address_leads_to_what_came_from_it_and_nobodys_leads_nowhere(store: Store) -> None:
    async with store.unit() as unit:
        first, second = await open_case(unit, "TS1"), await open_case(unit, "TS2")
        await open_case(unit, "TS3", contact=LI, channel="email")
        await open_case(unit, "TS4", contact=NOBODY, channel="letter")
        assert [case.id for case in await unit.complaints.of_contact("wechat", WANG)] == [second.id, first.id]
        spelled = Contact(kind=ContactKind.EMAIL, value="LI.NA@example.com")
        assert [case.number for case in await unit.complaints.of_contact("email", spelled)] == ["TS3"]
        assert await unit.complaints.of_contact("letter", NOBODY) == []


async def test_the_days_numbers_have_neither_gaps_nor_doubles(store: Store) -> None:
    async def draw() -> int:
        async with store.unit() as unit:
            number = await unit.complaints.next_sequence(TODAY)
            await unit.commit()
        return number

    assert sorted(await asyncio.gather(*[draw() for _ in range(10)])) == list(range(1, 11))
    async with store.unit() as unit:
        assert await unit.complaints.next_sequence(date(2026, 11, 24)) == 1


async def test_one_number_is_given_to_one_complaint(store: Store) -> None:
    async with store.unit() as unit:
        await open_case(unit)
        with pytest.raises(Conflict):
            await open_case(unit)


async def test_complaints_are_counted_by_what_is_not_personal(store: Store) -> None:
    async with store.unit() as unit:
        await open_case(unit, "TS1")
        await open_case(unit, "TS2")
        await open_case(unit, "TS3", channel="email")
        assert sorted(await unit.complaints.count_by("channel", "status")) == [
            ("email", "received", 1),
            ("wechat", "received", 2),
        ]
        with pytest.raises(ValueError, match="counted"):
            await unit.complaints.count_by("record")


async def test_what_a_person_left_unfinished_is_found_again_and_nothing_else(store: Store) -> None:
    facts: dict[str, Any] = {"channel": "phone", "contact": ZHAO}
    async with store.unit() as unit:
        await open_case(unit, "TS1", **facts, received_at=NOW - 9 * SOON)
        left = await open_case(unit, "TS2", **facts)
        accepted = await open_case(unit, "TS3", **facts)
        await unit.complaints.save(accepted.id, accepted_at=NOW, now=NOW)
        await open_case(unit, "TS4", **facts, status="withdrawn")
        await open_case(unit, "TS5", contact=ZHAO)
        await open_case(unit, "TS6", channel="phone", contact=LI)
        unfinished = unit.complaints.unfinished_of
        assert await unfinished("phone", ZHAO, NOW - SOON, ["received", "registered"]) == left
        assert await unfinished("phone", ZHAO, NOW + SOON, ["received"]) is None
        assert await unfinished("phone", ZHAO, NOW - SOON, ["registered"]) is None
        assert await unfinished("phone", ZHAO, NOW - SOON, []) is None
        assert await unfinished("phone", NOBODY, NOW - SOON, ["received"]) is None
