"""When a person is wanted on the line, or needed: rung where somebody can be rung, called back where nobody can."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from channels.base import Then
from gateway.casework.lifecycle import Status
from normalizer.record import Intent
from tests.intake.calls import DANGER, ELDERLY, NAME, STORY, WHOLE, WISH, Call, calling
from tests.intake.conftest import Opening
from tests.intake.talks import Office


@pytest.fixture
async def manned(opening: Opening) -> AsyncIterator[Office]:
    """An office in which telephones ring."""
    async with opening(phone_agents="+85291112222,+85291113333") as office:
        yield office


QUESTIONS = (
    "menu",
    "matter",
    "request",
    "complainant_name",
    "policy_number",
    "confirm",
    "more",
    "case_number",
    "go_on",
)


async def at(office: Office, question: str) -> Call:
    """A call in which this is asked just now."""
    if question == "go_on":
        before = await calling(office)
        await before.say(STORY)
        await before.hang_up()
    call = await calling(office)
    answers = {"menu": STORY, "matter": STORY, "request": WISH, "complainant_name": NAME, "policy_number": "不知道"}
    first = {"matter": "1", "case_number": "2"}
    if question in first:
        await call.press(first[question])
    while call.last.asked != question:
        await (call.press("1") if call.last.asked == "confirm" else call.say(answers[call.last.asked]))
    return call


@pytest.mark.parametrize("question", QUESTIONS)
async def test_0_is_a_person_at_any_moment(manned: Office, question: str) -> None:
    call = await at(manned, question)
    await call.press("0")
    assert call.last.then is Then.PUT_THROUGH
    assert [task.reason for task in await call.tasks("handover")] == ["asked_for_person"]


@pytest.mark.parametrize("question", QUESTIONS)
async def test_0_where_nobody_can_be_rung_is_a_message_and_a_task(office: Office, question: str) -> None:
    call = await at(office, question)
    await call.press("0")
    assert call.last.then is Then.RECORD
    assert (await call.case()).number in call.last.text
    assert [task.reason for task in await call.tasks("handover")] == ["asked_for_person"]
    answer = await call.speak_after_the_tone()
    assert answer.then is Then.HANG_UP


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("words", ["转人工", "我要找人工"])
async def test_a_person_can_be_asked_for_in_words_at_any_moment(manned: Office, question: str, words: str) -> None:
    call = await at(manned, question)
    answer = await call.say(words)
    assert answer.then is Then.PUT_THROUGH


async def test_a_story_with_the_wish_for_a_person_is_kept_before_anybody_is_rung(manned: Office) -> None:
    call = await calling(manned)
    answer = await call.say(f"{STORY}，别问了，给我转人工")
    assert answer.then is Then.PUT_THROUGH
    case = await call.case()
    assert case.record.intent is Intent.COMPLAINT
    assert any(STORY in moment.text for moment in await manned.history(case))


async def test_a_caller_who_does_not_want_a_person_is_not_put_through(manned: Office) -> None:
    call = await calling(manned)
    answer = await call.say(f"{STORY}，不要转人工，你直接记下来")
    assert answer.then is Then.LISTEN


async def test_who_was_put_through_is_said_goodbye_to_and_not_called_back(manned: Office) -> None:
    call = await at(manned, "request")
    await call.press("0")
    await call.is_connected()
    assert call.last.then is Then.HANG_UP
    await call.hang_up()
    assert await call.tasks("callback") == []


async def test_where_nobody_answers_a_message_is_taken_and_somebody_calls_back(manned: Office) -> None:
    call = await at(manned, "request")
    await call.press("0")
    answer = await call.is_not_answered()
    assert answer.then is Then.RECORD
    assert "没有空闲" in call.last.text
    [task] = await call.tasks("callback")
    assert task.reason == "nobody_answered"
    answer = await call.speak_after_the_tone()
    assert answer.then is Then.HANG_UP
    await call.hang_up()
    assert len(await call.tasks("callback")) == 1


async def test_a_task_to_call_back_holds_what_the_caller_told(manned: Office) -> None:
    call = await at(manned, "request")
    await call.press("0")
    await call.is_not_answered()
    [task] = await call.tasks("callback")
    case = await call.case()
    assert task.number == case.number
    told = " ".join(moment.text for moment in await manned.history(case))
    assert STORY in told


async def test_who_refused_a_recording_and_finds_nobody_is_called_back(manned: Office) -> None:
    call = await calling(manned)
    await call.press("9")
    await call.press("0")
    assert call.last.then is Then.PUT_THROUGH
    answer = await call.is_not_answered()
    assert answer.then is Then.HANG_UP
    assert len(await call.tasks("callback")) == 1


async def test_who_hangs_up_while_it_rings_is_called_back(manned: Office) -> None:
    """The carrier tells both: nobody answered, and the call is over."""
    call = await at(manned, "request")
    await call.press("0")
    await call.is_not_answered()
    await call.hang_up()
    assert len(await call.tasks("callback")) == 1


# -- the elderly -------------------------------------------------------------------------------------------------------


async def test_an_elderly_caller_is_put_through_before_any_question(manned: Office) -> None:
    call = await calling(manned)
    answer = await call.say(ELDERLY)
    assert answer.then is Then.PUT_THROUGH
    case = await call.case()
    assert case.status == Status.REGISTERED
    assert [(task.kind, task.reason) for task in await call.tasks()] == [("handover", "elderly")]


async def test_an_elderly_caller_whom_nobody_answers_is_heard_to_the_end(manned: Office) -> None:
    call = await calling(manned)
    await call.say(ELDERLY)
    answer = await call.is_not_answered()
    assert answer.then is Then.LISTEN
    assert call.last.asked in ("request", "complainant_name")
    for words in (WISH, NAME, "不知道", "对"):
        if call.last.asked in ("request", "complainant_name", "policy_number", "confirm"):
            await call.say({"request": WISH, "complainant_name": NAME}.get(call.last.asked, words))
    assert (await call.case()).status == Status.ACCEPTED


async def test_an_elderly_caller_who_talked_to_a_person_is_not_called_back_besides(manned: Office) -> None:
    call = await calling(manned)
    await call.say(ELDERLY)
    await call.is_connected()
    assert call.last.then is Then.HANG_UP
    await call.hang_up()
    assert await call.tasks("callback") == []


async def test_an_elderly_caller_is_called_back_first_where_nobody_can_be_rung(office: Office) -> None:
    call = await calling(office)
    answer = await call.say(ELDERLY)
    assert answer.then is Then.LISTEN
    assert "优先给您回电" in call.last.text
    assert call.last.asked in ("request", "complainant_name")
    [task] = await call.tasks()
    assert (task.kind, task.reason) == ("handover", "elderly")
    assert (task.due_at - office.clock.now()).total_seconds() <= 4 * 3600


async def test_a_person_is_offered_to_an_elderly_caller_once(manned: Office) -> None:
    call = await calling(manned)
    await call.say(ELDERLY)
    await call.is_not_answered()
    answer = await call.say("我七十六了，你们快点把钱退给我")
    assert answer.then is Then.LISTEN


async def test_who_calls_for_an_elderly_parent_is_asked_like_anybody(manned: Office) -> None:
    call = await calling(manned)
    answer = await call.say("我替我妈妈投诉，她七十六岁了，业务员骗她把存款买成了保险")
    assert answer.then is Then.LISTEN


# -- danger ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["menu", "request", "policy_number", "confirm", "more", "case_number"])
async def test_danger_rings_a_person_at_once_and_pages_somebody(manned: Office, question: str) -> None:
    call = await at(manned, question)
    answer = await call.say(DANGER)
    assert answer.then is Then.PUT_THROUGH
    assert "120" in call.last.text
    assert [task.reason for task in await call.tasks("page")] == ["self_harm"]


async def test_danger_where_nobody_can_be_rung_pages_and_listens_on(office: Office) -> None:
    call = await calling(office)
    answer = await call.say(DANGER)
    assert answer.then is Then.LISTEN
    assert "120" in call.last.text
    assert "姓名" not in call.last.text
    assert (await call.case()).number in call.last.text
    assert len(await call.tasks("page")) == 1


async def test_danger_whom_nobody_answers_hears_a_calm_word_and_may_speak(manned: Office) -> None:
    call = await calling(manned)
    await call.say(DANGER)
    assert (await call.is_not_answered()).then is Then.PUT_THROUGH, "rung once more"
    answer = await call.is_not_answered()
    assert answer.then is Then.LISTEN, "nobody in danger is left to a tape"
    assert (await call.case()).number in answer.text
    assert len(await call.tasks("page")) == 1
    assert len(await call.tasks("callback")) == 1


@pytest.mark.parametrize("how", ["mumble", "press"])
async def test_after_danger_what_is_not_understood_is_answered_calmly(office: Office, how: str) -> None:
    call = await calling(office)
    await call.say(DANGER)
    await (call.mumble() if how == "mumble" else call.press("7"))
    assert call.last.then is Then.LISTEN
    assert await office.quarantined() == []
    assert await office.tasks("quarantine") == []


async def test_after_danger_a_silence_is_no_cold_end(office: Office) -> None:
    call = await calling(office)
    await call.say(DANGER)
    await call.keep_silent()
    assert "感谢您的来电" not in call.last.text
    assert len(await call.tasks("page")) == 1


async def test_whoever_is_in_danger_and_hangs_up_is_on_the_way_of_the_paged_person(office: Office) -> None:
    call = await calling(office)
    await call.say(DANGER)
    await call.hang_up()
    assert len(await call.tasks("page")) == 1
    assert await call.tasks("callback") == []


async def test_danger_in_half_a_sentence_before_the_line_went_dead_pages_somebody(office: Office) -> None:
    call = await calling(office)
    await call.say(STORY)
    await call.say("我不想活了")
    await call.hang_up()
    assert [task.reason for task in await call.tasks("page")] == ["self_harm"]


async def test_a_whole_complaint_of_somebody_in_danger_is_kept_whole(office: Office) -> None:
    call = await calling(office)
    await call.say(f"{WHOLE}。{DANGER}")
    case = await call.case()
    assert case.record.value("complainant_name") == "王小明"
    assert len(await call.tasks("page")) == 1
