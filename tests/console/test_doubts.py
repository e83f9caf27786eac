"""What stopped on its way is set going again, or settled, by a person."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from gateway.staff.actor import Role
from store.desk import Link
from store.unit import Store
from store.values import OutboxState
from tests.console.rooms import Rooms, open_rooms


@pytest.fixture
async def rooms(store: Store) -> AsyncIterator[Rooms]:
    async with open_rooms(store) as opened:
        opened.desk.as_(Role.OFFICER)
        yield opened


async def test_an_item_in_quarantine_is_handled_again(rooms: Rooms) -> None:
    item = await rooms.office.quarantined("mail-1")
    page = await rooms.text("/doubts")
    assert "处理时程序出错（ValueError）" in page
    assert f'action="/api/v1/quarantine/{item}/raw"' in page
    assert await rooms.said(f"/doubts/quarantine/{item}/replay") == "handled"
    assert rooms.office.replayer.replayed == [item]
    assert "mail-1" not in page
    assert ("officer", "replay", f"item {item}") in [deed[:3] for deed in await rooms.office.audited()]
    assert (await rooms.desk.post(f"/doubts/quarantine/{item}/replay")).status == 404


async def test_an_item_whose_channel_is_off_stays(rooms: Rooms) -> None:
    item = await rooms.office.quarantined("mail-1")
    rooms.office.replayer.channel_is_off = True
    assert await rooms.said(f"/doubts/quarantine/{item}/replay") == "cannot_replay"


async def test_a_message_that_failed_goes_once_more_as_a_new_one(rooms: Rooms) -> None:
    case = await rooms.office.complaint()
    failed = await rooms.parcel(case, OutboxState.FAILED)
    await rooms.office.task(case, id="t1", kind="delivery", reason="not_delivered")
    page = await rooms.text("/doubts/deliveries")
    assert "发送失败" in page
    assert "张小三" not in page
    assert await rooms.said(f"/doubts/deliveries/parcels/{failed.id}/again") == "again"
    old, new = await rooms.parcels(case)
    assert (old.state, new.state, new.text) == (OutboxState.REROUTED, OutboxState.WAITING, failed.text)
    assert old.id != new.id
    assert (await rooms.task("t1")).state == "done"
    assert await rooms.said(f"/doubts/deliveries/parcels/{failed.id}/again") == "on_its_way"


@pytest.mark.parametrize("state", [OutboxState.HELD, OutboxState.PARKED])
async def test_a_message_that_waits_is_put_back_as_it_is(rooms: Rooms, state: OutboxState) -> None:
    case = await rooms.office.complaint()
    parcel = await rooms.parcel(case, state)
    assert await rooms.said(f"/doubts/deliveries/parcels/{parcel.id}/again") == "again"
    [put_back] = await rooms.parcels(case)
    assert (put_back.id, put_back.state) == (parcel.id, OutboxState.WAITING)


async def test_what_our_settings_hold_back_is_listed(rooms: Rooms) -> None:
    case = await rooms.office.complaint()
    await rooms.parcel(case, OutboxState.HELD)
    assert "因渠道设置有误而暂存的消息" in await rooms.text("/doubts/deliveries")


async def test_a_customer_who_was_told_otherwise_is_told_and_there_is_proof(rooms: Rooms) -> None:
    case = await rooms.office.complaint()
    await rooms.office.task(case, id="t1", kind="delivery", reason="not_delivered")
    assert await rooms.said("/doubts/deliveries/t1/told", choice="by_phone") == "note_needed"
    assert await rooms.said("/doubts/deliveries/t1/told", choice="by_phone", note="11月23日电话告知处理决定") == "told"
    [moment] = await rooms.moments(case, "delivery")
    assert (moment.actor, moment.data["how"], moment.data["note"]) == (
        "officer",
        "by_phone",
        "11月23日电话告知处理决定",
    )
    assert (await rooms.case(case.id)).told_at == rooms.clock.now()


async def test_attempts_to_ring_are_counted_and_are_proof_until_somebody_is_reached(rooms: Rooms) -> None:
    case = await rooms.office.complaint()
    await rooms.office.task(case, id="t1", kind="callback")
    assert await rooms.said("/doubts/callbacks/t1/rang", choice="not_reached") == "not_reached"
    assert await rooms.said("/doubts/callbacks/t1/rang", choice="not_reached", note="关机") == "not_reached"
    page = await rooms.text("/doubts/callbacks")
    assert "已拨打 2 次" in page
    assert await rooms.said("/doubts/callbacks/t1/rang", choice="reached") == "note_needed"
    assert await rooms.said("/doubts/callbacks/t1/rang", choice="reached", note="已说明进展") == "reached"
    attempts = await rooms.moments(case, "callback")
    assert [(each.text, each.data["attempt"]) for each in attempts] == [
        ("not_reached", 1),
        ("not_reached", 2),
        ("reached", 3),
    ]
    assert (await rooms.task("t1")).state == "done"
    assert await rooms.said("/doubts/callbacks/t1/rang", choice="not_reached") == "already"


async def test_a_number_is_shown_for_a_reason_that_is_audited(rooms: Rooms) -> None:
    case = await rooms.office.complaint()
    await rooms.office.task(case, id="t1", kind="callback")
    assert "+8613812345678" not in await rooms.text("/doubts/callbacks")
    shown = await rooms.desk.post("/doubts/callbacks/t1/number", {"note": "回电"})
    assert shown.status == 200
    assert "+8613812345678" in await shown.text()
    deed = (await rooms.office.audited())[-1]
    assert deed[:3] == ("officer", "unmask", case.number)
    assert deed[3]["reason"] == "回电"


async def test_what_a_stranger_wrote_is_put_into_the_complaint_if_it_is_the_customers_own(rooms: Rooms) -> None:
    theirs, item = await rooms.office.complaint(), await rooms.office.complaint(status="REGISTERED")
    task = await rooms.office.task(
        item, id="t1", kind="review", reason="stranger_in_thread", detail=f"{theirs.number}\n是我"
    )
    page = await rooms.text("/doubts/strangers")
    assert theirs.number in page
    assert item.number in page
    assert await rooms.said("/doubts/strangers/t1", choice="theirs", note="电话核实是本人") == "theirs"
    assert (await rooms.case(item.id)).merged_into == theirs.id
    assert (await rooms.task(task.id)).state == "done"
    assert await rooms.parcels(item) == []


async def test_what_a_stranger_wrote_stays_a_complaint_of_its_own(rooms: Rooms) -> None:
    theirs, item = await rooms.office.complaint(), await rooms.office.complaint(status="REGISTERED")
    await rooms.office.task(item, id="t1", kind="review", reason="stranger_in_thread", detail=f"{theirs.number}\n是我")
    assert await rooms.said("/doubts/strangers/t1", choice="own") == "note_needed"
    assert await rooms.said("/doubts/strangers/t1", choice="own", note="另一位客户") == "own"
    assert (await rooms.case(item.id)).merged_into is None


async def test_a_complaint_of_another_branch_is_not_shown_beside_what_a_stranger_wrote(rooms: Rooms) -> None:
    theirs, item = await rooms.office.complaint(), await rooms.office.complaint(status="REGISTERED")
    await rooms.of_branch(theirs, "bj")
    await rooms.of_branch(item, "sh")
    await rooms.office.task(item, id="t1", kind="review", reason="stranger_in_thread", detail=f"{theirs.number}\n是我")
    rooms.desk.as_(Role.OFFICER, branches=frozenset({"sh"}))
    page = await rooms.text("/doubts/strangers")
    assert "没有这个编号的投诉，或您不能查看" in page
    assert await rooms.said("/doubts/strangers/t1", choice="theirs", note="试试") == "not_possible"


@pytest.mark.parametrize(("choice", "state"), [("merge", "merged"), ("related", "open"), ("no", "no")])
async def test_possible_duplicates_are_decided_side_by_side(rooms: Rooms, choice: str, state: str) -> None:
    one, two = await rooms.office.complaint(), await rooms.office.complaint()
    async with rooms.desk.house.store.unit() as unit:
        suggested = await unit.links.add(
            Link(
                complaint_id=one.id,
                other_id=two.id,
                kind="duplicate",
                state="suggested",
                at=rooms.clock.now(),
                by="gateway",
                facts={"why": ["same_policy", "same_phone"]},
            )
        )
        await unit.commit()
    page = await rooms.text("/doubts/duplicates")
    assert "同一保单、同一电话" in page
    assert "张小三" not in page
    assert await rooms.said(f"/doubts/duplicates/{suggested.id}", choice=choice) == "note_needed"
    assert await rooms.said(f"/doubts/duplicates/{suggested.id}", choice=choice, note="核对过") == choice
    assert await rooms.said(f"/doubts/duplicates/{suggested.id}", choice=choice, note="核对过") == "already"
    async with rooms.desk.house.store.reading() as unit:
        links = await unit.links.of(one.id)
    assert state in {link.state for link in links}
    assert "没有要处理的" in await rooms.text("/doubts/duplicates")


async def test_a_pair_of_which_one_is_of_another_branch_is_nobodys_business(rooms: Rooms) -> None:
    one, two = await rooms.office.complaint(), await rooms.office.complaint()
    await rooms.of_branch(one, "sh")
    await rooms.of_branch(two, "bj")
    async with rooms.desk.house.store.unit() as unit:
        link = Link(
            complaint_id=one.id,
            other_id=two.id,
            kind="duplicate",
            state="suggested",
            at=rooms.clock.now(),
            by="gateway",
        )
        suggested = await unit.links.add(link)
        await unit.commit()
    rooms.desk.as_(Role.OFFICER, branches=frozenset({"sh"}))
    assert two.number not in await rooms.text("/doubts/duplicates")
    assert await rooms.said(f"/doubts/duplicates/{suggested.id}", choice="merge", note="试试") == "already"


async def test_only_those_who_mend_come_here(rooms: Rooms) -> None:
    rooms.desk.as_(Role.CLERK)
    for path in ("", "/deliveries", "/callbacks", "/strangers", "/duplicates"):
        assert (await rooms.desk.get(f"/doubts{path}")).status == 403
