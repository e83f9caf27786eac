"""Two values for what a person has one of: asked about once, beside everything else, and never in the way."""

from __future__ import annotations

import pytest

from channels.base import OutboundKind
from gateway.casework.lifecycle import Status
from gateway.intake.talk import Talk
from normalizer.record import Field, Method
from tests.intake.conftest import Opening
from tests.intake.talks import COMPLETE, STORY, Office, Person

OLD, NEW = "+8613812345678", "+8613944443210"
GIVEN_AGAIN = "我的电话是13944443210"
QUESTION = "您之前留的联系电话是138******78，刚才说的是139******10，请问以哪一个为准？"
WHICH = "以哪一个为准"


async def beside(office: Office, name: str = "phone") -> list[str]:
    case = await office.latest_case()
    return [each.value for each in case.record.others.get(name, ())]


async def phone(office: Office) -> Field:
    return (await office.latest_case()).record.fields["phone"]


async def in_doubt(office: Office) -> Person:
    """Somebody whose complaint is accepted, and who has just given another number."""
    person = office.by_chat()
    await person.write(COMPLETE)
    assert QUESTION in await person.write(GIVEN_AGAIN)
    return person


async def test_the_question_shows_both_values_masked_and_the_first_stands(each_office: Office) -> None:
    await in_doubt(each_office)
    assert (await phone(each_office)).value == OLD
    assert await beside(each_office) == [NEW]


@pytest.mark.parametrize(
    "words", ["第二个", "新的", "刚才那个", "3210", "13944443210", "旧的不用了", "不对，是13944443210", "2"]
)
async def test_the_new_number_is_chosen(office: Office, words: str) -> None:
    person = await in_doubt(office)
    answer = await person.write(words)
    assert "139******10" in answer
    assert (await phone(office)).value == NEW
    assert await beside(office) == [OLD]
    assert WHICH not in answer


@pytest.mark.parametrize("words", ["第一个", "前面那个", "旧的", "尾号5678", "13812345678", "1"])
async def test_the_old_number_is_chosen(office: Office, words: str) -> None:
    person = await in_doubt(office)
    answer = await person.write(words)
    assert "以电话138******78为准" in answer
    found = await phone(office)
    assert (found.value, found.method) == (OLD, Method.ANSWER)
    assert await beside(office) == [NEW]


async def test_both_may_be_kept(office: Office) -> None:
    person = await in_doubt(office)
    assert "都已为您记下" in await person.write("两个都可以")
    assert (await phone(office)).value == OLD
    assert await beside(office) == [NEW]


@pytest.mark.parametrize("seconds", [5, 60])
async def test_who_denies_both_has_chosen_nothing_and_the_question_is_over(office: Office, seconds: int) -> None:
    person = await in_doubt(office)
    office.clock.advance(seconds=seconds)
    assert "为准" not in await person.write("第一个不对，第二个也不对")
    await person.write("第二个")
    assert (await phone(office)).value == OLD
    assert await beside(office) == [NEW]


async def test_a_digit_alone_chooses_nothing_while_a_numbered_list_is_open(office: Office) -> None:
    person = office.by_mail()
    await person.write(f"{STORY}，电话13812345678")
    assert QUESTION in await person.write(f"{GIVEN_AGAIN}，谢谢")
    await person.write("2")
    assert (await phone(office)).value == OLD
    assert await beside(office) == [NEW]


async def test_a_salesmans_number_raises_no_question(office: Office) -> None:
    person = office.by_chat()
    await person.write(COMPLETE)
    assert WHICH not in await person.write("业务员李强的电话13944443210")
    assert (await phone(office)).value == OLD


async def test_a_third_number_may_be_the_right_one(office: Office) -> None:
    person = await in_doubt(office)
    assert "137******89" in await person.write("都不对，应该是13700006789")
    assert (await phone(office)).value == "+8613700006789"
    assert set(await beside(office)) == {OLD, NEW}


