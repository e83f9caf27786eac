"""Another system, with the service token, keeps the rules that people keep, and is nobody's second person."""

from __future__ import annotations

import pytest

from gateway.casework import approvals
from gateway.casework.acts.grading import grade
from gateway.casework.acts.refusals import NotYours
from gateway.casework.clocks.acts import extend
from gateway.casework.clocks.special import ask_for_sixty
from gateway.casework.lifecycle import NotAllowed, Status
from gateway.casework.move import move
from gateway.casework.not_handled import ask_not_to_handle
from gateway.staff.actor import SERVICE, Role
from tests.casework.office import Desk, set_work
from tests.casework.test_days_and_telling import counted


async def test_a_system_proposes_a_refusal_and_a_person_with_the_right_confirms_it(desk: Desk) -> None:
    case, boss = await desk.complaint("REGISTERED"), await desk.person("赵主任", Role.SUPERVISOR)
    with pytest.raises(NotAllowed, match="second person"):
        await move(desk.house, case.number, Status.NOT_HANDLED, note="不办", tell=True, actor=SERVICE)
    asked = await ask_not_to_handle(desk.house, case.number, code="N2", note="", actor=SERVICE)
    await approvals.approve(desk.house, asked.id, actor=boss)
    assert (await desk.case(case.number)).status == "NOT_HANDLED"


async def test_no_system_confirms_or_declines_what_a_person_asked_for(desk: Desk) -> None:
    refused, late, officer = await desk.complaint("REGISTERED"), await counted(desk), await desk.person()
    await extend(desk.house, late.number, reason="需要鉴定", actor=officer.login)
    waiting = (
        await ask_not_to_handle(desk.house, refused.number, code="N2", note="", actor=officer),
        await ask_for_sixty(desk.house, late.number, reason="鉴定未出", actor=officer.login),
    )
    for asked in waiting:
        with pytest.raises(NotYours):
            await approvals.approve(desk.house, asked.id, actor=SERVICE)
        with pytest.raises(NotYours):
            await approvals.refuse(desk.house, asked.id, reason="x", actor=SERVICE)
    assert (await desk.case(refused.number)).status == "REGISTERED"
    assert await desk.sent(refused.number) == []


async def test_a_system_decides_nothing_grave_and_lowers_no_grade(desk: Desk) -> None:
    grave = await desk.complaint("INVESTIGATING", priority="P0")
    with pytest.raises(NotAllowed, match="may approve"):
        await move(desk.house, grave.number, Status.DECIDED, note="已核实", tell=True, actor=SERVICE)
    with pytest.raises(NotYours):
        await grade(desk.house, desk.inbox.submit, grave.number, "P3", reason="x", actor=SERVICE)


async def test_a_system_sets_no_days_apart_in_silence_and_mediates_nobody_unasked(desk: Desk) -> None:
    examined, mediated = await counted(desk), await counted(desk, "SOLUTION")
    with pytest.raises(NotAllowed, match="in silence"):
        await move(desk.house, examined.number, Status.APPRAISAL, note="", tell=False, actor=SERVICE)
    with pytest.raises(NotAllowed, match="consent"):
        await move(desk.house, mediated.number, Status.MEDIATION, note="", tell=True, actor=SERVICE)
    after = await move(desk.house, examined.number, Status.APPRAISAL, note="", tell=True, actor=SERVICE)
    assert after.status == "APPRAISAL"


async def test_a_system_carries_on_with_no_decision_of_which_the_customer_never_heard(desk: Desk) -> None:
    case = await counted(desk)
    await move(desk.house, case.number, Status.DECIDED, note="已核实", tell=False, actor=SERVICE)
    with pytest.raises(NotAllowed, match="nobody has told"):
        await move(desk.house, case.number, Status.FOLLOW_UP, note="", tell=False, actor=SERVICE)
    async with desk.house.store.reading() as unit:
        [task] = await unit.tasks.open_of(complaint_id=case.id, kind="delivery")
    assert task.number == case.number


async def test_a_system_moves_no_complaint_that_was_merged_away(desk: Desk) -> None:
    merged, kept = await desk.complaint(), await desk.complaint()
    await set_work(desk, merged, merged_into=kept.id)
    with pytest.raises(NotAllowed, match="merged"):
        await move(desk.house, merged.number, Status.INVESTIGATING, note="", tell=False, actor=SERVICE)
