"""Who handles a complaint, and who must not."""

from __future__ import annotations

import pytest

from gateway.casework.acts.assigning import Went, assign, assign_all, release, send_to
from gateway.casework.acts.refusals import InConflict, NotYours, Unfit
from gateway.casework.move import NoSuchComplaint
from gateway.staff.actor import SERVICE, Role
from tests.casework.office import Desk


async def test_a_supervisor_gives_a_complaint_to_an_officer(desk: Desk) -> None:
    case = await desk.complaint()
    boss, officer = await desk.person("赵主任", Role.SUPERVISOR), await desk.person("王芳")
    assert officer.person_id is not None
    given = await assign(desk.house, case.number, officer.person_id, actor=boss, reason="理赔熟手")
    assert given.assignee_id == officer.person_id
    last = (await desk.history(case.number))[-1]
    assert (last.kind, last.actor, last.text, last.data["to"]) == ("assigned", boss.login, "理赔熟手", officer.login)
    assert await desk.whole()


async def test_whoever_is_complained_about_does_not_get_it_and_does_not_learn_of_it(desk: Desk) -> None:
    case = await desk.complaint()
    named = await desk.person("李梅")
    assert named.person_id is not None
    with pytest.raises(InConflict) as refusal:
        await assign(desk.house, case.number, named.person_id, actor=SERVICE)
    assert refusal.value.why == "named"
    with pytest.raises(NoSuchComplaint):
        await assign(desk.house, case.number, named.person_id, actor=named)
    assert (await desk.case(case.number)).assignee_id is None


async def test_nobody_of_the_branch_complained_about_gets_it(desk: Desk) -> None:
    await desk.branch("bj", "北京分公司")
    await desk.branch("bj-cy", "朝阳支公司", parent="bj")
    case = await desk.complaint()
    with pytest.raises(InConflict):
        await send_to(desk.house, case.number, "bj-cy", actor=SERVICE)
    with pytest.raises(Unfit):
        await send_to(desk.house, case.number, "nowhere", actor=SERVICE)


async def test_a_branch_gets_it_and_only_its_people_may_have_it_then(desk: Desk) -> None:
    await desk.branch("sh", "上海分公司")
    await desk.branch("gd", "广东分公司")
    case = await desk.complaint()
    sent = await send_to(desk.house, case.number, "sh", actor=SERVICE)
    here, there = await desk.person("王芳", branch="sh"), await desk.person("刘洋", branch="gd")
    assert sent.branch == "sh"
    assert here.person_id
    assert there.person_id
    with pytest.raises(Unfit):
        await assign(desk.house, case.number, there.person_id, actor=SERVICE)
    with pytest.raises(NoSuchComplaint):
        await assign(desk.house, case.number, there.person_id, actor=there)
    assert (await assign(desk.house, case.number, here.person_id, actor=here)).assignee_id == here.person_id


async def test_an_officer_takes_a_complaint_and_puts_it_back_but_gives_none_to_others(desk: Desk) -> None:
    case = await desk.complaint()
    one, other = await desk.person("王芳"), await desk.person("陈静")
    assert one.person_id
    assert other.person_id
    await assign(desk.house, case.number, one.person_id, actor=one)
    with pytest.raises(NotYours):
        await assign(desk.house, case.number, other.person_id, actor=one)
    with pytest.raises(NotYours):
        await release(desk.house, case.number, actor=other)
    assert (await release(desk.house, case.number, actor=one)).assignee_id is None


async def test_a_clerk_who_may_not_work_gets_nothing(desk: Desk) -> None:
    case = await desk.complaint()
    clerk = await desk.person("孙丽", Role.CLERK)
    assert clerk.person_id is not None
    with pytest.raises(Unfit) as refusal:
        await assign(desk.house, case.number, clerk.person_id, actor=SERVICE)
    assert refusal.value.why == "role"


async def test_several_are_given_at_once_and_each_says_how_it_went(desk: Desk) -> None:
    one, about_her = await desk.complaint(respondent=""), await desk.complaint()
    officer = await desk.person("李梅")
    assert officer.person_id is not None
    numbers = [one.number, about_her.number, "TS261123999990", one.number]
    went = await assign_all(desk.house, numbers, officer.person_id, actor=SERVICE)
    assert went == (
        Went(number=one.number),
        Went(number=about_her.number, code="in_conflict", why="named"),
        Went(number="TS261123999990", code="no_such_complaint"),
    )
