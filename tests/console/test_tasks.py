"""Whoever begins the day looks here first."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from gateway.staff.actor import Role
from store.unit import Store
from tests.console.rooms import Rooms, open_rooms


@pytest.fixture
async def rooms(store: Store) -> AsyncIterator[Rooms]:
    async with open_rooms(store) as opened:
        opened.desk.as_(Role.OFFICER)
        yield opened


async def test_what_is_urgent_stands_first_however_late_the_rest_is(rooms: Rooms) -> None:
    case = await rooms.office.complaint()
    await rooms.office.task(case, id="late", kind="review", hours=-30)
    await rooms.office.task(case, id="urgent", kind="page", hours=1)
    page = await rooms.text("/tasks")
    assert page.index("task-urgent") < page.index("task-late")
    assert "超 30 小时" in page
    assert case.number in page


async def test_the_words_behind_a_task_are_masked(rooms: Rooms) -> None:
    case = await rooms.office.complaint()
    await rooms.office.task(case, id="t1", kind="handover")
    page = await rooms.text("/tasks")
    assert "1****4514" not in page
    assert "13812345678" not in page
    assert "138-1234-5678" not in page
    assert "张小三" not in page


async def test_a_kind_is_chosen_and_a_long_list_goes_on(rooms: Rooms) -> None:
    case = await rooms.office.complaint()
    for count in range(45):
        await rooms.office.task(case, id=f"c{count:02}", kind="consult", hours=count)
    await rooms.office.task(case, id="other", kind="review")
    page = await rooms.text("/tasks?kind=consult")
    assert "task-other" not in page
    assert "task-c39" in page
    assert "task-c40" not in page
    assert "after=c39" in page
    further = await rooms.text("/tasks?kind=consult&after=c39")
    assert "task-c44" in further


async def test_a_task_is_done_with_a_note_that_stands_in_the_history(rooms: Rooms) -> None:
    case = await rooms.office.complaint()
    await rooms.office.task(case, id="t1", kind="handover")
    assert await rooms.said("/tasks/t1/done", note=" ") == "note_needed"
    assert await rooms.said("/tasks/t1/done", note="已联系客户") == "done"
    assert await rooms.said("/tasks/t1/done", note="再来一次") == "already"
    assert (await rooms.task("t1")).done_by == "officer"
    [moment] = await rooms.moments(case, "task")
    assert moment.data["note"] == "已联系客户"


async def test_nobody_learns_of_a_task_of_another_branch_or_about_themselves(rooms: Rooms) -> None:
    here = await rooms.office.complaint()
    there = await rooms.office.complaint()
    about_me = await rooms.office.complaint(respondent="王主管")
    for case, branch in ((here, "sh"), (there, "bj"), (about_me, "sh")):
        await rooms.of_branch(case, branch)
    for id, found in (("here", here), ("there", there), ("me", about_me), ("nobody", None)):
        await rooms.office.task(found, id=id, kind="review")
    rooms.desk.as_(Role.OFFICER, branches=frozenset({"sh"}))
    page = await rooms.text("/tasks")
    assert "task-here" in page
    assert "task-nobody" in page
    assert "task-there" not in page
    assert "task-me" not in page
    for hidden in ("there", "me"):
        assert (await rooms.desk.post(f"/tasks/{hidden}/done", {"note": "x"})).status == 404


async def test_what_belongs_to_no_complaint_is_for_whoever_looks_into_doubts(rooms: Rooms) -> None:
    await rooms.office.task(None, id="nobody", kind="review")
    rooms.desk.as_(Role.CLERK)
    assert "task-nobody" not in await rooms.text("/tasks")
    assert (await rooms.desk.post("/tasks/nobody/done", {"note": "x"})).status == 403


async def test_kinds_with_a_page_of_their_own_lead_there(rooms: Rooms) -> None:
    case = await rooms.office.complaint()
    for kind, href in (
        ("quarantine", "/console/doubts"),
        ("delivery", "/console/doubts/deliveries"),
        ("callback", "/console/doubts/callbacks"),
        ("verification", "/console/letters/verify"),
    ):
        await rooms.office.task(case, id=kind, kind=kind)
        assert f'href="{href}' in await rooms.text(f"/tasks?kind={kind}")


async def test_the_list_costs_the_same_for_many_as_for_few(rooms: Rooms) -> None:
    store = rooms.desk.house.store

    async def cost() -> int:
        before = store.statements
        await rooms.text("/tasks")
        return store.statements - before

    await rooms.office.task(await rooms.office.complaint(), id="one", kind="review")
    few = await cost()
    for count in range(20):
        await rooms.office.task(await rooms.office.complaint(), id=f"t{count}", kind="review")
    assert await cost() == few


async def test_the_page_speaks_english_too(rooms: Rooms) -> None:
    case = await rooms.office.complaint()
    await rooms.office.task(case, id="t1", kind="handover")
    rooms.desk.client.session.cookie_jar.update_cookies({"tousu_language": "en"})
    assert "asked for a person" in await rooms.text("/tasks")
