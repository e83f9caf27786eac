"""The timeline: in order, with nothing left behind when a conversation becomes a complaint."""

from __future__ import annotations

from store.unit import Store
from store.values import Moment
from tests.store.things import NOW, SOON, open_case, talk


async def test_moments_come_back_whole_and_in_order_page_by_page(store: Store) -> None:
    async with store.unit() as unit:
        case = await open_case(unit)
        for place in range(5):
            await unit.timeline.add(
                case.id, at=NOW + place * SOON, kind="heard", actor="customer", text=f"第{place}句", data={"n": place}
            )
        await unit.commit()
    async with store.reading() as unit:
        page = await unit.timeline.of(case.id, limit=3)
        rest = await unit.timeline.of(case.id, after=page[-1].id)
    assert [moment.text for moment in (*page, *rest)] == [f"第{place}句" for place in range(5)]
    assert page[1] == Moment(id=page[1].id, at=NOW + SOON, kind="heard", actor="customer", text="第1句", data={"n": 1})


async def test_what_was_noted_is_seen_at_once_within_the_unit(store: Store) -> None:
    async with store.unit() as unit:
        case = await open_case(unit)
        await unit.timeline.add(case.id, at=NOW, kind="note", actor="gateway")
        assert [moment.kind for moment in await unit.timeline.of(case.id)] == ["note"]


async def test_what_was_said_before_there_was_a_complaint_is_given_to_it(store: Store) -> None:
    conversation = await talk(store)
    async with store.unit() as unit:
        await unit.timeline.add(None, at=NOW, kind="heard", actor="customer", text="你好", conversation_id=conversation)
        await unit.timeline.add(None, at=NOW, kind="said", actor="gateway", text="您好", conversation_id=conversation)
        await unit.commit()
    async with store.unit() as unit:
        first, second = await open_case(unit, "TS1"), await open_case(unit, "TS2")
        assert await unit.timeline.adopt(conversation, first.id) == 2
        assert await unit.timeline.adopt(conversation, second.id) == 0
        assert [moment.text for moment in await unit.timeline.of(first.id)] == ["你好", "您好"]
        assert [moment.text for moment in await unit.timeline.of_conversation(conversation)] == ["你好", "您好"]
        assert [moment.text for moment in await unit.timeline.of_conversation(conversation, limit=1)] == ["您好"]


async def test_the_moments_of_a_message_cost_one_statement(store: Store) -> None:
    async with store.unit() as unit:
        case = await open_case(unit)
        before = store.statements
        for kind in ("heard", "status", "said"):
            await unit.timeline.add(case.id, at=NOW, kind=kind, actor="gateway")
        await unit.commit()
    assert store.statements - before == 1
