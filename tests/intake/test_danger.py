"""Somebody's safety is at stake: calm words, a person within minutes, and the complaint is kept all the same."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from gateway.casework.lifecycle import CLOSED
from normalizer.record import Thread
from tests.intake.conftest import Opening
from tests.intake.talks import COMPLETE, STORY, Office

DESPAIR = "你们再不赔我就不想活了，安眠药都准备好了"
AGAIN = "我今晚就跳楼"
CALM = "12356"  # the helpline
POLICY = "保单号是PDAA202641010000123456"


async def test_who_speaks_of_death_hears_calm_words_and_a_person_is_called_within_minutes(each_office: Office) -> None:
    answer = await each_office.by_chat().write(f"{STORY}，{DESPAIR}")
    case = await each_office.only_case()
    [page] = await each_office.tasks("page")
    assert CALM in answer
    assert case.number in answer
    assert "？" not in answer
    assert page.number == case.number
    assert page.due_at - each_office.clock.now() <= timedelta(minutes=15)
    assert case.record.value("priority") == "P0"
    assert "赔" in case.record.value("matter")


async def test_the_complaint_of_somebody_in_danger_is_accepted_when_all_is_told(office: Office) -> None:
    person = office.by_chat()
    await person.write(f"{STORY}，{DESPAIR}")
    answer = await person.write("我叫王小明，请尽快赔付")
    case = await office.only_case()
    assert case.status == "ACCEPTED"
    assert "【已受理】" not in answer


async def test_the_page_that_leaves_the_house_names_the_case_and_not_the_words(opening: Opening) -> None:
    async with opening(page_webhook_url="https://127.0.0.1:9/page", page_webhook_secret="d2hzZWM=") as office:
        await office.by_chat().write(DESPAIR)
        case = await office.only_case()
        [parcel] = [parcel for parcel in await office.parcels() if parcel.channel == "webhook"]
    told = json.loads(parcel.text)
    assert told["number"] == case.number
    assert told["reason"] == "self_harm"
    assert "安眠药" not in parcel.text
    assert parcel.next_at <= office.clock.now()


async def test_who_names_danger_again_weeks_later_is_heard_again(each_office: Office) -> None:
    person = each_office.by_chat()
    await person.write(DESPAIR)
    [page] = await each_office.tasks("page")
    await each_office.finish(page)
    each_office.clock.advance(days=14)
    answer = await person.write(AGAIN)
    assert CALM in answer
    [page] = await each_office.tasks("page")
    assert page.due_at - each_office.clock.now() <= timedelta(minutes=15)


async def test_who_names_danger_again_at_once_hears_calm_words_and_is_not_paged_for_twice(office: Office) -> None:
    person = office.by_chat()
    await person.write(DESPAIR)
    assert CALM in await person.write(AGAIN)
    assert len(await office.tasks("page")) == 1


async def test_once_the_danger_is_over_the_talk_is_an_ordinary_one(office: Office) -> None:
    person = office.by_chat()
    await person.write(f"{STORY}，我叫王小明，请尽快赔付，{DESPAIR}")
    assert "110" in await person.write("我还在等")
    [page] = await office.tasks("page")
    await office.finish(page)
    office.clock.advance(days=14)
    answer = await person.write(POLICY)
    assert "110" not in answer
    assert (await office.only_case()).number in answer


async def test_harmless_words_after_danger_do_not_call_a_person_again(office: Office) -> None:
    person = office.by_chat()
    await person.write(DESPAIR)
    [page] = await office.tasks("page")
    await office.finish(page)
    office.clock.advance(days=14)
    await person.write(POLICY)
    assert not await office.tasks("page")


@pytest.mark.parametrize("proven", [True, False])
async def test_danger_told_by_somebody_else_calls_a_person_too(office: Office, proven: bool) -> None:
    await office.by_mail().write(COMPLETE)
    theirs = await office.only_case()
    before = len(await office.history(theirs))
    thread = Thread(number=theirs.number, by=("in_reply_to",), proven=proven)
    answer = await office.by_mail("wife@qq.example").write("我是他爱人，他吃了安眠药要自杀，说不想活了", thread=thread)
    [page] = await office.tasks("page")
    assert page.due_at - office.clock.now() <= timedelta(minutes=15)
    assert CALM in answer
    assert theirs.number not in answer
    assert len(await office.history(theirs)) == before


async def test_danger_in_a_mail_of_a_borrowed_address_calls_a_person_and_touches_no_complaint(office: Office) -> None:
    victim = office.by_mail()
    await victim.write(COMPLETE)
    theirs = await office.only_case()
    before = len(await office.history(theirs))
    assert await victim.write(DESPAIR, attested=False, may_answer=False) == ""
    [page] = await office.tasks("page")
    assert page.number != theirs.number
    assert len(await office.history(theirs)) == before
    assert (await office.case(theirs.number)).record == theirs.record


async def test_danger_after_a_complaint_was_withdrawn_begins_a_new_one(each_office: Office) -> None:
    person = each_office.by_chat()
    for words in (COMPLETE, "我要撤诉", "确认撤回"):
        await person.write(words)
    closed = await each_office.only_case()
    assert closed.status in CLOSED
    answer = await person.write("我不想活了，安眠药都准备好了")
    case = await each_office.latest_case()
    [page] = await each_office.tasks("page")
    assert case.number != closed.number
    assert page.number == case.number
    assert case.number in answer
    assert case.record.value("priority") == "P0"
