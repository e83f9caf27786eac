"""A question stays unanswered: two reminders, and then a person goes on with what there is."""

from __future__ import annotations

from channels.base import OutboundKind
from normalizer.record import Gesture
from tests.intake.talks import COMPLETE, STORY, Office

ASKED = "怎样解决"  # what we had asked, and ask again with each reminder


async def test_silence_is_broken_after_20_hours_and_24_and_24_and_then_by_a_person(each_office: Office) -> None:
    await each_office.by_chat().write(STORY)
    case = await each_office.only_case()
    heard = []
    for hours in (19.9, 0.2, 23.8, 0.3, 23.8, 0.3):
        await each_office.after(hours=hours)
        heard.append(len(await each_office.reminders()))
    first, last, taken_over = await each_office.reminders()
    [task] = await each_office.tasks(number=case.number)
    assert heard == [0, 1, 1, 2, 2, 3]
    assert all(case.number in parcel.text for parcel in (first, last, taken_over))
    assert ASKED in first.text
    assert ASKED in last.text
    assert "由工作人员" in taken_over.text
    assert task.kind == "incomplete"
    assert (await each_office.only_case()).status == "REGISTERED"


async def test_whom_a_person_looks_after_is_reminded_no_more(office: Office) -> None:
    await office.by_chat().write(STORY)
    for _ in range(6):
        await office.after(hours=25)
    assert len(await office.reminders()) == 3
    assert len(await office.tasks()) == 1


async def test_who_answers_is_not_reminded(office: Office) -> None:
    person = office.by_chat()
    for words in (STORY, "请尽快赔付", "我叫王小明"):
        await person.write(words)
    for _ in range(3):
        await office.after(hours=25)
    assert await office.reminders() == []


async def test_who_answers_after_two_reminders_is_reminded_of_the_next_question_too(each_office: Office) -> None:
    person = each_office.by_chat()
    await person.write(STORY)
    for _ in range(2):
        await each_office.after(hours=25)
    assert "姓名" in await person.write("请尽快赔付")
    await each_office.after(hours=21)
    assert "姓名" in (await each_office.reminders())[-1].text
    assert not await each_office.tasks()


async def test_a_telephone_that_reports_where_it_is_puts_off_no_reminder(office: Office) -> None:
    person = office.by_chat()
    await person.write(STORY)
    for _ in range(6):
        await person.write(gesture=Gesture.NOTED, may_answer=False)
        await office.after(hours=19)
    assert len(await office.reminders()) == 3


async def test_who_stops_following_us_is_not_forgotten(office: Office) -> None:
    person = office.by_chat()
    await person.write(STORY)
    await person.write(gesture=Gesture.UNFOLLOW, may_answer=False)
    for _ in range(3):
        await office.after(hours=25)
    assert await office.tasks(number=(await office.only_case()).number)


async def test_whose_complaint_is_complete_is_never_reminded(office: Office) -> None:
    await office.by_chat().write(COMPLETE)
    await office.after(days=3)
    assert await office.reminders() == []
    assert [parcel.kind for parcel in await office.parcels() if parcel.kind != OutboundKind.RECEIPT] == []
