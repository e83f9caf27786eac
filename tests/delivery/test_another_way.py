"""When a person cannot be reached where they came by."""

from __future__ import annotations

from dataclasses import replace

import pytest

from channels.errors import Unreachable
from normalizer.record import Field, Method
from store.values import OutboxState
from tests.delivery.post import Office
from tests.store.things import NOW, RECORD, parcel, talk

NOWHERE_ELSE = replace(RECORD, fields={name: found for name, found in RECORD.fields.items() if name != "email"})


def closed(_: object) -> Unreachable:
    return Unreachable("outside the window", until_contact=True)


def gone(_: object) -> Unreachable:
    return Unreachable("blocked")


@pytest.mark.parametrize("kind", ["status", "receipt", "reminder"])
async def test_news_that_waits_for_the_next_contact_is_told_to_staff_once(office: Office, kind: str) -> None:
    office.post["wechat"].trouble = closed
    _, first = await office.news(record=NOWHERE_ELSE, kind=kind)
    await office.deliver()
    await office.put(replace(first, id="p2", text="另一条"))
    await office.deliver()

    assert set((await office.states()).values()) == {OutboxState.PARKED}
    [task] = await office.tasks()
    assert (task.reason, task.number) == ("told_at_next_contact", first.number)


async def test_a_turn_of_the_chat_that_waits_is_no_task(office: Office) -> None:
    office.post["wechat"].trouble = closed
    await office.put(parcel("p1", conversation_id=await talk(office.store)))
    await office.deliver()
    assert await office.tasks() == []


@pytest.mark.parametrize(
    ("method", "way"),
    [
        (Method.ANSWER, OutboxState.REROUTED),
        (Method.STAFF, OutboxState.REROUTED),
        (Method.DIRECTORY, OutboxState.REROUTED),
        (Method.RULE, OutboxState.FAILED),
    ],
)
async def test_an_address_merely_found_in_a_text_gets_no_news(office: Office, method: Method, way: OutboxState) -> None:
    office.post["wechat"].trouble = gone
    await office.news(record=RECORD.with_field("email", Field(value="somebody@example.com", method=method)))
    await office.deliver()
    assert (await office.parcel("p1")).state is way


async def test_another_mailbox_is_told_that_there_is_news_and_not_which(office: Office) -> None:
    office.post["wechat"].trouble = gone
    _, news = await office.news(record=RECORD.with_field("email", Field(value="w@x.example", method=Method.ANSWER)))
    await office.deliver()

    [mail] = office.post["email"].taken
    assert news.number in mail.text
    assert "五千元" not in mail.text + mail.subject


async def test_a_mail_that_bounces_is_not_sent_to_the_same_mailbox_again(office: Office) -> None:
    office.post["wechat"].trouble = office.post["email"].trouble = gone
    await office.news(record=RECORD.with_field("email", Field(value="w@x.example", method=Method.ANSWER)))
    await office.deliver()
    assert office.post["email"].tried == 1
    assert [task.reason for task in await office.tasks()] == ["not_delivered"]


async def test_parking_a_message_does_not_undo_what_the_person_says_meanwhile(office: Office) -> None:
    office.post["wechat"].trouble = closed
    _, news = await office.news(record=NOWHERE_ELSE)
    assert news.conversation_id is not None
    # Their turn is handled: it ends after our attempt has begun and before its outcome is written down.
    async with office.store.unit() as unit:
        held = await unit.conversations.get(news.conversation_id, lock=True)
        assert held is not None
        turn = {"asked": "request", "asks": {"request": 1}}
        await unit.conversations.save(
            held.id, state=turn, complaint_id=news.complaint_id, remind_at=NOW, last_heard_at=NOW
        )
        await unit.commit()
    await office.deliver()

    async with office.store.reading() as unit:
        found = await unit.conversations.get(news.conversation_id)
    assert found is not None
    assert found.parked
    assert (found.state, found.complaint_id, found.remind_at) == (turn, news.complaint_id, NOW)