@pytest.mark.parametrize("words", ["不知道", "你们看着办吧", "我等了很久了"])
async def test_without_an_answer_both_are_left_to_staff_and_the_question_is_over(office: Office, words: str) -> None:
    person = await in_doubt(office)
    office.clock.advance(minutes=1)
    assert WHICH not in await person.write(words)
    office.clock.advance(minutes=1)
    await person.write("第二个")  # too late: it answers nothing any more
    assert (await phone(office)).value == OLD
    assert await beside(office) == [NEW]


async def test_what_was_typed_before_the_question_could_be_read_does_not_end_it(office: Office) -> None:
    person = await in_doubt(office)
    office.clock.advance(seconds=2)
    await person.write("我等了很久了")
    office.clock.advance(seconds=5)
    assert "139******10" in await person.write("第二个")
    assert (await phone(office)).value == NEW


async def test_the_same_pair_is_asked_about_once_whichever_is_said_again(office: Office) -> None:
    person = await in_doubt(office)
    await person.write("第二个")
    for words in ("我的电话是13812345678啊", GIVEN_AGAIN, "电话13812345678呀"):
        office.clock.advance(minutes=1)
        assert WHICH not in await person.write(words)
    assert (await phone(office)).value == NEW


async def test_another_pair_is_another_question(office: Office) -> None:
    person = await in_doubt(office)
    await person.write("第二个")
    answer = await person.write("我的电话是13700006789")
    assert "139******10，刚才说的是137******89" in answer


async def test_in_the_intake_it_is_asked_beside_the_form_and_does_not_hold_it_up(office: Office) -> None:
    person = office.by_chat()
    await person.write(f"{STORY}，电话13812345678")
    answer = await person.write(GIVEN_AGAIN)
    assert QUESTION in answer
    assert "怎样解决" in answer
    assert "姓名" in await person.write("请尽快赔付")
    assert "【已受理】" in await person.write("我叫王小明")
    assert (await phone(office)).value == OLD
    assert await beside(office) == [NEW]


async def test_one_reply_may_answer_the_doubt_and_the_form(office: Office) -> None:
    person = office.by_chat()
    await person.write(f"{STORY}，电话13812345678")
    await person.write(GIVEN_AGAIN)
    answer = await person.write("第二个，请尽快赔付")
    assert "以电话139******10为准" in answer
    assert "姓名" in answer
    case = await office.only_case()
    assert case.record.value("request") == "请尽快赔付"
    assert case.record.value("phone") == NEW


async def test_the_answer_to_a_doubt_does_not_use_up_the_question_of_the_form(office: Office) -> None:
    person = office.by_chat()
    await person.write(f"{STORY}，电话13812345678")
    await person.write(GIVEN_AGAIN)
    for words in ("第二个", "哦", "请尽快赔付"):
        office.clock.advance(minutes=1)
        answer = await person.write(words)
    assert "姓名" in answer
    assert not await office.tasks("incomplete")


async def test_a_contradiction_in_the_last_message_is_asked_after_the_receipt(office: Office) -> None:
    person = office.by_chat()
    await person.write(f"我叫王小明，电话13812345678，{STORY}")
    receipt = await person.write("我叫王小明，电话13944443210，请尽快赔付")
    assert "【已受理】" in receipt
    assert receipt.index("【已受理】") < receipt.index(QUESTION)
    assert (await office.only_case()).status == Status.ACCEPTED


async def test_by_mail_it_stands_before_the_list_and_is_answered_with_it(office: Office) -> None:
    person = office.by_mail()
    await person.write(f"{STORY}，电话13812345678")
    letter = await person.write(f"{GIVEN_AGAIN}，谢谢")
    assert QUESTION in letter
    assert letter.index(QUESTION) < letter.index("1. ")
    await person.write("电话以第二个为准。\n1. 请尽快赔付\n2. 王小明")
    case = await office.only_case()
    assert case.status == Status.ACCEPTED
    assert case.record.value("phone") == NEW
    assert case.record.value("request") == "请尽快赔付"


async def test_names_that_look_alike_under_the_mask_are_not_put_side_by_side(office: Office) -> None:
    person = office.by_chat()
    await person.write(COMPLETE)
    answer = await person.write("我叫王晓明")
    assert "您先后说的姓名不一样，请问正确的姓名是？" in answer
    await person.write("王晓明")
    case = await office.only_case()
    assert case.record.value("complainant_name") == "王晓明"
    assert [each.value for each in case.record.others["complainant_name"]] == ["王小明"]


