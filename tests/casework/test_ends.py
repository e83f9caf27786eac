"""How complaints end, by whose hand, and how they begin again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from gateway.casework import approvals
from gateway.casework.acts.refusals import NoSuchCode, OutOfTime
from gateway.casework.acts.withdrawing import reopen, withdraw
from gateway.casework.approvals import ApprovalRefused
from gateway.casework.lifecycle import NotAllowed, Outcome, Status
from gateway.casework.move import move
from gateway.casework.not_handled import ask_not_to_handle, offered, preview_of_not_handling, reasons
from gateway.intake.phrases import LANGUAGES
from gateway.staff.actor import SERVICE, Actor, Role
from tests.casework.office import Desk


async def test_what_a_customer_takes_back_by_telephone_ends_on_the_day_they_said_so(desk: Desk) -> None:
    case, officer = await desk.complaint("INVESTIGATING"), await desk.person()
    said_at = desk.house.clock.now()
    desk.clock.advance(hours=3)
    after = await withdraw(
        desk.house, case.number, reason="已和解", evidence="通话 CA88", tell=True, actor=officer, said_at=said_at
    )
    assert (after.status, after.outcome, after.closed_at) == ("WITHDRAWN", "withdrawn", said_at)
    assert "已撤回" in (await desk.sent(case.number))[-1].text
    assert "已和解" not in (await desk.sent(case.number))[-1].text
    assert await desk.whole()


@pytest.mark.parametrize("hours", [-1, 1])
async def test_nobody_took_it_back_before_they_told_it_nor_tomorrow(desk: Desk, hours: int) -> None:
    case = await desk.complaint()
    when = desk.house.clock.now() + timedelta(hours=hours)
    with pytest.raises(OutOfTime):
        await withdraw(desk.house, case.number, reason="x", evidence="x", tell=False, actor=SERVICE, said_at=when)


async def test_new_facts_begin_the_complaint_again_with_new_days(desk: Desk) -> None:
    case, officer = await desk.complaint("FOLLOW_UP"), await desk.person()
    desk.clock.advance(days=10)
    facts_at = desk.house.clock.now() - timedelta(hours=1)
    after = await reopen(
        desk.house, case.number, reason="您补充了新的诊断证明", tell=True, actor=officer, facts_at=facts_at
    )
    assert (after.status, after.closed_at, after.outcome) == ("REOPENED", None, "")
    assert after.due_at > facts_at + timedelta(days=14)
    assert len(await desk.sent(case.number)) == 1


async def test_a_withdrawn_complaint_is_registered_again_and_is_no_longer_over(desk: Desk) -> None:
    case, officer = await desk.complaint(), await desk.person()
    await withdraw(desk.house, case.number, reason="x", evidence="x", tell=False, actor=officer)
    after = await reopen(desk.house, case.number, reason="问题又出现了", tell=True, actor=officer)
    assert (after.status, after.outcome, after.closed_at) == ("REGISTERED", "", None)


async def test_a_refusal_needs_two_people_and_tells_reason_and_remedies(desk: Desk) -> None:
    case, officer = await desk.complaint("REGISTERED"), await desk.person()
    seen = await preview_of_not_handling(desk.house, case.number, code="N2", note="请联系乙公司。", actor=officer)
    asked = await ask_not_to_handle(desk.house, case.number, code="N2", note="请联系乙公司。", actor=officer)
    with pytest.raises(ApprovalRefused):
        await approvals.approve(desk.house, asked.id, actor=officer.login)
    assert ((await desk.case(case.number)).status, await desk.sent(case.number)) == ("REGISTERED", [])
    await approvals.approve(desk.house, asked.id, actor="赵主任")
    after = await desk.case(case.number)
    assert (after.status, after.outcome, after.closed_at) == ("NOT_HANDLED", "not_handled", desk.house.clock.now())
    told = (await desk.sent(case.number))[-1].text
    assert told == seen.text
    assert all(part in told for part in ("第十一条", "请联系乙公司。", "诉讼"))
    assert await desk.whole()


async def test_a_refusal_that_is_refused_puts_nothing_out(desk: Desk) -> None:
    case, officer = await desk.complaint("REGISTERED"), await desk.person()
    asked = await ask_not_to_handle(desk.house, case.number, code="N1", note="", actor=officer)
    await approvals.refuse(desk.house, asked.id, reason="再联系一次", actor="赵主任")
    assert ((await desk.case(case.number)).status, await desk.sent(case.number)) == ("REGISTERED", [])


async def test_a_complaint_that_went_on_meanwhile_is_not_refused_any_more(desk: Desk) -> None:
    case, officer = await desk.complaint("REGISTERED"), await desk.person()
    asked = await ask_not_to_handle(desk.house, case.number, code="N4", note="", actor=officer)
    await move(desk.house, case.number, Status.ACCEPTED, note="", tell=False, actor=officer)
    with pytest.raises(NotAllowed):
        await approvals.approve(desk.house, asked.id, actor="赵主任")
    assert (await desk.case(case.number)).status == "ACCEPTED"


async def test_no_single_person_refuses_and_no_reason_that_is_off_is_given(desk: Desk) -> None:
    case, officer = await desk.complaint("REGISTERED"), await desk.person()
    with pytest.raises(NotAllowed):
        await move(desk.house, case.number, Status.NOT_HANDLED, note="不办", tell=True, actor=officer)
    for code in ("N3", "N6", "N7"):
        with pytest.raises(NoSuchCode):
            await ask_not_to_handle(desk.house, case.number, code=code, note="", actor=officer)
    assert [reason.code for reason in offered()] == ["N1", "N2", "N4", "N5"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_its_words_in_every_language(language: str) -> None:
    for reason in reasons().values():
        assert "请看" in reason.in_words(language, "请看")
        assert set(reason.told) == set(reason.remedies) == set(LANGUAGES)


async def test_a_grave_decision_is_made_by_another_than_who_investigated(desk: Desk) -> None:
    case = await desk.complaint("INVESTIGATING", priority="P1")
    officer, boss = await desk.person(), await desk.person("赵主任", Role.SUPERVISOR)
    async with desk.house.store.unit() as unit:
        await unit.complaints.set_work(case.id, {"assignee_id": boss.person_id}, now=desk.house.clock.now())
        await unit.commit()

    async def decide(actor: Actor) -> str:
        decided = partial(move, desk.house, case.number, Status.DECIDED, note="同意赔付", outcome=Outcome.UPHELD)
        return (await decided(tell=True, actor=actor)).outcome

    for wrong in (officer, boss):
        with pytest.raises(NotAllowed):
            await decide(wrong)
    other = replace(boss, login="钱主任", person_id=(boss.person_id or 0) + 1)
    assert await decide(other) == "upheld"
    assert (await desk.case(case.number)).decided_at == desk.house.clock.now()


async def test_only_a_decision_has_an_outcome(desk: Desk) -> None:
    case, officer = await desk.complaint("GRADED"), await desk.person()
    for status, outcome in ((Status.INVESTIGATING, Outcome.PART), (Status.WITHDRAWN, Outcome.UPHELD)):
        with pytest.raises(NotAllowed):
            await move(desk.house, case.number, status, note="", tell=False, actor=officer, outcome=outcome)
