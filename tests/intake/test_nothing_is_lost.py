"""What a customer sent is handled or in somebody's hands: whatever the database does, and however the talk turns."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from channels.base import Item, OutboundKind
from gateway.casework.lifecycle import CLOSED, NotAllowed, Status
from gateway.intake.limits import PER_HOUR
from gateway.operations.replay import LEFT_BEHIND_AFTER, Replayer
from normalizer.record import Attachment, Intent, Thread
from store.complaints import Complaints
from store.errors import Busy, Unavailable
from store.unit import Unit
from store.values import Case, LedgerState
from tests.intake.talks import COMPLETE, OTHER_STORY, STORY, Office, Person, Reader

PHOTO = Attachment(name="photo.jpg", media_type="image/jpeg", content=b"\xff\xd8\xff photo")
VOICE = Attachment(name="voice.amr", media_type="audio/amr", ref="MEDIA")
CROWD = 4
MOST_SECONDS = 10.0  # for all of them together
MEANWHILE = 0.3  # seconds in which a colleague's step is done, unless it must wait for us


def failing(times: int, error: Exception, real: Callable[..., Any]) -> Callable[..., Any]:
    """``real``, which fails the first few times."""
    left = [error] * times

    async def method(*args: Any, **given: Any) -> Any:
        if left:
            raise left.pop()
        return await real(*args, **given)

    return method


# The database is away


async def test_a_database_that_is_busy_for_a_moment_sets_no_complaint_aside(
    each_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Unit, "commit", failing(1, Busy("a moment"), Unit.commit))
    assert "【已受理】" in await each_office.by_chat().write(COMPLETE)
    assert await each_office.ledger() == {"handled": 1}
    assert len(await each_office.cases()) == 1


async def test_while_the_database_is_away_the_sender_delivers_again_and_nothing_is_set_aside(
    each_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = each_office.by_chat()
    item = person.item(COMPLETE)
    with monkeypatch.context() as away:
        away.setattr(Complaints, "create", failing(1000, Unavailable("away"), Complaints.create))
        with pytest.raises(Unavailable):
            await person.send(item)
    assert await each_office.ledger() == {}
    assert "【已受理】" in await person.send(item)
    assert await each_office.ledger() == {"handled": 1}


async def test_an_item_left_by_a_crash_is_not_set_aside_while_the_database_is_away(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = await _left_behind(office)
    replayer = Replayer(office.gateway.house, office.gateway.inbox, {"wechat": Reader(mended=item)})
    with monkeypatch.context() as away, suppress(Unavailable):
        away.setattr(Complaints, "create", failing(1000, Unavailable("away"), Complaints.create))
        await replayer.resume()
    assert await office.ledger() == {"stored": 1}
    await replayer.resume()
    assert await office.ledger() == {"handled": 1}


async def test_people_who_write_all_at_once_are_all_heard(each_office: Office) -> None:
    some = [each_office.by_chat(f"a{each}") for each in range(CROWD)]
    others = [each_office.by_chat(f"b{each}") for each in range(CROWD)]
    async with asyncio.timeout(MOST_SECONDS):
        await asyncio.gather(*[person.write(STORY) for person in some])
        second = [person.write(OTHER_STORY) for person in some]
        first = [person.write(COMPLETE) for person in others]
        await asyncio.gather(*[each for pair in zip(second, first, strict=True) for each in pair])
    assert await each_office.ledger() == {"handled": 3 * CROWD}
    assert len(await each_office.cases()) == 3 * CROWD


# Staff at the same time


async def test_an_answer_that_crosses_a_colleagues_step_undoes_nothing(
    each_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = each_office.by_mail()
    await person.write(STORY)
    case = await each_office.only_case()
    save = Complaints.save
    work: list[asyncio.Task[None]] = []

    async def colleague() -> None:
        for step in (Status.ACCEPTED, Status.INVESTIGATING):
            with suppress(NotAllowed):  # accepted by the answer meanwhile
                await each_office.move(case, step)

    async def saving_slowly(complaints: Complaints, *args: Any, **given: Any) -> None:
        if not work:
            work.append(asyncio.create_task(colleague()))
            await asyncio.wait(work, timeout=MEANWHILE)
        await save(complaints, *args, **given)

    monkeypatch.setattr(Complaints, "save", saving_slowly)
    await person.write("我叫王小明，请尽快赔付")
    await asyncio.gather(*work)
    case = await each_office.only_case()
    assert case.status == Status.INVESTIGATING
    assert case.record.value("complainant_name") == "王小明"
    assert _is_unbroken([moment.data["path"] for moment in await each_office.history(case) if moment.kind == "status"])


async def test_who_answers_a_question_of_the_investigation_is_not_accepted_a_second_time(office: Office) -> None:
    person = office.by_chat()
    await person.write(COMPLETE)
    accepted_at = (await office.only_case()).accepted_at
    await office.move(await office.only_case(), Status.INVESTIGATING, Status.SUPPLEMENT, note="请提供发票")
    office.clock.advance(days=2)
    answer = await person.write("发票号码是12345678，金额3000元")
    case = await office.only_case()
    assert "【已受理】" not in answer
    assert case.number in answer
    assert case.accepted_at == accepted_at
    assert case.status in (Status.SUPPLEMENT, Status.INVESTIGATING)
    assert await office.tasks(number=case.number)


async def test_staff_go_on_investigating_when_the_customer_has_supplied_what_was_missing(office: Office) -> None:
    await office.by_chat().write(COMPLETE)
    case = await office.only_case()
    case = await office.move(case, Status.INVESTIGATING, Status.SUPPLEMENT, Status.INVESTIGATING, note="请提供发票")
    assert case.status == Status.INVESTIGATING


# Unfinished complaints


@pytest.mark.parametrize("channel", ["chat", "mail"])
async def test_who_cannot_say_what_they_want_is_passed_to_a_person_as_soon_as_the_rest_is_told(
    office: Office, channel: str
) -> None:
    person = office.by_chat() if channel == "chat" else office.by_mail()
    for words in (STORY, "不知道", "不知道"):
        await person.write(words)
    answer = await person.write("我叫王小明")
    case = await office.only_case()
    assert case.record.value("complainant_name") == "王小明"
    assert [task.kind for task in await office.tasks(number=case.number)] == ["incomplete"]
    assert case.number in answer


async def test_whoever_is_passed_to_a_person_is_passed_once(office: Office) -> None:
    person = office.by_chat()
    for words in (STORY, "不知道", "不知道", "我叫王小明", "你们快点", "我等着"):
        await person.write(words)
    assert len(await office.tasks("incomplete")) == 1


@pytest.mark.parametrize("channel", ["chat", "mail"])
async def test_a_second_complaint_leaves_the_unfinished_first_one_to_a_person(
    each_office: Office, channel: str
) -> None:
    person = each_office.by_chat() if channel == "chat" else each_office.by_mail()
    await person.write(f"{STORY}，我叫王小明")
    first = await each_office.only_case()
    await person.write("我还要再投诉另一件事：你们的业务员李四骗我买了分红险，请全额退保。")
    assert len(await each_office.cases()) == 2
    assert await each_office.tasks("incomplete", number=first.number)


async def test_asking_about_one_complaint_while_telling_another_mixes_nothing(office: Office) -> None:
    person, first, second = await _two_complaints(office)
    answer = await person.write(f"投诉{first.number}处理到哪一步了")
    assert first.number in answer
    await person.write("请全额退保")
    assert (await office.case(first.number)).record.value("request") == first.record.value("request")
    second = await office.case(second.number)
    assert "退保" in second.record.value("request")
    assert second.status == Status.ACCEPTED


async def test_adding_to_one_complaint_while_telling_another_forgets_neither(office: Office) -> None:
    person, first, second = await _two_complaints(office)
    await person.write(f"给投诉{first.number}补充一下：赔案号是CLM202600098765")
    await person.write("请全额退保")
    assert (await office.case(first.number)).record.value("request") == first.record.value("request")
    second = await office.case(second.number)
    assert second.status == Status.ACCEPTED or await office.is_remembered(second)


async def test_two_complaints_of_one_person_keep_their_own_facts(office: Office) -> None:
    person = office.by_chat()
    await person.write(COMPLETE)
    await person.write("我还要投诉另一件事，业务员李四骗我买了分红险，保单号PLIF202600000054321，请全额退保")
    first, second = await office.cases()
    assert first.record.value("policy_number") == "PDAA202641010000123456"
    assert second.record.value("policy_number") == "PLIF202600000054321"
    assert "赔付" in first.record.value("request")
    assert "退保" in second.record.value("request")
    assert second.record.value("complainant_name") == "王小明"
    assert "李四" not in str(first.record)


@pytest.mark.parametrize("before", ["车险理赔一般要多久？", "你们的客服小李服务真好，谢谢", "你好"])
@pytest.mark.parametrize("channel", ["chat", "mail"])
async def test_a_complaint_that_follows_other_words_is_written_down_whole(
    office: Office, channel: str, before: str
) -> None:
    person = office.by_chat() if channel == "chat" else office.by_mail()
    await person.write(before)
    receipt = await person.write(COMPLETE)
    [case] = [case for case in await office.cases() if case.status == Status.ACCEPTED]
    assert case.number in receipt
    assert case.record.intent is Intent.COMPLAINT
    assert case.record.value("complainant_name") == "王小明"
    assert case.record.value("policy_number") == "PDAA202641010000123456"
    assert "赔" in case.record.value("request")


# What cannot be read


async def test_a_message_we_cannot_read_does_not_stand_between_a_person_and_their_complaint(office: Office) -> None:
    person = office.by_chat()
    await person.write(STORY)
    first = await office.only_case()
    assert await person.write(raw=b"<xml>broken", unreadable="kind")
    await person.write("我叫王小明，请尽快赔付")
    assert (await office.case(first.number)).status == Status.ACCEPTED
    assert await office.tasks("quarantine")


async def test_writing_into_the_thread_of_somebody_else_does_not_cost_the_own_complaint(office: Office) -> None:
    await office.by_mail("a@x.example").write(COMPLETE)
    theirs = await office.only_case()
    person = office.by_mail("b@x.example")
    await person.write("我叫李大，业务员骗我买了分红险")
    own = await office.latest_case()
    await person.write("请处理一下", thread=Thread(number=theirs.number, by=("subject",)))
    await office.after(hours=21)
    reminders = await office.reminders()
    assert [parcel.number for parcel in reminders] == [own.number]
    await person.write("请全额退保")
    assert (await office.case(own.number)).status == Status.ACCEPTED


async def test_reading_again_what_cannot_be_read_counts_it_once(each_office: Office) -> None:
    await each_office.by_chat().write(raw=b"<xml>broken", unreadable="kind")
    [entry] = await each_office.quarantined()
    replayer = Replayer(each_office.gateway.house, each_office.gateway.inbox, {"wechat": Reader()})
    for _ in range(2):
        assert await replayer.replay(entry.id) == LedgerState.QUARANTINED
    assert len(await each_office.cases()) == 1
    assert len(await each_office.tasks("quarantine")) == 1


async def test_what_is_read_at_last_becomes_the_complaint_whose_number_was_told(each_office: Office) -> None:
    person = each_office.by_chat()
    item = person.item(raw=b"<xml>broken", unreadable="kind")
    told = await person.send(item)
    [entry] = await each_office.quarantined()
    reader = Reader(mended=person.item(COMPLETE, key=item.key))
    replayer = Replayer(each_office.gateway.house, each_office.gateway.inbox, {"wechat": reader})
    assert await replayer.replay(entry.id) == LedgerState.HANDLED
    [case] = [case for case in await each_office.cases() if case.status not in CLOSED]
    assert case.number in told
    assert case.status == Status.ACCEPTED
    assert not await each_office.tasks("quarantine")


async def test_an_item_left_by_a_crash_that_cannot_be_handled_is_brought_before_a_person(office: Office) -> None:
    await _left_behind(office)
    reader = Reader(failure=RuntimeError("the pool is broken"))
    await Replayer(office.gateway.house, office.gateway.inbox, {"wechat": reader}).resume()
    assert await office.ledger() == {"quarantined": 1}
    assert len(await office.tasks("quarantine")) == 1


async def test_the_files_of_an_item_that_was_set_aside_are_kept_once(
    each_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = each_office.by_chat()
    item = person.item(COMPLETE, attachments=(VOICE, PHOTO))
    with monkeypatch.context() as broken:
        broken.setattr(Complaints, "create", failing(1000, RuntimeError("a mistake of ours"), Complaints.create))
        assert await person.send(item)
    [entry] = await each_office.quarantined()
    replayer = Replayer(each_office.gateway.house, each_office.gateway.inbox, {"wechat": Reader(mended=item)})
    assert await replayer.replay(entry.id) == LedgerState.HANDLED
    case = await each_office.only_case()
    assert sorted(file.name for file in await each_office.files_of(entry)) == ["photo.jpg", "voice.amr"]
    assert sorted(file.name for file in await each_office.files(case)) == ["photo.jpg", "voice.amr"]


@pytest.mark.parametrize(("language", "words"), [("en", "colleague"), ("zh-Hant", "工作人員"), ("zh-Hans", "工作人员")])
async def test_whose_message_is_set_aside_hears_so_in_their_own_language(
    office: Office, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    person = office.by_chat()
    await person.write(
        {"en": "Hello, is anybody there?", "zh-Hant": "請問有人在嗎？", "zh-Hans": "请问有人在吗？"}[language]
    )
    complaint = {"en": "My motor claim has not been paid for two months", "zh-Hant": "車險理賠拖了兩個月還沒賠"}
    monkeypatch.setattr(Complaints, "create", failing(1000, RuntimeError("a mistake of ours"), Complaints.create))
    answer = await person.write(complaint.get(language, STORY))
    assert words in answer
    assert len(await office.quarantined()) == 1


# What has no words


@pytest.mark.parametrize(("file", "kept"), [(VOICE, "语音已保存"), (PHOTO, "文件已收到")])
async def test_who_sends_a_recording_or_a_picture_and_no_word_is_not_overlooked(
    office: Office, file: Attachment, kept: str
) -> None:
    answer = await office.by_chat().write(attachments=(file,))
    case = await office.only_case()
    assert kept in answer
    assert [each.name for each in await office.files(case)] == [file.name]
    await office.after(days=4)
    await office.after(days=4)
    await office.after(days=4)
    assert await office.tasks(number=case.number)


# Mail that came too often


async def test_the_receipt_of_a_complaint_comes_through_however_many_mails_it_took(office: Office) -> None:
    person = office.by_mail()
    for words in ("你好", "在吗", "我要投诉", "车险理赔拖了两个月还没赔", "一直说在审核", "我很着急"):
        await person.write(words)
    await person.write("我叫王小明，请尽快赔付")
    [case] = [case for case in await office.cases() if case.status == Status.ACCEPTED]
    [receipt] = await office.parcels(OutboundKind.RECEIPT)
    assert case.number in receipt.text
    assert receipt.next_at - office.clock.now() <= timedelta(hours=1)


async def test_a_question_that_could_not_be_put_is_not_counted_as_asked(office: Office) -> None:
    person = await _answered_often_enough(office)
    assert await person.write(OTHER_STORY) == ""
    office.clock.advance(hours=1)
    for _ in range(2):
        assert "希望怎样解决" in await person.write("不知道")
    assert "希望怎样解决" not in await person.write("不知道")


async def test_whose_complaint_began_in_a_mail_that_could_not_be_answered_is_not_forgotten(office: Office) -> None:
    person = await _answered_often_enough(office)
    assert await person.write(OTHER_STORY) == ""
    second = await office.latest_case()
    for _ in range(3):
        await office.after(hours=25)
    assert await office.tasks(number=second.number)


async def _answered_often_enough(office: Office) -> Person:
    """The next letter of this person within the hour gets no automatic answer."""
    person = office.by_mail()
    await person.write(COMPLETE)
    heard = [await person.write(f"补充：第{time}次催办") for time in range(1, PER_HOUR + 1)]
    assert heard[0]
    assert not heard[-1]
    return person


async def _two_complaints(office: Office) -> tuple[Person, Case, Case]:
    """One is accepted; of the other we have not heard yet what is wanted."""
    person = office.by_chat()
    await person.write(COMPLETE)
    first = await office.only_case()
    await person.write(OTHER_STORY)
    second = await office.latest_case()
    assert second.record.missing == ("request",)
    return person, first, second


async def _left_behind(office: Office) -> Any:
    """An item that was kept, and whoever kept it died."""
    item = office.by_chat().item(COMPLETE)
    kept = Item(channel="wechat", key=item.key, received_at=item.received_at, raw=item.raw)
    await office.gateway.inbox.keep(kept)
    office.clock.advance(seconds=LEFT_BEHIND_AFTER.total_seconds() + 1)
    return item


def _is_unbroken(paths: list[list[str]]) -> bool:
    """Every step began where the one before had ended."""
    return all(earlier[-1] == later[0] for earlier, later in pairwise(paths))
