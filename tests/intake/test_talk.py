"""What a person is asked and told, from the first word to the receipt and after it."""

from __future__ import annotations

import re

import pytest

from gateway.casework.lifecycle import Status
from normalizer.number import make_number
from normalizer.record import Gesture, Method
from tests.intake.talks import COMPLETE, OTHER_STORY, STORY, Office

MOST_STATEMENTS = 12
EVIDENCE = "如有合同、单据、照片或录音"


async def test_the_receipt_tells_number_and_what_we_understood_and_when_and_how_to_ask(each_office: Office) -> None:
    receipt = await each_office.by_chat().write(COMPLETE)
    case = await each_office.only_case()
    for told in (
        case.number,
        "王*明",
        "138******78",
        "****56",
        "理赔",
        "尽快赔付",
        "12月8日前",
        "“进度”",
        "保密",
        "更正",
    ):
        assert told in receipt
    for hidden in ("王小明", "13812345678", "PDAA202641010000123456"):
        assert hidden not in receipt


async def test_a_chat_asks_one_thing_at_a_time(office: Office) -> None:
    person = office.by_chat()
    heard = [await person.write(words) for words in (STORY, "请尽快赔付", "我叫王小明")]
    assert [len(re.findall("？", answer)) for answer in heard[:2]] == [1, 1]
    assert "怎样解决" in heard[0]
    assert "姓名" in heard[1]
    assert "【已受理】" in heard[2]


async def test_a_letter_asks_for_everything_at_once_in_a_numbered_list(office: Office) -> None:
    letter = await office.by_mail().write(STORY)
    listed = re.findall(r"^(\d)\. ", letter, re.MULTILINE)
    assert listed == [str(place) for place in range(1, len(listed) + 1)]
    assert len(listed) > 2
    assert "1. 您希望怎样解决" in letter
    assert "投诉人姓名" in letter
    assert "11月26日前" in letter


async def test_a_letter_that_answers_our_list_by_number_is_accepted(office: Office) -> None:
    person = office.by_mail()
    letter = await person.write(STORY)
    assert "1. 您希望怎样解决" in letter
    receipt = await person.write("您好，答复如下：\n1. 请尽快赔付\n2. 王小明\n3. PDAA202641010000123456\n谢谢")
    case = await office.only_case()
    assert case.status == Status.ACCEPTED
    assert case.number in receipt
    assert case.record.value("complainant_name") == "王小明"
    assert case.record.value("request") == "请尽快赔付"


async def test_a_letter_that_answers_the_whole_list_is_accepted(office: Office) -> None:
    person = office.by_mail()
    await person.write(STORY)
    receipt = await person.write("请尽快赔付。\n姓名：王小明\n保单号：PDAA202641010000123456")
    case = await office.only_case()
    assert case.status == Status.ACCEPTED
    assert case.number in receipt
    assert case.record.value("policy_number") == "PDAA202641010000123456"


async def test_what_was_told_wrong_is_corrected_in_the_middle(office: Office) -> None:
    person = office.by_chat()
    await person.write(f"{STORY}，我的电话13812345678")
    answer = await person.write("电话打错了，是13999998888")
    case = await office.only_case()
    assert case.record.value("phone") == "+8613999998888"
    assert "已改为" in answer
    assert "139******88" in answer
    assert "怎样解决" in answer


async def test_what_was_told_wrong_is_corrected_after_acceptance(each_office: Office) -> None:
    person = each_office.by_chat()
    await person.write(COMPLETE)
    answer = await person.write("电话打错了，是13999998888")
    case = await each_office.only_case()
    assert case.record.value("phone") == "+8613999998888"
    assert case.record.fields["phone"].method is not Method.STAFF
    assert case.status == Status.ACCEPTED
    assert "139******88" in answer
    assert case.number in answer


async def test_what_a_person_of_ours_has_confirmed_is_not_changed_by_later_words(office: Office) -> None:
    person = office.by_chat()
    await person.write(COMPLETE)
    case = await office.only_case()
    name = case.record.fields["complainant_name"]
    confirmed = case.record.with_field("complainant_name", type(name)(value="王晓明", method=Method.STAFF))
    async with office.gateway.house.store.unit() as unit:
        await unit.complaints.save(case.id, record=confirmed, now=office.clock.now())
        await unit.commit()
    await person.write("我叫王小明，我的赔案号是CLM202600098765")
    assert (await office.only_case()).record.value("complainant_name") == "王晓明"


