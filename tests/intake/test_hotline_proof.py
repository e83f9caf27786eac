"""How things stand, and taking a complaint back, on the line: the caller's number alone opens nothing."""

from __future__ import annotations

import pytest

from channels.base import OutboundKind, Then
from gateway.casework.lifecycle import Status
from store.values import Case, OutboxState
from tests.intake.calls import (
    A_HOTLINE,
    LANDLINE,
    MOBILE,
    OTHER_MOBILE,
    STORY,
    Call,
    accepted,
    ask_for_progress,
    calling,
)
from tests.intake.conftest import Opening
from tests.intake.talks import OTHER_STORY, Office

LAST_FOUR = MOBILE[-4:]
STATE = "已受理"


async def earlier(office: Office, number: str = MOBILE) -> Case:
    """A complaint that was accepted in a call before."""
    call, case = await accepted(office, number)
    await call.hang_up()
    return case


def digits(case: Case) -> str:
    return case.number.removeprefix("TS")


# -- progress ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [MOBILE, OTHER_MOBILE, LANDLINE, ""])
async def test_whoever_knows_number_and_last_four_is_told_from_any_telephone(office: Office, number: str) -> None:
    case = await earlier(office)
    call = await calling(office, number)
    await ask_for_progress(call, case.number, LAST_FOUR)
    assert STATE in call.last.text
    assert call.last.asked == "more"
    assert call.last.then is Then.LISTEN


@pytest.mark.parametrize("question", ["我的投诉处理到哪一步了", "我想查进度", "查一下进度"])
async def test_the_callers_own_number_alone_opens_nothing(office: Office, question: str) -> None:
    case = await earlier(office)
    call = await calling(office)
    await call.say(question)
    assert call.last.asked == "case_number"
    assert case.number not in call.last.text
    assert STATE not in call.last.text


async def test_the_complaint_number_alone_opens_nothing(office: Office) -> None:
    case = await earlier(office)
    call = await calling(office)
    await call.say(f"帮我查一下{case.number}")
    assert call.last.asked == "last_four"
    assert STATE not in call.last.text


@pytest.mark.parametrize("spoken", ["二六一一二三零零零零一八", "2 6 1 1 2 3 0 0 0 0 1 8", "二六幺幺二三零零零零幺八"])
async def test_number_and_last_four_can_be_spoken(office: Office, spoken: str) -> None:
    case = await earlier(office)
    assert digits(case) == "261123000018"
    call = await calling(office)
    await call.press("2")
    await call.say(spoken)
    assert call.last.asked == "last_four", call.last
    await call.say("四五六七")
    assert STATE in call.last.text


async def test_whoever_guesses_three_times_is_passed_to_a_person_and_told_nothing(office: Office) -> None:
    case = await earlier(office)
    call = await calling(office, OTHER_MOBILE)
    heard = []
    for guess in ("1111", "2222", "3333"):
        await ask_for_progress(call, case.number, guess)
        heard.append(call.last.text)
    assert call.last.then is Then.HANG_UP
    assert STATE not in " ".join(heard)
    assert case.number not in " ".join(heard)
    assert [task.reason for task in await call.tasks("callback")] == ["cannot_prove"]
    await call.hang_up()
    assert len(await office.tasks()) == 1


async def test_after_too_many_guesses_the_right_answer_opens_nothing_today(office: Office) -> None:
    case = await earlier(office)
    guesser = await calling(office, OTHER_MOBILE)
    for guess in ("1111", "2222", "3333"):
        await ask_for_progress(guesser, case.number, guess)
    call = await calling(office)
    await ask_for_progress(call, case.number, LAST_FOUR)
    assert STATE not in call.last.text
    office.clock.advance(days=1)
    call = await calling(office)
    await ask_for_progress(call, case.number, LAST_FOUR)
    assert STATE in call.last.text


async def test_a_person_is_rung_for_who_cannot_prove_it_where_one_can_be_rung(opening: Opening) -> None:
    async with opening(phone_agents="+85291112222") as office:
        case = await earlier(office)
        call = await calling(office, OTHER_MOBILE)
        for guess in ("1111", "2222", "3333"):
            await ask_for_progress(call, case.number, guess)
        assert call.last.then is Then.PUT_THROUGH
        answer = await call.is_not_answered()
        assert answer.then in (Then.RECORD, Then.HANG_UP)
        assert len(await call.tasks("callback")) == 1


