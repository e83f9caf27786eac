"""A plan at work: people are called, somebody takes it, steps are done, and who sleeps is woken."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from gateway.casework.emergency import acts
from gateway.casework.emergency.opening import NoSuchPlan
from gateway.casework.lifecycle import Status
from gateway.casework.move import record_step
from gateway.staff.actor import Role
from tests.emergency.conftest import Watch, record_with


async def test_who_is_named_is_called_at_once_and_the_complaint_is_named_not_the_person(watch: Watch) -> None:
    await watch.opened("self_harm")
    told = await watch.parcels()
    assert [(parcel.channel, parcel.to.value) for parcel in told] == [
        ("webhook", "https://pager.example/"),
        ("email", "duty@insurer.example"),
        ("email", "head@insurer.example"),
    ]
    assert all("王小明" not in parcel.text and "理赔被拒" not in parcel.text for parcel in told)


async def test_a_supervisor_is_called_unless_the_complaint_is_about_them(watch: Watch) -> None:
    await watch.person("zhao", "赵主管", Role.SUPERVISOR)
    await watch.person("qian", "钱主管", Role.SUPERVISOR)
    await watch.person("sun", "孙主管", Role.SUPERVISOR, branch="310000")
    case = await watch.complaint(record_with("P0", "self_harm", respondent="钱主管"))
    await watch.opened("self_harm", case)
    assert [mail for mail in await watch.mails() if mail[0] in "zqs"] == ["zhao@insurer.example"]


async def test_nobody_takes_it_and_the_next_level_is_called_once(watch: Watch) -> None:
    emergency = await watch.opened("self_harm")
    before = len(await watch.parcels())
    watch.clock.advance(minutes=14)
    await watch.round()
    assert len(await watch.parcels()) == before
    watch.clock.advance(minutes=2)
    await asyncio.gather(watch.round(), watch.round())
    after = await watch.get(emergency.id)
    assert after.level == 1
    reasons = sorted(task.reason for task in await watch.tasks())
    assert reasons == ["not_taken", "step_overdue", "step_overdue"]
    watch.clock.advance(minutes=15)
    await watch.round()
    assert (await watch.get(emergency.id)).level == 2
    told = [moment.text for moment in await watch.history_of(after)]
    assert told == ["opened", "not_taken", "step_overdue", "step_overdue", "not_taken", "step_overdue"]


async def test_whoever_takes_it_ends_the_escalation(watch: Watch) -> None:
    emergency = await watch.opened("violence")
    taken = await acts.take(watch.house, emergency.id, watch.officer)
    assert (taken.state, taken.taken_by) == ("taken", "li")
    assert "person" in taken.facts["steps"]
    for step in ("police", "contact"):
        await acts.tick(watch.house, emergency.id, step, watch.officer, "已联系")
    watch.clock.advance(hours=3)
    await watch.round()
    assert await watch.tasks() == []
    assert (await watch.get(emergency.id)).level == 0
    with pytest.raises(acts.NotPossible, match="taken_already"):
        await acts.take(watch.house, emergency.id, watch.officer)


async def test_a_step_that_is_late_is_told_once(watch: Watch) -> None:
    emergency = await watch.opened("violence")
    await acts.take(watch.house, emergency.id, watch.officer)
    watch.clock.advance(minutes=16)
    await asyncio.gather(watch.round(), watch.round())
    await watch.round()
    [task] = await watch.tasks()
    assert (task.reason, task.detail) == ("step_overdue", "violence police")


async def test_a_step_can_be_taken_back_and_the_history_keeps_both(watch: Watch) -> None:
    emergency = await watch.opened("violence")
    await acts.tick(watch.house, emergency.id, "contact", watch.officer, "打通了")
    back = await acts.untick(watch.house, emergency.id, "contact", watch.officer, "打错了")
    assert "contact" not in back.facts["steps"]
    told = [moment.text for moment in await watch.history_of(back)]
    assert told == ["opened", "step_done", "step_undone"]
    for act, code, why in ((acts.untick, "contact", "not_done"), (acts.tick, "dance", "no_such_step")):
        with pytest.raises(acts.NotPossible, match=why):
            await act(watch.house, emergency.id, code, watch.officer)


async def test_it_is_closed_when_all_is_done_or_with_a_reason(watch: Watch) -> None:
    emergency = await watch.opened("violence")
    with pytest.raises(acts.NotPossible, match="steps_left"):
        await acts.close(watch.house, emergency.id, watch.officer)
    closed = await acts.close(watch.house, emergency.id, watch.officer, "误报")
    assert closed.state == "closed"
    assert closed.escalate_at is None
    watch.clock.advance(days=9)
    await watch.round()
    assert await watch.tasks() == []


async def test_danger_named_again_calls_again_and_begins_no_second_plan(watch: Watch) -> None:
    case = await watch.complaint(record_with("P0", "self_harm"))
    first = await watch.opened("self_harm", case)
    calls = len(await watch.parcels())
    again = await watch.opened("self_harm", case)
    assert again.id == first.id
    assert len(await watch.parcels()) == 2 * calls
    await acts.close(watch.house, first.id, watch.officer, "安全了")
    assert (await watch.opened("self_harm", case)).id != first.id


async def test_a_grade_that_is_raised_begins_a_plan_and_a_graver_one_another(watch: Watch) -> None:
    case = await watch.complaint(record_with("P2"))
    first = await watch.graded(case, record_with("P1", "media"))
    assert first is not None
    assert first.plan == "media"
    assert await watch.graded(case, record_with("P1", "media")) is None
    second = await watch.graded(case, record_with("P0", "media"))
    assert second is not None
    assert second.plan == "media_on_site"
    assert await watch.graded(case, record_with("P2")) is None


async def test_a_grave_complaint_gets_its_plan_whoever_graded_it(watch: Watch) -> None:
    grave = await watch.complaint(record_with("P1", "regulator"))
    told_in_part = await watch.complaint(record_with("P1", "regulator"), status="RECEIVED")
    plain = await watch.complaint(record_with("P3"))
    await asyncio.gather(watch.round(), watch.round())
    await watch.round()
    assert [each.plan for each in await watch.emergencies(grave)] == ["regulator"]
    assert await watch.emergencies(told_in_part) == await watch.emergencies(plain) == []
    [task] = await watch.tasks()
    assert (task.reason, task.number) == ("regulator", grave.number)


async def test_nobody_learns_of_an_emergency_about_themselves(watch: Watch) -> None:
    case = await watch.complaint(record_with("P0", "self_harm", respondent="李干事"))
    emergency = await watch.opened("self_harm", case)
    with pytest.raises(acts.NoSuchEmergency):
        await acts.take(watch.house, emergency.id, watch.officer)


async def test_a_plan_is_begun_by_hand(watch: Watch) -> None:
    case = await watch.complaint(record_with("P2"))
    emergency = await acts.open_by_hand(watch.house, case.number, "disaster", watch.officer)
    assert emergency.plan == "disaster"
    with pytest.raises(NoSuchPlan):
        await acts.open_by_hand(watch.house, case.number, "flood", watch.officer)


async def test_the_result_of_an_urgent_complaint_is_told_to_the_departments(watch: Watch) -> None:
    case = await watch.complaint(record_with("P0", "safety", source="带刀"), status="SOLUTION")
    await watch.opened("violence", case)
    before = len(await watch.mails())
    async with watch.store.unit() as unit:
        locked = await unit.complaints.get(case.id, lock=True)
        assert locked is not None
        await record_step(watch.house, unit, locked, (Status.DECIDED,), "全额退还", "zhao")
        await unit.commit()
    assert (await watch.mails())[before:] == ["protection@insurer.example"]
    [report] = [parcel for parcel in await watch.parcels() if parcel.to.value.startswith("protection")]
    assert report.text == f"{case.number}\nDECIDED"
    assert (await watch.history(case))[-1].data["departments"] == ["consumer_protection", "security"]
    [by_hand] = [task for task in await watch.tasks() if task.reason == "report_by_hand"]
    assert by_hand.detail == "安全保卫部"


async def test_the_result_of_an_ordinary_complaint_is_reported_to_nobody(watch: Watch) -> None:
    case = await watch.complaint(record_with("P3"), status="SOLUTION")
    async with watch.store.unit() as unit:
        locked = await unit.complaints.get(case.id, lock=True)
        assert locked is not None
        await record_step(watch.house, unit, locked, (Status.DECIDED,), "全额退还", "zhao")
        await unit.commit()
    assert await watch.mails() == []
    assert await watch.history(case) == []


async def test_a_plan_that_is_in_the_files_no_more_is_gone_on_with_by_hand(watch: Watch) -> None:
    emergency = await watch.opened("violence")
    async with watch.store.unit() as unit:
        await unit.emergencies.save(replace(emergency, plan="abolished"))
        await unit.commit()
    watch.clock.advance(hours=1)
    await watch.round()
    assert (await watch.get(emergency.id)).escalate_at is None
    assert (await acts.close(watch.house, emergency.id, watch.officer)).state == "closed"