async def test_whether_a_complaint_shall_be_taken_back_is_asked_once(each_office: Office) -> None:
    person = each_office.by_chat()
    await person.write(COMPLETE)
    case = await each_office.only_case()
    asked = await person.write("我要撤诉")
    assert "确定要撤回" in asked
    assert case.number in asked
    assert (await each_office.only_case()).status == Status.ACCEPTED
    answer = await person.write("确认撤回")
    assert "已撤回" in answer
    assert "11月23日" in answer
    assert (await each_office.only_case()).status == Status.WITHDRAWN


async def test_who_does_not_confirm_keeps_the_complaint(office: Office) -> None:
    person = office.by_chat()
    await person.write(COMPLETE)
    await person.write("我要撤诉")
    assert "继续处理" in await person.write("不撤了，继续吧")
    assert (await office.only_case()).status == Status.ACCEPTED


async def test_a_question_about_progress_in_between_starts_no_question_over(office: Office) -> None:
    person = office.by_chat()
    receipt = await person.write(COMPLETE)
    case = await office.only_case()
    assert EVIDENCE in receipt
    elsewhere = make_number(case.received_at.date(), 777)
    assert "后四位" in await person.write(f"查一下{elsewhere}的进度")
    await person.write("不知道")
    assert EVIDENCE not in await person.write("我的赔案号是CLM202600098765")


async def test_taking_back_one_complaint_while_telling_another_ends_the_one_that_was_named(office: Office) -> None:
    person = office.by_chat()
    await person.write(COMPLETE)
    first = await office.only_case()
    assert "怎样解决" in await person.write(OTHER_STORY)
    second = await office.latest_case()
    assert first.number in await person.write(f"撤回投诉{first.number}")
    assert "已撤回" in await person.write("确认撤回")
    assert (await office.case(first.number)).status == Status.WITHDRAWN
    await person.write("请全额退保")
    second = await office.case(second.number)
    assert "退保" in second.record.value("request")
    assert second.status == Status.ACCEPTED


async def test_taking_back_one_complaint_starts_no_question_of_another_over(office: Office) -> None:
    person = office.by_chat()
    await person.write(COMPLETE)
    first = await office.only_case()
    await person.write(OTHER_STORY)
    second = await office.latest_case()
    for words in (f"撤回投诉{first.number}", "确认撤回"):
        await person.write(words)
    heard = [await person.write("不知道") for _ in range(3)]
    assert sum("怎样解决" in answer or "诉求" in answer for answer in heard) <= 1
    assert await office.is_remembered(await office.case(second.number))


@pytest.mark.parametrize(
    ("channel", "language", "words", "heard"),
    [
        ("chat", "en", "My motor insurance claim has not been paid for two months", "How would you like"),
        ("mail", "en", "My motor insurance claim has not been paid for two months", "How you would like"),
        ("chat", "zh-Hant", "車險理賠拖了兩個月還沒賠，一直說在審核", "您希望如何解決"),
        ("mail", "zh-Hant", "車險理賠拖了兩個月還沒賠，一直說在審核", "您希望怎樣解決"),
    ],
)
async def test_a_person_is_answered_in_the_language_they_write(
    office: Office, channel: str, language: str, words: str, heard: str
) -> None:
    person = office.by_chat() if channel == "chat" else office.by_mail()
    assert heard in await person.write(words)
    assert (await office.only_case()).record.language == language
    await office.after(hours=21)
    [reminder] = await office.reminders()
    assert reminder.language == language
    assert heard.removesuffix("解決")[:8] in reminder.text or channel == "mail"


async def test_who_follows_us_is_welcomed_and_has_no_complaint_yet(office: Office) -> None:
    assert "投诉受理" in await office.by_chat().write(gesture=Gesture.FOLLOW)
    assert await office.cases() == []
    assert await office.tasks() == []


async def test_the_same_message_delivered_again_hears_the_same_and_counts_once(each_office: Office) -> None:
    person = each_office.by_chat()
    item = person.item(COMPLETE)
    assert await person.send(item) == await person.send(item)
    assert len(await each_office.cases()) == 1
    assert await each_office.ledger() == {"handled": 1}


async def test_the_sixtieth_message_of_a_talk_costs_the_database_no_more_than_the_third(each_office: Office) -> None:
    person, store = each_office.by_chat(), each_office.gateway.house.store
    costs = []
    await person.write(COMPLETE)
    for day in range(2, 61):
        before = store.statements
        assert await person.write(f"补充说明：又过去了{day}天，还是没有人联系我")
        costs.append(store.statements - before)
    assert costs[1] == costs[58]
    assert max(costs) <= MOST_STATEMENTS