async def test_a_wrong_number_and_a_wrong_proof_sound_the_same(office: Office) -> None:
    case = await earlier(office)
    wrong_proof, wrong_number = await calling(office, OTHER_MOBILE), await calling(office, LANDLINE)
    await ask_for_progress(wrong_proof, case.number, "1111")
    await ask_for_progress(wrong_number, "TS261123000026", LAST_FOUR)
    assert wrong_proof.last.text == wrong_number.last.text
    assert wrong_proof.last.asked == wrong_number.last.asked


@pytest.mark.parametrize("words", ["不知道", "我不记得编号了", "没有编号"])
async def test_who_does_not_know_the_number_gets_a_person_and_makes_no_complaint(office: Office, words: str) -> None:
    await earlier(office)
    call = await calling(office)
    await call.press("2")
    for _ in range(2):
        if call.last.then is Then.LISTEN:
            await call.say(words)
    assert call.last.then is Then.HANG_UP
    assert [task.reason for task in await call.tasks()] == ["cannot_prove"]
    assert len(await office.cases()) == 1


async def test_who_was_asked_for_the_number_may_complain_instead(office: Office) -> None:
    call = await calling(office)
    await call.press("2")
    await call.say(STORY)
    assert (await call.case()).record.value("priority")
    assert call.last.asked in ("request", "complainant_name")


@pytest.mark.parametrize("wrong", ["1", "123", "9999999999999999", "261123000019"])
async def test_a_number_that_is_none_is_asked_for_again_and_never_for_ever(office: Office, wrong: str) -> None:
    call = await calling(office)
    await call.press("2")
    for _ in range(8):
        if call.last.then is Then.LISTEN:
            await call.press(wrong)
    assert call.last.then is not Then.LISTEN
    assert await office.cases() == [] or (await office.only_case()).record.intent != "complaint"


async def test_progress_of_the_complaint_told_in_this_call_needs_no_proof(office: Office) -> None:
    call, _case = await accepted(office)
    await call.say("那现在到哪一步了")
    assert STATE in call.last.text


async def test_a_question_in_the_middle_is_answered_and_the_intake_goes_on(office: Office) -> None:
    call = await calling(office)
    await call.say(STORY)
    asked = call.last.asked
    await call.say("我的投诉现在到哪一步了")
    assert call.last.asked == asked


# -- news that could not be sent ---------------------------------------------------------------------------------------


async def parked_news(office: Office) -> Case:
    """A decision that no message could carry to this telephone."""
    case = await earlier(office)
    await office.move(case, Status.INVESTIGATING, tell=True)
    *_, news = await office.parcels(OutboundKind.STATUS)
    async with office.gateway.house.store.unit() as unit:
        await unit.outbox.finish(news.id, OutboxState.PARKED, "not served")
        await unit.commit()
    return case


@pytest.mark.parametrize("number", [MOBILE, OTHER_MOBILE, ""])
async def test_the_greeting_tells_nobody_that_news_waits(office: Office, number: str) -> None:
    """Whoever calls from this number need not be the one it is for."""
    await parked_news(office)
    assert (await calling(office, number)).last.text == (await calling(office, "+85265550000")).last.text


async def test_news_is_told_after_proof_once_and_not_sent_any_more(each_office: Office) -> None:
    case = await parked_news(each_office)
    [news] = await each_office.parcels(OutboundKind.STATUS)
    call = await calling(each_office)
    await ask_for_progress(call, case.number, LAST_FOUR)
    assert news.text in call.last.text
    *_, news = await each_office.parcels(OutboundKind.STATUS)
    assert news.state is OutboxState.DELIVERED
    again = await calling(each_office)
    await ask_for_progress(again, case.number, LAST_FOUR)
    assert news.text not in again.last.text


async def test_news_is_not_told_to_who_cannot_prove_it(office: Office) -> None:
    case = await parked_news(office)
    [news] = await office.parcels(OutboundKind.STATUS)
    call = await calling(office)
    await ask_for_progress(call, case.number, "0001")
    assert news.text not in call.last.text
    assert [each.state for each in await office.parcels(OutboundKind.STATUS)] == [OutboxState.PARKED]


async def test_what_a_caller_says_sends_no_parked_news_by_message(office: Office) -> None:
    """Only proof frees it: the words of anybody with this number do not."""
    await parked_news(office)
    call = await calling(office)
    await call.say(OTHER_STORY)
    assert [each.state for each in await office.parcels(OutboundKind.STATUS)] == [OutboxState.PARKED]


