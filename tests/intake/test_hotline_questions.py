"""What is asked on the line, and what happens when no answer comes, or none that can be understood."""

from __future__ import annotations

import pytest

from channels.base import Then
from gateway.casework.lifecycle import Status
from normalizer.record import Method
from tests.intake.calls import LANDLINE, MOBILE, NAME, POLICY, STORY, WHOLE, WISH, Call, calling
from tests.intake.talks import Office

KEYPAD = "用键盘输入"


async def at(office: Office, question: str, number: str = MOBILE) -> Call:
    """A call in which this is asked just now."""
    call = await calling(office, number)
    answers = {"menu": STORY, "matter": STORY, "request": WISH, "complainant_name": NAME, "contact": "13812345678"}
    if question == "matter":
        await call.press("1")
    if question == "case_number":
        await call.press("2")
    while call.last.asked != question:
        assert call.last.asked in answers, (question, call.last)
        await call.say(answers[call.last.asked])
    return call


async def read_back(office: Office, number: str = MOBILE) -> Call:
    call = await calling(office, number)
    await call.say(WHOLE)
    assert call.last.asked == "confirm"
    return call


# -- the whole of it ---------------------------------------------------------------------------------------------------


async def test_a_whole_story_is_read_back_at_once_and_a_yes_accepts_it(office: Office) -> None:
    call = await read_back(office)
    for said in ("王小明", "P D A A，2 0 2 6", "尽快赔付", "回电打您现在这个号码"):
        assert said in call.last.text
    await call.say("对")
    case = await call.case()
    assert case.status == Status.ACCEPTED
    assert case.number in call.last.text
    assert await office.tasks() == []


async def test_only_what_is_missing_is_asked_one_thing_at_a_time(office: Office) -> None:
    call = await calling(office)
    await call.say(STORY)
    asked = []
    answers = {"request": WISH, "complainant_name": NAME, "policy_number": POLICY}
    while call.last.asked != "confirm":
        asked.append(call.last.asked)
        assert call.last.text.count("？") + call.last.text.count("是？") <= 2
        await call.say(answers[call.last.asked])
    assert sorted(asked) == ["complainant_name", "policy_number", "request"]


async def test_a_policy_number_can_be_keyed(office: Office) -> None:
    call = await at(office, "policy_number")
    await call.press("41010000123456")
    assert (await call.case()).record.value("policy_number") == "41010000123456"
    assert call.last.asked == "confirm"


@pytest.mark.parametrize("words", ["不知道", "没有", "记不清了", "手边没有"])
async def test_a_caller_who_does_not_know_the_policy_number_goes_on_without(office: Office, words: str) -> None:
    call = await at(office, "policy_number")
    await call.say(words)
    assert call.last.asked == "confirm"
    assert "保单号是" not in call.last.text


@pytest.mark.parametrize("how", ["keep_silent", "mumble"])
async def test_a_policy_number_that_is_not_heard_is_skipped(office: Office, how: str) -> None:
    call = await at(office, "policy_number")
    for _ in range(2):
        if call.last.asked == "policy_number":
            await getattr(call, how)()
    assert call.last.asked == "confirm"


# -- whose number ------------------------------------------------------------------------------------------------------


async def test_a_landline_is_asked_for_a_number_to_call_back_and_a_mobile_is_not(office: Office) -> None:
    call = await calling(office, LANDLINE)
    await call.say(WHOLE)
    assert call.last.asked == "phone"
    assert (await read_back(office)).last.asked == "confirm"


@pytest.mark.parametrize("how", ["say", "press"])
async def test_the_number_to_call_back_is_read_aloud_and_confirmed(office: Office, how: str) -> None:
    call = await calling(office, LANDLINE)
    await call.say(WHOLE)
    await getattr(call, how)("13812345678")
    assert "电话是1 3 8，1 2 3 4，5 6 7 8" in call.last.text
    await call.press("1")
    phone = (await call.case()).record.fields["phone"]
    assert (phone.value, phone.method) == ("+8613812345678", Method.ANSWER)


@pytest.mark.parametrize("words", ["就打这个", "就这个号码", "打这个座机就行"])
async def test_the_landline_itself_will_do(office: Office, words: str) -> None:
    call = await calling(office, LANDLINE)
    await call.say(WHOLE)
    await call.say(words)
    assert call.last.asked == "confirm"
    assert "回电打您现在这个号码" in call.last.text


async def test_silence_to_the_number_question_goes_on_with_the_landline(office: Office) -> None:
    call = await calling(office, LANDLINE)
    await call.say(WHOLE)
    await call.keep_silent()
    assert call.last.asked == "confirm"


async def test_a_withheld_number_must_be_told(office: Office) -> None:
    call = await calling(office, "")
    await call.say(WHOLE)
    assert call.last.asked == "contact"
    await call.say("13812345678")
    assert "电话是1 3 8" in call.last.text
    await call.press("1")
    case = await call.case()
    assert case.status == Status.ACCEPTED
    assert case.record.value("phone") == "+8613812345678"


