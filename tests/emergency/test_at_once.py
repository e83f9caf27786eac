"""Who grades a complaint grave begins its plan by that; whoever acts on a plan at the same time is told."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from gateway.casework.acts.grading import grade
from gateway.casework.emergency import acts
from gateway.intake.inbox import GatewayInbox
from store.values import Case
from tests.emergency.conftest import Watch, record_with


async def graded(watch: Watch, case: Case, priority: str) -> Case:
    submit = GatewayInbox(watch.house).submit
    return await grade(watch.house, submit, case.number, priority, reason="威胁要点火", actor=watch.officer)


async def test_grading_a_complaint_grave_begins_its_plan_in_the_same_act(watch: Watch) -> None:
    case = await watch.complaint(record_with("P3"))
    await graded(watch, case, "P0")
    [emergency] = await watch.emergencies(case)
    [opened] = await watch.history(case)
    assert (opened.text, opened.actor, emergency.opened_at) == ("opened", "li", watch.clock.now())
    [task] = await watch.tasks()
    assert (task.number, task.reason) == (case.number, emergency.plan)
    assert len([mail for mail in await watch.mails() if mail == "duty@insurer.example"]) == 1


async def test_one_plan_begins_when_somebody_grades_while_the_clock_looks(watch: Watch) -> None:
    case = await watch.complaint(record_with("P3"))
    await asyncio.gather(watch.round(), graded(watch, case, "P0"), watch.round())
    await asyncio.gather(watch.round(), watch.round())
    assert len(await watch.emergencies(case)) == 1
    assert [moment.text for moment in await watch.history(case)] == ["opened"]


async def test_the_clock_begins_no_second_plan_for_a_grade_and_a_graver_grade_begins_another(watch: Watch) -> None:
    case = await watch.complaint(record_with("P3"))
    await graded(watch, case, "P1")
    await watch.round()
    assert len(await watch.emergencies(case)) == 1
    await graded(watch, case, "P0")
    await watch.round()
    assert len(await watch.emergencies(case)) == 2


async def test_an_ordinary_grade_begins_no_plan(watch: Watch) -> None:
    case = await watch.complaint(record_with("P3"))
    await graded(watch, case, "P2")
    assert await watch.emergencies(case) == []


async def test_two_officers_close_an_emergency_at_once_and_one_of_them_is_told_that_it_was_closed(watch: Watch) -> None:
    emergency = await watch.opened("violence")
    two = (watch.officer, replace(watch.officer, login="wang", name="王干事", person_id=8))
    ended = await asyncio.gather(
        *(acts.close(watch.house, emergency.id, each, f"误报，{each.name}") for each in two), return_exceptions=True
    )
    [refused] = [each for each in ended if isinstance(each, BaseException)]
    [closed] = [each for each in ended if not isinstance(each, BaseException)]
    assert isinstance(refused, acts.NotPossible)
    assert str(refused) == "closed"
    after = await watch.get(emergency.id)
    assert (after.state, after.facts["closed_by"]) == ("closed", closed.facts["closed_by"])
    assert [moment.text for moment in await watch.history_of(after)] == ["opened", "closed"]
    with pytest.raises(acts.NotPossible, match="closed"):
        await acts.close(watch.house, emergency.id, watch.officer, "再关一次")
