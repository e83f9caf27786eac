"""Files: fetched once, kept with the item they came with, given to the complaint they belong to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from store.unit import Store
from store.values import FileState
from tests.store.things import LI, NOW, SOON, WANG, arrive, file, open_case, talk

LEASE = timedelta(minutes=5)


async def test_a_waiting_file_is_claimed_by_one_worker_and_again_after_its_lease(store: Store) -> None:
    async with store.unit() as unit:
        entry = await arrive(unit)
        await unit.files.add(file("f1", entry))
        await unit.files.add(file("f2", entry, state=FileState.STORED, sha256="0" * 64))
        claimed = await unit.files.claim(NOW, lease=LEASE, limit=5, channels=("wechat",))
        assert claimed == [replace(file("f1", entry), attempts=1, next_at=NOW)]
        assert await unit.files.claim(NOW, lease=LEASE, limit=5, channels=("wechat",)) == []
        assert [
            one.attempts for one in await unit.files.claim(NOW + LEASE, lease=LEASE, limit=5, channels=("wechat",))
        ] == [2]


async def test_what_could_not_be_fetched_is_tried_later_or_given_up(store: Store) -> None:
    async with store.unit() as unit:
        await unit.files.add(file("f1", await arrive(unit)))
        await unit.files.claim(NOW, lease=LEASE, limit=5, channels=("wechat",))
        await unit.files.later("f1", NOW + SOON)
        assert await unit.files.claim(NOW, lease=LEASE, limit=5, channels=("wechat",)) == []
        assert len(await unit.files.claim(NOW + SOON, lease=LEASE, limit=5, channels=("wechat",))) == 1
        await unit.files.lost("f1")
        assert await unit.files.claim(NOW + timedelta(days=1), lease=LEASE, limit=5, channels=("wechat",)) == []
        found = await unit.files.get("f1")
        assert found is not None
        assert found.state is FileState.LOST


async def test_a_stored_file_says_what_it_is(store: Store) -> None:
    async with store.unit() as unit:
        await unit.files.add(file("f1", await arrive(unit), inline=True))
        await unit.files.stored("f1", sha256="ab" * 32, size=7, media_type="image/png", name="保单.png")
        found = await unit.files.get("f1")
        assert found is not None
        assert (found.state, found.sha256, found.size) == (FileState.STORED, "ab" * 32, 7)
        assert (found.media_type, found.name, found.ref, found.inline) == ("image/png", "保单.png", "", True)


async def test_files_sent_before_there_was_a_complaint_are_given_to_it(store: Store) -> None:
    conversation = await talk(store)
    async with store.unit() as unit:
        entry, case = await arrive(unit), await open_case(unit)
        await unit.files.add(file("f1", entry, conversation_id=conversation))
        await unit.files.add(file("f2", entry))
        assert await unit.files.adopt(conversation, case.id) == 1
        assert [one.id for one in await unit.files.of_complaint(case.id)] == ["f1"]
        assert [one.id for one in await unit.files.of_ledger(entry.id)] == ["f1", "f2"]


async def test_what_came_in_a_talk_is_found_whichever_complaint_it_went_to(store: Store) -> None:
    first, second, other = await talk(store), await talk(store, LI), await talk(store, WANG, "phone")
    async with store.unit() as unit:
        entry, case = await arrive(unit), await open_case(unit)
        await unit.files.add(file("f1", entry, conversation_id=first, complaint_id=case.id))
        await unit.files.add(file("f2", entry, conversation_id=first))
        await unit.files.add(file("f3", entry, conversation_id=second))
        await unit.files.add(file("f4", entry, conversation_id=other))
        assert [one.id for one in await unit.files.of_conversation(first)] == ["f1", "f2"]
        assert [one.id for one in await unit.files.of_conversations([first, second])] == ["f1", "f2", "f3"]
        assert await unit.files.of_conversations([]) == []
