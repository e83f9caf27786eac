"""Tasks: what people must do, the most urgent first, done once."""

from __future__ import annotations

from dataclasses import replace

from store.unit import Store
from tests.store.things import NOW, SOON, open_case, talk, task


async def test_a_task_is_done_once_and_says_by_whom(store: Store) -> None:
    async with store.unit() as unit:
        await unit.tasks.add(task("t1"))
        assert await unit.tasks.get("t1") == task("t1")
        assert await unit.tasks.done("t1", NOW, "li.wei")
        assert not await unit.tasks.done("t1", NOW + SOON, "somebody.else")
        assert await unit.tasks.get("t1") == replace(task("t1"), state="done", done_at=NOW, done_by="li.wei")


async def test_tasks_are_listed_by_urgency_page_by_page(store: Store) -> None:
    async with store.unit() as unit:
        for id, minutes in (("b", 2), ("c", 2), ("a", 1), ("d", 3)):
            await unit.tasks.add(task(id, due_at=NOW + minutes * SOON))
        await unit.tasks.add(task("over", state="done"))
        page = await unit.tasks.list(limit=2)
        rest = await unit.tasks.list(after=page[-1].id)
        assert [one.id for one in (*page, *rest)] == ["a", "b", "c", "d"]
        assert [one.id for one in await unit.tasks.list(state="done")] == ["over"]


async def test_open_tasks_are_found_by_what_they_are_about(store: Store) -> None:
    conversation = await talk(store)
    async with store.unit() as unit:
        case = await open_case(unit)
        await unit.tasks.add(task("t1", complaint_id=case.id, kind="callback"))
        await unit.tasks.add(task("t2", conversation_id=conversation))
        await unit.tasks.add(task("t3", state="done", complaint_id=case.id))
        assert [one.id for one in await unit.tasks.open_of(complaint_id=case.id)] == ["t1"]
        assert [one.id for one in await unit.tasks.open_of(conversation_id=conversation, kind="handover")] == ["t2"]
        assert await unit.tasks.open_of(complaint_id=case.id, kind="handover") == []


async def test_tasks_raised_before_there_was_a_complaint_are_given_to_it(store: Store) -> None:
    conversation = await talk(store)
    async with store.unit() as unit:
        case = await open_case(unit)
        await unit.tasks.add(task("t1", conversation_id=conversation))
        assert await unit.tasks.adopt(conversation, case.id, case.number) == 1
        found = await unit.tasks.get("t1")
        assert found is not None
        assert (found.complaint_id, found.number) == (case.id, case.number)