async def test_who_withholds_and_refuses_a_number_is_told_to_call_again(office: Office) -> None:
    call = await calling(office, "")
    await call.say(WHOLE)
    for _ in range(2):
        if call.last.asked == "contact":
            await call.say("不想说")
    assert call.last.then is Then.HANG_UP
    assert "凭这个编号随时再打来" in call.last.text
    assert (await call.case()).number in call.last.text


async def test_callers_who_withhold_their_number_are_two_people(office: Office) -> None:
    first, second = await calling(office, ""), await calling(office, "")
    await first.say(STORY)
    await second.say("业务员骗我买了分红险，要退保")
    one, other = await first.case(), await second.case()
    assert one.number != other.number


# -- silence -----------------------------------------------------------------------------------------------------------


async def test_silence_at_the_greeting_is_asked_once_more_and_then_ended(office: Office) -> None:
    call = await calling(office)
    await call.keep_silent()
    assert (call.last.asked, call.last.then) == ("menu", Then.LISTEN)
    assert "没有听到您的声音" in call.last.text
    await call.keep_silent()
    assert call.last.then is Then.HANG_UP
    assert await office.cases() == []


@pytest.mark.parametrize("question", ["request", "complainant_name"])
async def test_silence_twice_at_a_question_leaves_the_rest_to_staff(office: Office, question: str) -> None:
    call = await at(office, question)
    await call.keep_silent()
    assert (call.last.asked, call.last.then) == (question, Then.LISTEN)
    await call.keep_silent()
    assert call.last.then is Then.HANG_UP
    assert "给您回电" in call.last.text
    assert (await call.case()).status == Status.REGISTERED
    assert [task.reason for task in await call.tasks()] == ["fell_silent"]
    await call.hang_up()
    assert len(await call.tasks("callback")) == 1


async def test_silence_twice_at_the_read_back_accepts_what_was_told(office: Office) -> None:
    call = await read_back(office)
    await call.keep_silent()
    assert call.last.asked == "confirm"
    await call.keep_silent()
    assert (await call.case()).status == Status.ACCEPTED
    assert call.last.then is not Then.RECORD


async def test_silence_after_the_receipt_is_a_goodbye(office: Office) -> None:
    call = await read_back(office)
    await call.press("1")
    await call.keep_silent()
    assert call.last.then is Then.HANG_UP
    assert await office.tasks() == []


async def test_one_silence_is_forgotten_when_an_answer_comes(office: Office) -> None:
    call = await at(office, "request")
    await call.keep_silent()
    await call.say(WISH)
    asked = call.last.asked
    await call.keep_silent()
    assert call.last.asked in (asked, "confirm"), "the count begins anew"
    assert call.last.then is Then.LISTEN


# -- what nobody can be sure of ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["menu", "matter"])
async def test_a_story_not_understood_twice_is_recorded_instead(office: Office, question: str) -> None:
    call = await at(office, question)
    await call.mumble()
    assert (call.last.asked, call.last.then) == (question, Then.LISTEN)
    await call.mumble()
    assert call.last.then is Then.RECORD
    answer = await call.speak_after_the_tone()
    assert answer.then is Then.LISTEN
    assert call.last.asked in ("request", "complainant_name")
    assert "recording_to_hear" in [task.reason for task in await call.tasks("review")]


@pytest.mark.parametrize("question", ["request", "complainant_name"])
async def test_an_answer_not_understood_twice_is_left_to_staff(office: Office, question: str) -> None:
    call = await at(office, question)
    for _ in range(2):
        assert call.last.asked == question
        await call.mumble()
    assert call.last.asked != question
    assert call.last.then is not Then.RECORD
    await call.hang_up()
    assert (await call.case()).status == Status.REGISTERED
    assert len(await call.tasks("callback")) == 1


@pytest.mark.parametrize("number", ["", LANDLINE])
async def test_a_number_not_understood_is_asked_for_by_keypad_and_then_given_up(office: Office, number: str) -> None:
    call = await calling(office, number)
    await call.say(WHOLE)
    question = call.last.asked
    assert question == ("phone" if number else "contact")
    await call.mumble()
    assert call.last.asked == question
    assert KEYPAD in call.last.text
    await call.mumble()
    assert call.last.asked != question
    assert call.last.then in (Then.LISTEN, Then.HANG_UP)


@pytest.mark.parametrize("question", ["case_number", "policy_number"])
async def test_a_long_number_not_understood_is_asked_for_by_keypad(office: Office, question: str) -> None:
    call = await at(office, question)
    await call.mumble()
    assert call.last.asked == question
    assert KEYPAD in call.last.text


async def test_a_complaint_number_not_understood_twice_is_a_matter_for_a_person(office: Office) -> None:
    call = await at(office, "case_number")
    for _ in range(2):
        await call.mumble()
    assert call.last.then in (Then.RECORD, Then.HANG_UP)
    assert await call.tasks("handover") or await call.tasks("callback")


async def test_a_guess_of_the_recogniser_is_believed_in_nothing(office: Office) -> None:
    call = await at(office, "complainant_name")
    await call.mumble("我叫李铁柱")
    case = await call.case()
    assert case.record.value("complainant_name") == ""
    assert await office.tasks() == []


