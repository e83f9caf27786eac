"""The telephone as a person's next way, and what waits for a caller's next call."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from channels.errors import Rejected, Unreachable
from gateway.delivery.worker import DeliveryWorker
from normalizer.record import NOBODY, Complaint, Contact, ContactKind, Field, Method
from store.unit import Store
from store.values import OutboxState
from tests.delivery.post import Office, Trouble
from tests.store.things import RECORD, ZHAO

EMAIL = Field(value="wang@example.com", method=Method.ANSWER)
BOTH = RECORD.with_field("email", EMAIL)
PHONE_ALONE = replace(RECORD, fields={name: found for name, found in RECORD.fields.items() if name != "email"})
HONG_KONG = Contact(kind=ContactKind.PHONE, value="+85261234567")


def gone(_: object) -> Unreachable:
    return Unreachable("blocked")


def until_contact(_: object) -> Unreachable:
    return Unreachable("this country is not served", until_contact=True)


def refused(_: object) -> Rejected:
    return Rejected("filtered", code="30007")


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Office:
    """A post office with a telephone that texts everybody."""
    office = Office(store, tmp_path, ("wechat", "phone", "email"))
    return texting(office, texts=True)


def texting(office: Office, *, texts: bool) -> Office:
    office.house = replace(office.house, may_text=lambda _: texts)
    office.worker = DeliveryWorker(office.house, office.post)
    return office


@pytest.mark.parametrize("record", [BOTH, PHONE_ALONE])
async def test_who_cannot_be_reached_in_a_chat_gets_a_text_message_first(office: Office, record: Complaint) -> None:
    office.post["wechat"].trouble = gone
    await office.news(record=record)
    await office.deliver()
    [text] = office.post["phone"].taken
    assert text.to == ZHAO
    assert office.post["email"].taken == []
    assert (await office.parcel("p1")).state is OutboxState.REROUTED


async def test_a_text_message_tells_that_there_is_news_and_not_which(office: Office) -> None:
    office.post["wechat"].trouble = gone
    _, news = await office.news(record=PHONE_ALONE)
    await office.deliver()
    [text] = office.post["phone"].taken
    assert news.number in text.text
    assert "五千元" not in text.text + text.subject


async def test_a_number_that_takes_no_texts_is_passed_over(office: Office) -> None:
    texting(office, texts=False)
    office.post["wechat"].trouble = gone
    await office.news(record=BOTH)
    await office.deliver()
    assert office.post["phone"].tried == 0
    assert len(office.post["email"].taken) == 1


@pytest.mark.parametrize("method", [Method.RULE, Method.MODEL])
async def test_a_number_merely_found_in_a_text_gets_no_news(office: Office, method: Method) -> None:
    office.post["wechat"].trouble = gone
    await office.news(record=PHONE_ALONE.with_field("phone", Field(value=HONG_KONG.value, method=method)))
    await office.deliver()
    assert office.post["phone"].tried == 0
    assert [task.reason for task in await office.tasks()] == ["not_delivered"]


async def test_where_the_text_message_fails_too_the_mailbox_is_next_and_each_way_is_tried_once(office: Office) -> None:
    office.post["wechat"].trouble = office.post["phone"].trouble = gone
    await office.news(record=BOTH)
    await office.deliver()
    assert [office.post[name].tried for name in ("wechat", "phone", "email")] == [1, 1, 1]
    assert len(office.post["email"].taken) == 1
    assert await office.tasks() == []


async def test_where_every_way_is_shut_staff_are_told_once(office: Office) -> None:
    for name in ("wechat", "phone", "email"):
        office.post[name].trouble = gone
    await office.news(record=BOTH)
    await office.deliver()
    assert [task.reason for task in await office.tasks()] == ["not_delivered"]


async def test_a_caller_who_cannot_be_texted_hears_it_at_their_next_call_and_staff_may_call(office: Office) -> None:
    office.post["phone"].trouble = until_contact
    case, news = await office.news(record=PHONE_ALONE)
    await office.put(replace(news, id="p2", channel="phone", to=HONG_KONG))
    await office.deliver()
    assert (await office.parcel("p2")).state is OutboxState.PARKED
    tasks = [*await office.tasks("delivery"), *await office.tasks("callback")]
    assert [(task.reason, task.number) for task in tasks] == [("told_at_next_contact", case.number)]


async def test_a_caller_who_cannot_be_texted_gets_a_notice_in_their_mailbox_meanwhile(office: Office) -> None:
    office.post["phone"].trouble = until_contact
    _, news = await office.news(record=BOTH)
    await office.put(replace(news, id="p2", channel="phone", to=HONG_KONG))
    await office.deliver()
    assert (await office.parcel("p2")).state is OutboxState.PARKED
    [notice] = office.post["email"].taken
    assert "五千元" not in notice.text


@pytest.mark.parametrize("trouble", [gone, refused])
async def test_a_copy_that_cannot_be_texted_was_told_on_the_line_and_is_nobodys_task(
    office: Office, trouble: Trouble
) -> None:
    office.post["phone"].trouble = trouble
    _, news = await office.news(record=BOTH)
    await office.put(replace(news, id="p2", channel="phone", to=HONG_KONG, kind="copy"))
    await office.deliver()
    assert (await office.parcel("p2")).state is OutboxState.FAILED
    assert office.post["email"].taken == []
    assert await office.tasks() == []


async def test_nobody_is_texted_who_withheld_their_number(office: Office) -> None:
    office.post["wechat"].trouble = gone
    fields = {name: found for name, found in PHONE_ALONE.fields.items() if name != "phone"}
    await office.news(record=replace(PHONE_ALONE, fields=fields), to=NOBODY)
    await office.deliver()
    assert office.post["phone"].tried == 0
