"""How a call begins: the greeting, the notice on recording, the language, and who called before."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from channels.base import AnswerKind, OutboundKind, Then
from normalizer.record import Intent
from tests.intake.calls import A_HOTLINE, LANDLINE, MOBILE, NAME, OTHER_MOBILE, STORY, WISH, Call, accepted, calling
from tests.intake.conftest import Opening
from tests.intake.talks import OTHER_STORY, Office

NOTICE = "通话录音"
REFUSED = "这次通话不录音"
INVITED = "您遇到了什么问题"
ENGLISH_STORY = "My car insurance claim has been delayed for two months"


@pytest.fixture
async def silent_office(opening: Opening) -> AsyncIterator[Office]:
    """One whose name is known."""
    async with opening(org_name="国诚保险") as office:
        yield office


async def test_a_caller_hears_who_we_are_that_we_record_and_what_they_can_do(silent_office: Office) -> None:
    call = await calling(silent_office)
    assert (call.last.kind, call.last.then, call.last.asked) == (AnswerKind.SPOKEN, Then.LISTEN, "menu")
    for said in ("国诚保险", NOTICE, "按9", INVITED, "按2", "按0"):
        assert said in call.last.text
    assert await silent_office.cases() == []


async def test_a_caller_who_says_yes_to_the_notice_is_asked_to_tell(office: Office) -> None:
    call = await calling(office)
    await call.say("好的")
    assert call.last.asked == "matter"
    assert call.last.recorded


async def test_a_caller_who_tells_at_once_is_not_asked_for_it(office: Office) -> None:
    call = await calling(office)
    await call.say(STORY)
    assert INVITED not in call.last.text
    assert call.last.asked in ("request", "complainant_name")


async def test_a_caller_who_presses_1_is_asked_to_tell(office: Office) -> None:
    call = await calling(office)
    await call.press("1")
    assert call.last.asked == "matter"


@pytest.mark.parametrize("refusal", ["9", "我不同意录音", "请不要录音", "别录音", "不同意"])
async def test_a_caller_who_refuses_to_be_recorded_is_served_and_not_recorded(office: Office, refusal: str) -> None:
    call = await calling(office)
    await (call.press(refusal) if refusal.isdigit() else call.say(refusal))
    assert REFUSED in call.last.text
    assert call.last.asked == "matter"
    assert not call.last.recorded


@pytest.mark.parametrize("refusal", ["9", "别录音"])
async def test_a_refusal_in_the_middle_repeats_the_question_that_stood(office: Office, refusal: str) -> None:
    call = await calling(office)
    await call.say(STORY)
    asked = call.last.asked
    await (call.press(refusal) if refusal.isdigit() else call.say(refusal))
    assert REFUSED in call.last.text
    assert call.last.asked == asked


async def test_who_refused_is_never_asked_to_speak_after_a_tone(office: Office) -> None:
    call = await calling(office)
    await call.press("9")
    for _ in range(2):
        await call.mumble()
        assert call.last.then is not Then.RECORD
    assert not call.last.recorded


async def test_who_refused_and_wants_a_person_is_called_back_without_a_recording(office: Office) -> None:
    call = await calling(office)
    await call.press("9")
    await call.press("0")
    assert call.last.then is Then.HANG_UP
    assert not call.last.recorded
    assert [task.reason for task in await call.tasks("handover")] == ["asked_for_person"]


async def test_a_refusal_holds_for_this_call_alone(office: Office) -> None:
    first = await calling(office)
    await first.press("9")
    await first.hang_up()
    second = await calling(office)
    assert second.last.recorded


async def test_a_caller_who_presses_8_is_spoken_to_in_english_to_the_end(office: Office) -> None:
    call = await calling(office)
    await call.press("8")
    assert call.last.language == "en"
    assert call.last.text.startswith("The call is recorded"), "the first time it was not understood"
    assert "press 0" in call.last.text
    for words in (ENGLISH_STORY, "I want you to pay the claim", "My name is John Smith", "I don't know"):
        await call.say(words)
        assert call.last.language == "en"
        assert call.last.text.isascii()
    assert call.last.asked == "confirm"
    await call.say("yes")
    case = await call.case()
    assert case.accepted_at is not None
    assert case.record.language == "en"
    assert case.number in call.last.text


@pytest.mark.parametrize("words", ["English please", "请说英文"])
async def test_a_caller_can_ask_for_english_by_saying_so(office: Office, words: str) -> None:
    call = await calling(office)
    await call.say(words)
    assert call.last.language == "en"


@pytest.mark.parametrize("words", ["bye", "goodbye", "no, thank you", "that's all", "No, that is all, thank you."])
async def test_an_english_caller_who_says_goodbye_is_said_goodbye_to(office: Office, words: str) -> None:
    call = await calling(office)
    await call.press("8")
    for told in (ENGLISH_STORY, "I want you to pay the claim", "My name is John Smith", "I don't know"):
        await call.say(told)
    await call.press("1")
    answer = await call.say(words)
    assert answer.then is Then.HANG_UP
    assert "Goodbye" in call.last.text


@pytest.mark.parametrize("words", ["没有了", "没有了谢谢", "不用了，再见", "再见", "好的谢谢", "没别的事了"])
async def test_a_caller_who_says_goodbye_is_said_goodbye_to(office: Office, words: str) -> None:
    call, _ = await accepted(office)
    answer = await call.say(words)
    assert answer.then is Then.HANG_UP
    assert "再见" in call.last.text


@pytest.mark.parametrize("how", ["1", "再说一遍", "没听清，重复一下"])
async def test_a_caller_can_hear_the_number_again(office: Office, how: str) -> None:
    call, _case = await accepted(office)
    await (call.press(how) if how.isdigit() else call.say(how))
    assert call.last.asked == "more"
    assert "再念一遍" in call.last.text
    assert await office.tasks() == []
    assert len(await office.cases()) == 1


async def test_the_number_is_told_twice_once_digit_by_digit(office: Office) -> None:
    call, case = await accepted(office)
    assert case.number in call.last.text
    assert "二六幺幺 二三零零" in call.last.text


@pytest.mark.parametrize(("number", "texts"), [(MOBILE, 1), (LANDLINE, 0)])
async def test_the_number_comes_in_writing_where_a_text_message_can_go(
    opening: Opening, number: str, texts: int
) -> None:
    async with opening(**A_HOTLINE) as office:
        call = await calling(office, number)
        for words in (f"{NAME}，{STORY}，{WISH}", "就打这个" if number == LANDLINE else "不知道", "不知道"):
            await call.say(words)
        assert call.last.asked == "confirm"
        await call.press("1")
        copies = await office.parcels(OutboundKind.COPY)
        assert len(copies) == texts
        assert ("编号会用短信发到您的手机上" in call.last.text) is bool(texts)
        for copy in copies:
            assert (await call.case()).number in copy.text
            assert copy.to == call.contact
            assert "王小明" not in copy.text


# -- who called before -------------------------------------------------------------------------------------------------


async def broken_off(office: Office, *words: str, number: str = MOBILE) -> Call:
    call = await calling(office, number)
    for each in words or (STORY,):
        await call.say(each)
    await call.hang_up()
    return call


async def test_the_next_call_offers_to_go_on_and_reveals_nothing(office: Office) -> None:
    first = await broken_off(office, f"{NAME}，{STORY}，保单号PDAA202641010000123456")
    case = await first.case()
    call = await calling(office)
    assert call.last.asked == "go_on"
    for secret in ("王小明", "车险", "理赔", case.number, "PDAA", "审核"):
        assert secret not in call.last.text


@pytest.mark.parametrize("yes", ["1", "对", "好的"])
async def test_a_yes_goes_on_where_it_broke_off(office: Office, yes: str) -> None:
    first = await broken_off(office)
    call = await calling(office)
    await (call.press(yes) if yes.isdigit() else call.say(yes))
    assert call.last.asked in ("request", "complainant_name")
    assert (await call.case()).number == (await first.case()).number
    assert len(await office.cases()) == 1


async def test_what_is_read_back_after_going_on_was_told_in_this_call(office: Office) -> None:
    await broken_off(office, f"{NAME}，{STORY}，保单号PDAA202641010000123456")
    call = await calling(office)
    await call.press("1")
    heard = call.last.text
    for words in (WISH, "不知道"):
        if call.last.asked != "confirm":
            heard += (await call.say(words)).text
    assert call.last.asked == "confirm"
    assert "尽快赔付" in call.last.text
    for secret in ("王小明", "P D A A", "PDAA", "车险", "审核"):
        assert secret not in heard


async def test_a_correction_after_going_on_reveals_nothing_either(office: Office) -> None:
    await broken_off(office, f"{NAME}，{STORY}，{WISH}")
    call = await calling(office)
    await call.press("1")
    heard = call.last.text
    for words in ("我叫李大海", "不知道", "不对", "电话是13812345678", "对"):
        heard += (await call.say(words)).text
    assert "王小明" not in heard


async def test_going_on_to_the_end_is_one_accepted_complaint_and_nobody_calls_back(office: Office) -> None:
    await broken_off(office)
    call = await calling(office)
    await call.press("1")
    for words in (WISH, NAME, "不知道", "对"):
        if call.last.asked == "complainant_name":
            words = NAME
        await call.say(words)
    case = await office.only_case()
    assert case.accepted_at is not None
    await call.hang_up()
    assert await office.tasks("callback") == [], "the person has called back themselves"


@pytest.mark.parametrize("no", ["2", "不用"])
async def test_a_no_begins_something_new_and_the_old_one_stays_with_staff(office: Office, no: str) -> None:
    first = await broken_off(office)
    call = await calling(office)
    await (call.press(no) if no.isdigit() else call.say(no))
    assert call.last.asked == "matter"
    await call.say(OTHER_STORY)
    old, new = await office.cases()
    assert old.number == (await first.case()).number
    assert (await call.case()).number == new.number
    assert "分红" not in old.record.value("matter")
    assert [task.number for task in await office.tasks("callback")] == [old.number]


async def test_who_tells_another_story_instead_of_answering_begins_a_new_complaint(office: Office) -> None:
    first = await broken_off(office)
    call = await calling(office)
    await call.say(OTHER_STORY)
    assert (await call.case()).number != (await first.case()).number


async def test_nobody_else_is_offered_to_go_on(office: Office) -> None:
    await broken_off(office)
    assert (await calling(office, OTHER_MOBILE)).last.asked == "menu"
    assert (await calling(office, "")).last.asked == "menu"


async def test_a_withheld_number_is_never_offered_to_go_on(office: Office) -> None:
    await broken_off(office, number="")
    assert (await calling(office, "")).last.asked == "menu"


async def test_an_accepted_complaint_is_not_offered(office: Office) -> None:
    call, _ = await accepted(office)
    await call.hang_up()
    assert (await calling(office)).last.asked == "menu"


async def test_a_call_that_broke_off_long_ago_is_not_offered(office: Office) -> None:
    await broken_off(office)
    office.clock.advance(days=8)
    assert (await calling(office)).last.asked == "menu"


async def test_a_question_that_broke_off_is_no_complaint_to_go_on_with(office: Office) -> None:
    first = await calling(office)
    await first.press("0")
    await first.hang_up()
    assert (await office.only_case()).record.intent is Intent.HUMAN
    assert (await calling(office)).last.asked == "menu"
