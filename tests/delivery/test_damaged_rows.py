"""One row that does not open stops nothing else."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from channels.base import Answer, AnswerKind, CallReport, DeliveryReport, Item, Kept
from gateway.operations.replay import Replayer
from normalizer.record import Submission
from store.errors import Damaged
from store.values import LedgerState, OutboxState
from tests.delivery.post import Office
from tests.store.things import LI, NOW, arrive, file, parcel, talk


class Reader:
    def __init__(self) -> None:
        self.read_keys: list[str] = []

    async def read(self, item: Item) -> Submission:
        self.read_keys.append(item.key)
        return Submission(channel=item.channel, key=item.key, sender=LI, received_at=item.received_at)


class Desk:
    async def keep(self, item: Item) -> Kept:
        return Kept.NEW

    async def submit(self, submission: Submission, *, speak_by: float | None = None) -> Answer:
        return Answer(kind=AnswerKind.SILENT)

    async def report(self, report: DeliveryReport) -> None:
        return None

    async def note_call(self, report: CallReport) -> None:
        return None


async def test_a_damaged_message_becomes_a_task_and_all_others_leave(office: Office) -> None:
    await office.put(parcel("bad"), parcel("good"), parcel("mail", channel="email"))
    await office.damage("outbox", "body", "bad")

    await office.deliver()

    assert [one.id for one in office.post["wechat"].taken] == ["good"]
    assert [one.id for one in office.post["email"].taken] == ["mail"]
    assert [task.reason for task in await office.tasks()] == ["damaged"]
    async with office.store.reading() as unit:
        assert await unit.outbox.depth() == {"failed": 1, "sent": 2}


async def test_a_message_leaves_though_its_conversation_is_damaged(office: Office) -> None:
    conversation = await talk(office.store)
    await office.put(parcel("p1", conversation_id=conversation))
    await office.damage("conversations", "state", conversation)
    await office.deliver()
    assert (await office.parcel("p1")).state is OutboxState.SENT


async def test_a_damaged_conversation_keeps_nobody_else_from_being_reminded(office: Office) -> None:
    mine, other = await talk(office.store), await talk(office.store, LI, "email")
    async with office.store.unit() as unit:
        for id in (mine, other):
            await unit.conversations.save(id, state={}, complaint_id=None, remind_at=NOW, last_heard_at=NOW)
        await unit.commit()
    await office.damage("conversations", "state", mine)

    reminded = []
    async with office.store.reading() as unit:
        ids = await unit.conversations.due_ids(NOW, 10)
    for id in ids:
        async with office.store.unit() as unit:
            try:
                found = await unit.conversations.lock_due(id, NOW)
            except Damaged:
                await unit.conversations.postpone(id, None)
                await unit.commit()
                continue
            assert found is not None
            reminded.append(found.id)
    assert reminded == [other]
    async with office.store.reading() as unit:
        assert await unit.conversations.due_ids(NOW, 10) == [other]


async def test_a_conversation_that_another_unit_holds_or_has_handled_is_not_reminded(office: Office) -> None:
    id = await talk(office.store)
    async with office.store.unit() as unit:
        assert await unit.conversations.lock_due(id, NOW) is None
        await unit.conversations.postpone(id, NOW)
        assert await unit.conversations.lock_due(id, NOW) is not None


async def test_items_of_a_channel_that_is_off_and_damaged_ones_do_not_starve_the_others(office: Office) -> None:
    async with office.store.unit() as unit:
        for place in range(60):
            await arrive(unit, f"off{place}", "phone")
        bad, good = await arrive(unit, "bad"), await arrive(unit, "good")
        await unit.commit()
    await office.damage("ledger", "key", bad.id)
    office.clock.advance(hours=1)
    reader = Reader()

    assert await Replayer(office.house, Desk(), {"wechat": reader}).resume() == 1

    assert reader.read_keys == ["good"]
    assert [(task.ledger_id, task.reason) for task in await office.tasks("quarantine")] == [(bad.id, "damaged")]
    async with office.store.reading() as unit:
        [shown] = await unit.ledger.quarantined()
        assert (shown.id, shown.state, shown.key) == (bad.id, LedgerState.QUARANTINED, "")
        waiting = await unit.ledger.waiting(before=office.now, limit=90, channels=("wechat",))
        assert [entry.id for entry in waiting] == [good.id]


async def test_a_damaged_file_is_told_and_the_others_are_fetched(office: Office) -> None:
    async with office.store.unit() as unit:
        entry = await arrive(unit, uuid4().hex)
        for id in ("bad", "good"):
            await unit.files.add(file(id, entry))
        await unit.commit()
    await office.damage("files", "label", "bad")
    async with office.store.unit() as unit:
        claimed = await unit.files.claim(NOW, lease=timedelta(minutes=1), limit=5, channels=("wechat",))
        assert [one.id for one in claimed] == ["good"]
        assert [one.id for one in unit.files.damaged] == ["bad"]
