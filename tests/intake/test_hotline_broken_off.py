"""Calls that break off: what was said is kept, somebody calls back, and nothing happens twice."""

from __future__ import annotations

import pytest

from channels.base import AnswerKind
from gateway.casework.lifecycle import OPEN_INTAKE, Status
from normalizer.record import Gesture, Intent
from tests.intake.calls import LANDLINE, NAME, POLICY, STORY, WHOLE, WISH, Call, accepted, calling
from tests.intake.talks import Office

ANSWERS = {"menu": STORY, "request": WISH, "complainant_name": NAME, "phone": "就打这个", "policy_number": "不知道"}


async def at(office: Office, question: str, number: str) -> Call:
    call = await calling(office, number)
    while call.last.asked != question:
        await call.say(ANSWERS[call.last.asked])
    return call


@pytest.mark.parametrize("question", ["request", "complainant_name", "phone", "policy_number", "confirm"])
async def test_hanging_up_at_a_question_leaves_an_open_complaint_and_one_task(
    each_office: Office, question: str
) -> None:
    call = await at(each_office, question, LANDLINE)
    answer = await call.hang_up()
    assert answer.kind is AnswerKind.SILENT
    case = await each_office.only_case()
    assert case.status in OPEN_INTAKE | {Status.REGISTERED}
    assert case.accepted_at is None
    assert case.record.intent is Intent.COMPLAINT
    [task] = await each_office.tasks()
    assert (task.kind, task.reason, task.number) == ("callback", "hung_up", case.number)
    assert any(STORY in moment.text for moment in await each_office.history(case))


@pytest.mark.parametrize("question", ["request", "confirm"])
async def test_a_hang_up_told_twice_changes_nothing(each_office: Office, question: str) -> None:
    call = await at(each_office, question, LANDLINE)
    await call.hang_up()
    case, history = await call.case(), await each_office.history(await call.case())
    await call.hang_up()
    assert await call.case() == case
    assert await each_office.history(case) == history
    assert len(await each_office.tasks()) == 1


async def test_hanging_up_at_the_greeting_is_nothing(office: Office) -> None:
    call = await calling(office)
    await call.hang_up()
    assert await office.cases() == []
    assert await office.tasks() == []


async def test_hanging_up_after_words_that_were_not_understood_is_called_back(office: Office) -> None:
    call = await calling(office)
    await call.say("那边门口挂着蓝牌子")
    assert await office.cases() == []
    await call.hang_up()
    [task] = await office.tasks()
    assert (task.kind, task.reason) == ("callback", "hung_up")
    assert "那边门口挂着蓝牌子" in task.detail


@pytest.mark.parametrize("words", ["那个那个那个", "嗯，那个，怎么说呢", "喂，那个"])
async def test_a_caller_who_hesitates_is_asked_to_tell(office: Office, words: str) -> None:
    call = await calling(office)
    await call.say(words)
    assert call.last.asked in ("menu", "matter")


async def test_hanging_up_after_acceptance_is_just_the_end(office: Office) -> None:
    call, _case = await accepted(office)
    await call.hang_up()
    assert await office.tasks() == []
    assert (await office.only_case()).status == Status.ACCEPTED


async def test_hanging_up_in_the_middle_of_proving_who_one_is_leaves_nothing_behind(office: Office) -> None:
    first, case = await accepted(office)
    await first.hang_up()
    call = await calling(office)
    await call.press("2")
    await call.press(case.number.removeprefix("TS"))
    await call.hang_up()
    assert await office.tasks() == []
    assert (await office.case(case.number)) == case


async def test_hanging_up_while_a_withdrawal_is_asked_for_withdraws_nothing(office: Office) -> None:
    call, _case = await accepted(office)
    await call.say("我要撤诉")
    assert call.last.asked == "withdraw_confirm"
    await call.hang_up()
    assert (await office.only_case()).status == Status.ACCEPTED


async def test_the_last_words_before_the_line_went_dead_count(each_office: Office) -> None:
    """What was half said comes as a step of its own, before the end."""
    call = await calling(each_office)
    await call.say(STORY)
    await call.say("我叫王小")
    await call.hang_up()
    case = await each_office.only_case()
    assert any("我叫王小" in moment.text for moment in await each_office.history(case))
    assert len(await each_office.tasks("callback")) == 1


async def test_a_whole_complaint_that_was_never_confirmed_is_called_back(each_office: Office) -> None:
    call = await calling(each_office)
    await call.say(WHOLE)
    await call.hang_up()
    case = await each_office.only_case()
    assert case.accepted_at is None
    assert not case.record.missing
    assert len(await each_office.tasks("callback")) == 1


async def test_words_that_come_after_the_end_are_kept(office: Office) -> None:
    """The carrier tells things in any order."""
    call = await calling(office)
    await call.say(STORY)
    await call.hang_up()
    await call.say(NAME)
    case = await office.only_case()
    assert case.record.value("complainant_name") == "王小明"
    assert len(await office.tasks("callback")) == 1


async def test_a_hang_up_of_a_call_we_never_heard_of_is_kept_and_harms_nothing(office: Office) -> None:
    call = Call(office=office)
    await call.hang_up()
    assert await office.cases() == []
    assert await office.ledger() == {"handled": 1}


async def test_an_unfinished_call_is_never_reminded_of_by_message(office: Office) -> None:
    call = await calling(office)
    await call.say(STORY)
    await call.hang_up()
    await office.after(days=3)
    assert await office.reminders() == []


async def test_two_calls_that_broke_off_are_two_tasks_and_the_next_one_offers_the_last(office: Office) -> None:
    for story in (STORY, "业务员李四骗我买了分红险"):
        call = await calling(office)
        if call.last.asked == "go_on":
            await call.press("2")
        await call.say(story)
        await call.hang_up()
    assert len(await office.tasks("callback")) == 2
    _, last = await office.cases()
    call = await calling(office)
    await call.press("1")
    assert (await call.case()).number == last.number


async def test_steps_that_lay_on_disk_and_come_out_of_turn_are_one_complaint_of_one_call(each_office: Office) -> None:
    """The story and the yes were handled by one gateway; greeting and cut-off words waited on the disk of another."""
    call = Call(office=each_office)
    began = each_office.clock.now()
    each_office.clock.advance(seconds=30)
    await call.step(1, began, text=WHOLE)
    await call.step(2, began, keyed="1")
    assert (await each_office.only_case()).status == Status.ACCEPTED
    await call.step(0, began, gesture=Gesture.CALLED)
    await call.step("1:partial", began, text=WHOLE[: WHOLE.index(POLICY) + 12])
    await call.step("end", began, gesture=Gesture.HUNG_UP)
    case = await each_office.only_case()
    assert case.status == Status.ACCEPTED
    assert case.record.value("policy_number") == POLICY
    assert await each_office.tasks("callback") == []


async def test_another_complaint_that_is_told_on_the_line_after_the_first_is_another(each_office: Office) -> None:
    call, first = await accepted(each_office)
    each_office.clock.advance(seconds=5)
    await call.say("还有PDAA202641010000999999这张保单，业务员骗我说是存款，要求全额退保")
    assert {case.number for case in await each_office.cases()} > {first.number}
