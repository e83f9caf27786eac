"""What staff do to the clock: the date is right at once, the customer is told, and it can be proven."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from gateway.casework.approvals import ApprovalRefused, NoSuchApproval, approve, refuse, take_back
from gateway.casework.clocks import shown_events
from gateway.casework.clocks.acts import ClockRefused, agree, extend, restart
from gateway.casework.clocks.setting import NEVER
from gateway.casework.clocks.special import ask_for_sixty
from gateway.casework.lifecycle import Status
from gateway.casework.move import NoSuchComplaint
from gateway.casework.telling import UNTOLD
from gateway.delivery.routing import INSTEAD_OF
from normalizer.record import Contact, ContactKind
from store.values import Case, OutboxState, Posting, PostState
from tests.clocks.desk import Desk
from tests.staff.office import ADDRESS


async def test_thirty_days_are_told_to_the_customer_with_the_reason(desk: Desk) -> None:
    case = await desk.complaint()
    standing = await extend(desk.house, case.number, reason="需要调取两家医院的病历", actor="li.na")
    assert await desk.due(case.number) == "2026-12-23"
    assert standing.limit == "complex"
    (told,) = await desk.parcels(case)
    assert "12月23日" in told.text
    assert "两家医院" in told.text
    assert (await desk.events(case))[0].facts["parcel"] == told.id
    assert await desk.history(case) == ["complex"]


async def test_the_proof_that_the_customer_was_told_stands_with_the_extension(desk: Desk) -> None:
    case = await desk.complaint()
    await extend(desk.house, case.number, reason="复杂", actor="li.na")
    (told,) = await desk.parcels(case)
    await desk.leaves(told)
    async with desk.house.store.reading() as unit:
        (shown,) = await shown_events(unit, await desk.case(case.number))
    assert shown.facts["told_at"] == desk.house.clock.now().isoformat()


async def test_nobody_extends_twice_too_late_or_what_is_over(desk: Desk) -> None:
    case, other, gone = await desk.complaint(), await desk.complaint(), await desk.complaint()
    await extend(desk.house, case.number, reason="复杂", actor="li.na")
    await desk.move(gone.number, Status.WITHDRAWN)
    with pytest.raises(ClockRefused, match="extended"):
        await extend(desk.house, case.number, reason="复杂", actor="li.na")
    with pytest.raises(ClockRefused, match="stopped"):
        await extend(desk.house, gone.number, reason="复杂", actor="li.na")
    desk.clock.advance(days=16)
    with pytest.raises(ClockRefused, match="too_late"):
        await extend(desk.house, other.number, reason="复杂", actor="li.na")
    with pytest.raises(NoSuchComplaint):
        await extend(desk.house, "TS26112399999", reason="复杂", actor="li.na")
    assert await desk.parcels(other) == []


async def test_sixty_days_need_a_second_person(desk: Desk) -> None:
    case = await desk.complaint()
    await extend(desk.house, case.number, reason="复杂", actor="li.na")
    asked = await ask_for_sixty(desk.house, case.number, reason="境外取证", actor="li.na")
    assert await desk.due(case.number) == "2026-12-23"
    with pytest.raises(ApprovalRefused, match="same_person"):
        await approve(desk.house, asked.id, actor="li.na")
    await approve(desk.house, asked.id, actor="wang.zong")
    assert await desk.due(case.number) == "2027-01-22"
    event = (await desk.events(case))[-1]
    assert (event.by, event.facts["approver"]) == ("li.na", "wang.zong")
    assert "1月22日" in (await desk.parcels(case))[-1].text


async def test_sixty_days_come_after_thirty_and_are_asked_for_once(desk: Desk) -> None:
    case = await desk.complaint()
    with pytest.raises(ClockRefused, match="not_extended"):
        await ask_for_sixty(desk.house, case.number, reason="境外取证", actor="li.na")
    await extend(desk.house, case.number, reason="复杂", actor="li.na")
    await ask_for_sixty(desk.house, case.number, reason="境外取证", actor="li.na")
    with pytest.raises(ApprovalRefused, match="asked_already"):
        await ask_for_sixty(desk.house, case.number, reason="境外取证", actor="zhao.liu")


async def test_sixty_days_approved_after_the_date_are_refused_and_still_wait(desk: Desk) -> None:
    case = await desk.complaint()
    await extend(desk.house, case.number, reason="复杂", actor="li.na")
    asked = await ask_for_sixty(desk.house, case.number, reason="境外取证", actor="li.na")
    desk.clock.advance(days=31)
    with pytest.raises(ClockRefused, match="too_late"):
        await approve(desk.house, asked.id, actor="wang.zong")
    async with desk.house.store.reading() as unit:
        assert [each.id for each in await unit.approvals.open()] == [asked.id]
    assert await desk.due(case.number) == "2026-12-23"


async def test_sixty_days_that_the_customer_did_not_hear_of_in_time_do_not_count(desk: Desk) -> None:
    case = await desk.complaint()
    await extend(desk.house, case.number, reason="复杂", actor="li.na")
    asked = await ask_for_sixty(desk.house, case.number, reason="境外取证", actor="li.na")
    await approve(desk.house, asked.id, actor="wang.zong")
    desk.clock.advance(days=31)
    assert (await desk.standing(case.number)).overdue
    told = (await desk.parcels(case))[-1]
    await desk.leaves(told, at=desk.house.clock.now() - timedelta(days=30))
    assert not (await desk.standing(case.number)).overdue


async def test_nobody_who_may_never_be_told_gets_sixty_days(desk: Desk) -> None:
    case = await desk.complaint(reply_context={UNTOLD: "sender refuted"})
    await extend(desk.house, case.number, reason="复杂", actor="li.na")
    asked = await ask_for_sixty(desk.house, case.number, reason="境外取证", actor="li.na")
    with pytest.raises(ClockRefused, match="untellable"):
        await approve(desk.house, asked.id, actor="wang.zong")


async def test_a_second_person_may_refuse_and_whoever_asked_may_take_it_back(desk: Desk) -> None:
    case = await desk.complaint()
    await extend(desk.house, case.number, reason="复杂", actor="li.na")
    first = await ask_for_sixty(desk.house, case.number, reason="境外取证", actor="li.na")
    refused = await refuse(desk.house, first.id, reason="国内即可", actor="wang.zong")
    assert (refused.state, refused.decided_by) == ("refused", "wang.zong")
    second = await ask_for_sixty(desk.house, case.number, reason="境外取证", actor="li.na")
    with pytest.raises(ApprovalRefused, match="not_asker"):
        await take_back(desk.house, second.id, actor="wang.zong")
    await take_back(desk.house, second.id, actor="li.na")
    with pytest.raises(ApprovalRefused, match="decided"):
        await approve(desk.house, second.id, actor="wang.zong")
    with pytest.raises(NoSuchApproval):
        await approve(desk.house, 999, actor="wang.zong")
    assert await desk.history(case, "approval") == ["asked", "refused", "asked", "taken_back"]


async def test_a_date_agreed_on_is_kept_with_its_evidence_and_stands_against_us(desk: Desk) -> None:
    case = await desk.complaint()
    await agree(desk.house, case.number, until=date(2026, 12, 31), evidence="通话录音 3 分 20 秒", actor="li.na")
    assert await desk.due(case.number) == "2026-12-31"
    assert "12月31日" in (await desk.parcels(case))[-1].text
    with pytest.raises(ClockRefused, match="agreed"):
        await extend(desk.house, case.number, reason="复杂", actor="li.na")
    with pytest.raises(ClockRefused, match="past"):
        await agree(desk.house, case.number, until=date(2026, 11, 1), evidence="录音", actor="li.na")
    with pytest.raises(ClockRefused, match="too_far"):
        await agree(desk.house, case.number, until=date(2062, 12, 31), evidence="录音", actor="li.na")


async def test_new_facts_count_from_their_receipt(desk: Desk) -> None:
    case = await desk.complaint()
    desk.clock.advance(days=10)
    received = desk.house.clock.now() - timedelta(days=1)
    await restart(desk.house, case.number, received_at=received, reason="新的检查报告", actor="li.na")
    assert await desk.due(case.number) == "2026-12-17"
    with pytest.raises(ClockRefused, match="not_new"):
        await restart(desk.house, case.number, received_at=case.received_at, reason="旧的", actor="li.na")


async def test_the_clock_stands_still_during_an_appraisal_and_goes_on_after_it(desk: Desk) -> None:
    case = await desk.complaint()
    desk.clock.advance(days=2)
    await desk.move(case.number, Status.APPRAISAL)
    assert (await desk.standing(case.number)).paused
    desk.clock.advance(days=8)
    await desk.move(case.number, Status.INVESTIGATING)
    assert await desk.due(case.number) == "2026-12-15"  # seven whole days lie between
    assert await desk.history(case) == ["pause", "resume"]


async def test_a_decision_that_is_told_stops_the_clock_and_one_that_is_not_does_not(desk: Desk) -> None:
    told, untold = await desk.complaint(), await desk.complaint()
    await desk.move(told.number, Status.DECIDED)
    await desk.move(untold.number, Status.DECIDED, tell=False)
    await desk.leaves((await desk.parcels(told))[0])
    desk.clock.advance(days=20)
    assert (await desk.standing(told.number)).stopped
    assert (await desk.standing(untold.number)).overdue


async def test_a_decision_that_never_arrived_does_not_stop_the_clock(desk: Desk) -> None:
    case = await desk.complaint()
    await desk.move(case.number, Status.DECIDED)
    assert (await desk.standing(case.number)).stopped
    (parcel,) = await desk.parcels(case)
    async with desk.house.store.unit() as unit:
        await unit.outbox.finish(parcel.id, parcel.state.FAILED, "gone")
        await unit.commit()
    desk.clock.advance(days=20)
    assert (await desk.standing(case.number)).overdue


async def test_a_withdrawn_complaint_speaks_up_no_more(desk: Desk) -> None:
    case = await desk.complaint()
    await desk.move(case.number, Status.WITHDRAWN)
    assert (await desk.times(case))[0] == NEVER
    assert await desk.tasks(case) == []


async def test_a_letter_tells_by_its_postmark_not_by_its_printing(desk: Desk) -> None:
    fields = {"address": ADDRESS}
    case = await desk.complaint(channel="letter", contact=Contact(kind=ContactKind.NONE), fields=fields)
    await extend(desk.house, case.number, reason="复杂", actor="li.na")
    (letter,) = await desk.parcels(case)
    await desk.leaves(letter)
    now = desk.house.clock.now()
    printed = Posting(
        id=letter.id,
        complaint_id=case.id,
        number=case.number,
        kind=letter.kind,
        state=PostState.PRINTED,
        pages=1,
        sha256="0" * 64,
        printed_at=now,
    )
    async with desk.house.store.unit() as unit:
        await unit.post.printed(printed)
        await unit.commit()
    assert await _told(desk, case) is None
    async with desk.house.store.unit() as unit:
        await unit.post.posted(letter.id, now + timedelta(days=1), "EMS1")
        await unit.commit()
    assert await _told(desk, case) == (now + timedelta(days=1)).isoformat()


async def test_news_that_went_another_way_has_told_the_customer_too(desk: Desk) -> None:
    case = await desk.complaint()
    await extend(desk.house, case.number, reason="复杂", actor="li.na")
    (told,) = await desk.parcels(case)
    async with desk.house.store.unit() as unit:
        await unit.outbox.finish(told.id, OutboxState.REROUTED, "blocked")
        await unit.outbox.put(replace(told, id="other", channel="phone", context={INSTEAD_OF: told.id}))
        await unit.commit()
    assert await _told(desk, case) is None
    await desk.leaves(replace(told, id="other"))
    assert await _told(desk, case) == desk.house.clock.now().isoformat()


async def _told(desk: Desk, case: Case) -> str | None:
    async with desk.house.store.reading() as unit:
        shown = await shown_events(unit, case)
    return shown[-1].facts.get("told_at")