async def test_news_that_no_message_can_carry_is_a_call_to_make_until_it_is_told(opening: Opening) -> None:
    """A landline on the mainland takes neither text messages nor calls from our account."""
    async with opening(**A_HOTLINE) as office:
        case = await earlier(office, LANDLINE)
        await office.move(case, Status.INVESTIGATING, tell=True)
        while await office.gateway.worker.run_once():
            pass
        [news] = await office.parcels(OutboundKind.STATUS)
        assert news.state is OutboxState.PARKED
        [task] = await office.tasks(number=case.number)
        assert task.reason == "told_at_next_contact"
        call = await calling(office, LANDLINE)
        await ask_for_progress(call, case.number, LANDLINE[-4:])
        assert news.text in call.last.text
        assert await office.tasks(number=case.number) == []


# -- taking it back ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("yes", ["1", "确认撤回", "是的", "对"])
async def test_a_complaint_of_this_very_call_is_withdrawn_after_one_question(office: Office, yes: str) -> None:
    call, _case = await accepted(office)
    await call.say("我要撤诉")
    assert call.last.asked == "withdraw_confirm"
    assert (await office.only_case()).status == Status.ACCEPTED
    await (call.press(yes) if yes.isdigit() else call.say(yes))
    assert (await office.only_case()).status == Status.WITHDRAWN


@pytest.mark.parametrize("no", ["2", "不撤了", "不对"])
async def test_a_no_withdraws_nothing(office: Office, no: str) -> None:
    call, _case = await accepted(office)
    await call.say("我要撤诉")
    await (call.press(no) if no.isdigit() else call.say(no))
    assert (await office.only_case()).status == Status.ACCEPTED


async def test_an_earlier_complaint_is_withdrawn_after_proof(office: Office) -> None:
    case = await earlier(office)
    call = await calling(office, OTHER_MOBILE)
    await call.say("我要撤诉")
    assert call.last.asked == "case_number"
    await call.press(digits(case))
    assert call.last.asked == "last_four"
    await call.press(LAST_FOUR)
    assert call.last.asked == "withdraw_confirm"
    assert (await office.only_case()).status == Status.ACCEPTED
    await call.press("1")
    assert (await office.only_case()).status == Status.WITHDRAWN


async def test_the_number_it_was_made_from_is_no_proof_for_a_withdrawal(office: Office) -> None:
    case = await earlier(office)
    call = await calling(office)
    for words in ("我要撤诉", f"撤回{case.number}", "确认撤回", "是的我要撤诉"):
        await call.say(words)
    assert (await office.only_case()).status == Status.ACCEPTED


async def test_a_withdrawal_with_a_wrong_proof_three_times_is_a_matter_for_a_person(office: Office) -> None:
    case = await earlier(office)
    call = await calling(office, OTHER_MOBILE)
    await call.say("我要撤诉")
    for guess in ("1111", "2222", "3333"):
        await call.press(digits(case))
        await call.press(guess)
    assert call.last.then is Then.HANG_UP
    assert (await office.only_case()).status == Status.ACCEPTED
    assert [task.reason for task in await call.tasks()] == ["cannot_prove"]


async def test_after_a_withdrawal_a_goodbye_is_a_goodbye(office: Office) -> None:
    call, _ = await accepted(office)
    await call.say("我要撤诉")
    await call.press("1")
    assert call.last.then is Then.LISTEN
    answer = await call.say("再见")
    assert answer.then is Then.HANG_UP


@pytest.mark.parametrize("how", ["mumble", "keep_silent"])
async def test_after_a_withdrawal_nothing_that_is_not_understood_is_quarantined(office: Office, how: str) -> None:
    call, _ = await accepted(office)
    await call.say("我要撤诉")
    await call.press("1")
    await getattr(call, how)()
    assert await office.quarantined() == []
    assert call.last.text


async def test_a_withdrawal_in_the_middle_that_is_not_meant_goes_on_with_the_question(office: Office) -> None:
    call = await calling(office)
    await call.say(STORY)
    asked = call.last.asked
    await call.say("算了，我要撤诉")
    assert call.last.asked == "withdraw_confirm"
    await call.press("2")
    assert call.last.asked == asked
    assert await _is_open(call)


async def _is_open(call: Call) -> bool:
    return (await call.case()).accepted_at is None
