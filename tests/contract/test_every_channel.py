"""What every channel must do; a new one is done when it passes here."""

from __future__ import annotations

import structlog

from gateway.casework.lifecycle import Status
from gateway.casework.move import move
from store.values import OutboxState
from tests.contract.conftest import House

WHOLE = "我叫王小明，车险理赔拖了两个月还没赔，保单号PDAA202641010000123456，请尽快赔付"
HALF = "车险理赔拖了两个月还没赔，一直说在审核"


async def test_a_whole_complaint_is_accepted_and_its_number_told(house: House) -> None:
    await house.rig.write("wang", WHOLE, key="1")

    [case] = await house.cases()
    assert case.status == Status.ACCEPTED
    assert case.record.value("complainant_name") == "王小明"
    told = await house.rig.read(house.gateway, "wang")
    assert case.number in told[-1]
    assert "王小明" not in told[-1], "a receipt names people masked"
    assert len(told) == 1 or not house.rig.one_answer


async def test_the_same_item_twice_is_one_complaint_and_one_answer(house: House) -> None:
    await house.rig.write("wang", WHOLE, key="1")
    once = await house.rig.read(house.gateway, "wang")
    for _ in range(2):
        await house.rig.write("wang", WHOLE, key="1")

    assert len(await house.cases()) == 1
    told = await house.rig.read(house.gateway, "wang")
    assert set(told) == set(once)
    assert len(set(told)) == 1 or not house.rig.one_answer
    assert await house.ledger() == {"handled": house.rig.items()}


async def test_only_what_is_missing_is_asked_and_the_answer_completes_it(house: House) -> None:
    await house.rig.write("wang", HALF, key="1")
    [case] = await house.cases()
    assert set(case.record.missing) == {"complainant_name", "request"}

    await house.rig.write("wang", f"关于{case.number}：我叫王小明，请尽快赔付", key="2")

    [case] = await house.cases()
    assert case.status == Status.ACCEPTED
    assert not case.record.missing


async def test_what_cannot_be_read_is_kept_for_a_person_and_the_next_item_is_handled(house: House) -> None:
    await house.rig.write_garbage("li")
    await house.rig.write("wang", WHOLE, key="1")

    assert [case.status for case in await house.cases()].count(Status.ACCEPTED) == 1
    ledger = await house.ledger()
    assert sum(ledger.values()) == house.rig.items() + 1
    if "quarantined" in ledger:
        assert "quarantine" in {task.kind for task in await house.tasks()}


async def test_a_forged_sender_gets_no_answer_and_speaks_for_nobody(house: House) -> None:
    status = await house.rig.forge()

    assert status in (None, 403)
    assert await house.rig.read(house.gateway, "wang") == []
    if status == 403:
        assert await house.ledger() == {}


async def test_staff_move_the_complaint_and_the_person_is_told_where_they_came_by(house: House) -> None:
    await house.rig.write("wang", WHOLE, key="1")
    [case] = await house.cases()

    await move(house.gateway.house, case.number, Status.INVESTIGATING, note="", tell=True, actor="li.lei")

    told = await house.rig.read(house.gateway, "wang")
    assert "正在调查核实" in told[-1]
    async with house.gateway.house.store.reading() as unit:
        parcels = await unit.outbox.of_complaint(case.id)
    assert parcels[-1].state in (OutboxState.SENT, OutboxState.DELIVERED)


async def test_a_busy_provider_gets_the_message_later(house: House) -> None:
    await house.rig.write("wang", WHOLE, key="1")
    before = await house.rig.read(house.gateway, "wang")
    house.rig.break_sending("busy")
    [case] = await house.cases()
    await move(house.gateway.house, case.number, Status.INVESTIGATING, note="", tell=True, actor="li.lei")

    assert await house.rig.read(house.gateway, "wang") == before
    house.clock.advance(minutes=20)
    assert len(await house.rig.read(house.gateway, "wang")) == len(before) + 1


async def test_a_message_that_will_never_pass_becomes_a_task_for_staff(house: House) -> None:
    await house.rig.write("wang", WHOLE, key="1")
    await house.rig.read(house.gateway, "wang")
    house.rig.break_sending("refused")
    [case] = await house.cases()
    await move(house.gateway.house, case.number, Status.INVESTIGATING, note="", tell=True, actor="li.lei")

    await house.rig.read(house.gateway, "wang")

    assert [task.number for task in await house.tasks() if task.kind == "delivery"] == [case.number]


async def test_progress_is_told_to_the_owner_and_nothing_to_a_stranger(house: House) -> None:
    await house.rig.write("wang", WHOLE, key="1")
    [case] = await house.cases()
    assert case.number in await house.rig.ask_how_it_stands(house.gateway, "wang", case.number)
    if not house.rig.own_address_opens:
        before = await house.rig.read(house.gateway, "wang")
        await house.rig.write("wang", "我的投诉处理到哪一步了？", key="2")
        assert case.number not in " ".join((await house.rig.read(house.gateway, "wang"))[len(before) :])

    await house.rig.write("curious", f"投诉{case.number}处理到哪一步了？", key="3")

    told = " ".join(await house.rig.read(house.gateway, "curious"))
    assert "受理" not in told.replace("投诉受理", "").replace("自动受理", "")
    assert case.number not in told


async def test_danger_to_a_person_pages_somebody_and_stops_the_form(house: House) -> None:
    await house.rig.write("wang", "你们再不赔我就不想活了，安眠药都准备好了", key="1")

    [task] = [task for task in await house.tasks() if task.kind == "page"]
    assert task.reason == "self_harm"
    told = (await house.rig.read(house.gateway, "wang"))[-1]
    assert "120" in told
    assert "姓名" not in told


async def test_nothing_personal_is_logged(house: House) -> None:
    with structlog.testing.capture_logs() as lines:
        await house.rig.write("wang", WHOLE, key="1")
        await house.rig.write_garbage("li")
        await house.rig.read(house.gateway, "wang")

    written = str(lines)
    for secret in ("王小明", "PDAA202641010000123456", "wang", house.rig.address("wang"), "两个月"):
        assert secret not in written
