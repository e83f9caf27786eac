"""Each change of a complaint is an event for others, in the transaction that makes it."""

from __future__ import annotations

import json
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from gateway.events.change import change_of, is_code
from gateway.events.event import event_id, lowest_id
from gateway.events.kinds import OF_KIND, TYPES
from store.values import Moment
from tests.events.conftest import Exchange
from tests.store.things import NOW, RECORD, open_case

PRIVATE = ("王小明", "13812345678", "wang@example.com", "11010519491231002X", "P2024ABC001", "C-778", "oWangXiaoming")


async def test_a_house_that_tells_nobody_runs_no_statement_for_it(exchange: Exchange) -> None:
    case = await exchange.complaint()
    before = exchange.store.statements
    await exchange.note(case, "note", "随手一记")
    told_nobody = exchange.store.statements - before
    exchange.store.witness = None
    before = exchange.store.statements
    await exchange.note(case, "note", "随手一记")
    assert told_nobody == exchange.store.statements - before
    assert await exchange.parcels() == []


async def test_a_new_complaint_is_told_before_what_was_said_in_it(exchange: Exchange) -> None:
    await exchange.receiver()
    async with exchange.store.unit() as unit:
        case = await open_case(unit, status="RECEIVED")
        await unit.timeline.add(case.id, at=NOW, kind="heard", actor="customer", text="你们拒赔")
        await unit.timeline.add(
            case.id, at=NOW, kind="status", actor="gateway", data={"path": ["RECEIVED", "REGISTERED", "ACCEPTED"]}
        )
        await unit.commit()
    events = await exchange.events()
    assert [event["type"] for event in events] == [
        "complaint.received",
        "complaint.message",
        "complaint.status",
        "complaint.accepted",
    ]
    ids = [parcel.context["event"] for parcel in await exchange.parcels()]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)


async def test_an_event_says_codes_and_no_word_of_the_customer(exchange: Exchange) -> None:
    await exchange.receiver()
    case = await exchange.complaint()
    await exchange.note(case, "heard", "我叫王小明，电话13812345678", "customer", said=["王小明"])
    await exchange.note(case, "field", "phone", "wangwu", before="+8613812345678", now="+8613900000000")
    await exchange.note(case, "status", "DECIDED", "wangwu", path=["SOLUTION", "DECIDED"], note="退还王小明5000元")
    told = "".join(parcel.text for parcel in await exchange.parcels())
    assert [secret for secret in (*PRIVATE, "wangwu", "5000", "13900000000") if secret in told] == []
    last = json.loads((await exchange.parcels())[-1].text)
    assert last["data"] == {
        "number": case.number,
        "status": "RECEIVED",
        "channel": "wechat",
        "priority": "P2",
        "category": "C03",
        "product": "health",
        "branch": None,
        "due_at": "2026-12-08T01:30:00+00:00",
        "change": {"kind": "status", "by": "staff", "path": ["SOLUTION", "DECIDED"]},
    }


async def test_what_is_rolled_back_is_told_to_nobody(exchange: Exchange) -> None:
    await exchange.receiver()
    case = await exchange.complaint()
    before = len(await exchange.parcels())
    async with exchange.store.unit() as unit:
        await unit.timeline.add(case.id, at=NOW, kind="note", actor="wangwu", text="不算")
    assert len(await exchange.parcels()) == before


async def test_a_change_of_a_kind_that_nobody_thought_of_is_told_all_the_same(exchange: Exchange) -> None:
    await exchange.receiver()
    case = await exchange.complaint()
    await exchange.note(case, "teleported")
    assert (await exchange.events())[-1]["type"] == "complaint.changed"


async def test_whoever_asks_for_some_events_hears_only_those(exchange: Exchange) -> None:
    await exchange.receiver(events=frozenset({"complaint.status"}))
    case = await exchange.complaint()
    await exchange.note(case, "note", "x")
    await exchange.note(case, "status", path=["RECEIVED", "REGISTERED"])
    assert [event["type"] for event in await exchange.events()] == ["complaint.status"]


async def test_a_moment_written_in_the_middle_of_a_unit_is_told_too(exchange: Exchange) -> None:
    await exchange.receiver()
    case = await exchange.complaint()
    async with exchange.store.unit() as unit:
        await unit.timeline.add(case.id, at=NOW, kind="note", actor="wangwu", text="一")
        await unit.timeline.of(case.id)
        await unit.commit()
    assert (await exchange.events())[-1]["type"] == "complaint.note"


async def test_one_complaint_with_many_changes_costs_two_statements(exchange: Exchange) -> None:
    await exchange.receiver()
    case = await exchange.complaint()

    async def noting(times: int) -> int:
        before = exchange.store.statements
        async with exchange.store.unit() as unit:
            for _ in range(times):
                await unit.timeline.add(case.id, at=NOW, kind="note", actor="wangwu", text="一")
            await unit.commit()
        return exchange.store.statements - before

    assert await noting(1) == await noting(9)


@given(st.text(), st.dictionaries(st.text(), st.text() | st.integers() | st.lists(st.text())))
def test_whatever_stands_in_a_history_only_codes_leave(text: str, data: dict[str, object]) -> None:
    told = change_of(Moment(at=NOW, kind="task", actor=text, text=text, data=data))
    for value in told.values():
        assert all(
            is_code(each) or len(str(each)) in (14, 32) for each in (value if isinstance(value, list) else [value])
        )


def test_nothing_that_a_customer_gave_passes_for_a_code() -> None:
    given = [*PRIVATE, *(field.value for field in RECORD.fields.values() if field.value not in ("C03", "P2", "health"))]
    assert [value for value in given if is_code(value)] == []


def test_later_events_have_later_ids() -> None:
    first, second = event_id(NOW), event_id(NOW + timedelta(milliseconds=1))
    assert lowest_id(NOW) <= first < lowest_id(NOW + timedelta(milliseconds=1)) <= second
    assert set(OF_KIND.values()) <= set(TYPES)