async def test_a_corrected_value_raises_no_question(office: Office) -> None:
    person = office.by_chat()
    await person.write(COMPLETE)
    answer = await person.write("电话打错了，应该是13944443210")
    assert "已改为电话139******10" in answer
    assert WHICH not in answer


@pytest.mark.parametrize(
    ("words", "asked", "chosen"),
    [
        ("我的電話號碼是13944443210，謝謝您們幫忙處理這個個案", "請問以哪一個為準", "以電話139******10為準"),
        (
            "My phone number is 13944443210, please call me back soon",
            "telephone number 138******78, just now 139******10",
            "we will use",
        ),
    ],
)
async def test_it_is_asked_in_the_language_the_person_goes_on_in(
    office: Office, words: str, asked: str, chosen: str
) -> None:
    person = office.by_chat()
    await person.write(COMPLETE)
    assert asked in await person.write(words)
    assert chosen in await person.write("3210")


async def test_who_goes_on_in_english_is_answered_in_english_and_a_number_changes_nothing(office: Office) -> None:
    person = office.by_chat()
    assert "怎样解决" in await person.write(STORY)
    office.clock.advance(minutes=1)
    answer = await person.write("Sorry, I would rather go on in English if that is possible")
    assert "How would you like us to put it right?" in answer
    assert "name" in await person.write("Please pay the claim as soon as possible")
    assert "王小明" not in (answer := await person.write("王小明"))
    assert "Your complaint has been accepted" in answer
    case = await office.only_case()
    assert case.record.language == "en"


async def test_a_greeting_in_english_before_a_complaint_in_chinese(office: Office) -> None:
    person = office.by_chat()
    assert "complaints desk" in await person.write("hello")
    assert "How would you like" in await person.write("123456")
    office.clock.advance(minutes=1)
    assert "怎样解决" in await person.write(STORY)


async def test_nothing_is_asked_once_a_person_has_taken_over(office: Office) -> None:
    person = office.by_chat()
    await person.write(COMPLETE)
    await person.write("转人工")
    assert WHICH not in await person.write(GIVEN_AGAIN)
    assert await beside(office) == [NEW]


async def test_nothing_is_asked_where_somebody_is_in_danger(office: Office) -> None:
    person = office.by_chat()
    await person.write(COMPLETE)
    assert WHICH not in await person.write("我不想活了，我的电话是13944443210")
    assert WHICH not in await person.write("我的电话是13700006789")
    assert set(await beside(office)) == {NEW, "+8613700006789"}


async def test_what_staff_confirmed_is_not_put_in_doubt(office: Office) -> None:
    person = office.by_chat()
    await person.write(COMPLETE)
    case = await office.only_case()
    confirmed = case.record.with_field("phone", Field(value=OLD, method=Method.STAFF))
    async with office.gateway.house.store.unit() as unit:
        await unit.complaints.save(case.id, record=confirmed, now=office.clock.now())
        await unit.commit()
    assert WHICH not in await person.write(GIVEN_AGAIN)
    assert (await phone(office)).value == OLD
    assert await beside(office) == [NEW]


async def test_the_question_survives_a_restart(opening: Opening) -> None:
    async with opening() as office:
        await in_doubt(office)
    async with opening() as office:
        office.keys = iter(range(100, 200))
        await office.by_chat().write("第二个")
        assert (await phone(office)).value == NEW
        assert WHICH not in await office.by_chat().write("电话13812345678呀")


def test_a_talk_from_before_there_were_doubts_can_be_resumed() -> None:
    old = {"asked": "request", "asks": {"request": 1}, "dropped": ["contact"], "language": "en"}
    talk = Talk.from_state(old)
    assert (talk.doubts, talk.doubted, talk.doubted_at) == ({}, (), "")
    assert talk.to_state() == old | {"dropped": ("contact",)}


async def test_no_reminder_follows_a_doubt_that_nobody_answers(office: Office) -> None:
    await in_doubt(office)
    await office.after(hours=30)
    assert not await office.parcels(OutboundKind.REMINDER)