async def test_a_guess_that_speaks_of_danger_calls_somebody_and_is_believed_in_nothing_else(office: Office) -> None:
    call = await at(office, "complainant_name")
    await call.mumble("我叫李铁柱，我要跳楼")
    assert (await call.case()).record.value("complainant_name") == ""
    assert len(await call.tasks("page")) == 1


async def test_what_was_only_guessed_is_there_for_whoever_calls_back(office: Office) -> None:
    call = await calling(office)
    await call.mumble("投诉你们拒赔")
    await call.hang_up()
    [task] = await office.tasks()
    assert (task.kind, task.detail) == ("callback", "投诉你们拒赔")


@pytest.mark.parametrize("keys", ["5", "77", "3333333333"])
async def test_keys_that_mean_nothing_are_like_words_not_understood(office: Office, keys: str) -> None:
    call = await calling(office)
    await call.press(keys)
    assert (call.last.asked, call.last.then) == ("menu", Then.LISTEN)
    assert "没有听清" in call.last.text


@pytest.mark.parametrize("answer", ["mumble", "keep_silent"])
async def test_no_question_is_put_for_ever(office: Office, answer: str) -> None:
    """Whatever is asked, two failures lead elsewhere, and a handful to the end of the call."""
    for question in ("menu", "matter", "request", "complainant_name", "policy_number", "case_number"):
        call = await at(office, question)
        for _ in range(12):
            if call.last.then is not Then.LISTEN:
                break
            await getattr(call, answer)()
        assert call.last.then is not Then.LISTEN, question
        await call.hang_up()
        office.clock.advance(days=8)  # the next call shall not be offered to go on


# -- the read-back -----------------------------------------------------------------------------------------------------

CORRECTIONS = [
    ("名字叫王晓明", "complainant_name", "王晓明"),
    ("我叫王晓明", "complainant_name", "王晓明"),
    ("姓名是王晓明", "complainant_name", "王晓明"),
    ("不对，我姓王，叫王晓明", "complainant_name", "王晓明"),
    ("电话不对，电话是13812345678", "phone", "+8613812345678"),
    ("电话是13812345678", "phone", "+8613812345678"),
    ("保单号不对，是PDAA202641010000999999", "policy_number", "PDAA202641010000999999"),
    ("保单号是PDAA202641010000999999", "policy_number", "PDAA202641010000999999"),
]


@pytest.mark.parametrize(("words", "field", "value"), CORRECTIONS)
async def test_one_item_is_corrected_and_read_back_again(office: Office, words: str, field: str, value: str) -> None:
    call = await read_back(office)
    await call.say(words)
    assert call.last.asked == "confirm"
    assert (await call.case()).record.value(field) == value
    await call.press("1")
    case = await call.case()
    assert case.status == Status.ACCEPTED
    assert case.record.value(field) == value


@pytest.mark.parametrize(("words", "field", "value"), CORRECTIONS)
async def test_a_no_asks_which_item_and_takes_the_right_one(office: Office, words: str, field: str, value: str) -> None:
    call = await read_back(office)
    await call.press("2")
    assert "哪一项不对" in call.last.text
    await call.say(words)
    assert call.last.asked == "confirm"
    await call.say("对")
    case = await call.case()
    assert case.status == Status.ACCEPTED
    assert case.record.value(field) == value


async def test_the_name_of_an_item_alone_asks_for_its_value(office: Office) -> None:
    call = await read_back(office)
    await call.say("姓名不对")
    assert call.last.asked == "complainant_name"
    await call.say("王晓明")
    assert call.last.asked == "confirm"
    assert "姓名是王晓明" in call.last.text


async def test_only_the_corrected_item_changes(office: Office) -> None:
    call = await read_back(office)
    before = (await call.case()).record
    await call.say("电话不对，电话是13812345678")
    after = (await call.case()).record
    for name in ("complainant_name", "policy_number", "request"):
        assert after.value(name) == before.value(name)


async def test_an_answer_that_is_neither_yes_nor_no_twice_accepts_and_staff_look_at_it(office: Office) -> None:
    call = await read_back(office)
    await call.say("今天天气挺好")
    assert call.last.asked == "confirm"
    await call.say("哈哈哈")
    assert (await call.case()).status == Status.ACCEPTED
    assert [task.reason for task in await call.tasks("review")] == ["not_confirmed"]


async def test_a_caller_who_never_agrees_is_accepted_after_a_few_rounds(office: Office) -> None:
    call = await read_back(office)
    for _ in range(8):
        if call.last.asked == "confirm":
            await call.press("2")
    assert (await call.case()).status == Status.ACCEPTED
    assert [task.reason for task in await call.tasks("review")] == ["not_confirmed"]


async def test_the_read_back_not_understood_twice_accepts(office: Office) -> None:
    call = await read_back(office)
    await call.mumble()
    assert "对请按1" in call.last.text
    await call.mumble()
    assert (await call.case()).status == Status.ACCEPTED
