"""Recordings, and their words once somebody has written them down."""

from __future__ import annotations

import pytest

from channels.base import AnswerKind, Then
from gateway.casework.lifecycle import Status
from normalizer.record import Gesture, Intent
from store.values import FileState, Hearing
from tests.intake.calls import DANGER, NAME, STORY, WHOLE, WISH, Call, accepted, calling, write_down
from tests.intake.talks import Office

TAPE = "RE" + "1" * 32
OTHER_TAPE = "RE" + "2" * 32


async def after_the_tone(office: Office) -> Call:
    """A call whose story was recorded, as the recogniser did not catch it."""
    call = await calling(office)
    await call.mumble()
    await call.mumble()
    assert call.last.then is Then.RECORD
    await call.speak_after_the_tone()
    return call


async def test_a_recording_that_arrives_after_its_step_is_attached_to_the_complaint(each_office: Office) -> None:
    call = await after_the_tone(each_office)
    answer = await call.leaves(TAPE)
    assert answer.kind is AnswerKind.SILENT or not answer.text
    [file] = await each_office.files(await call.case())
    assert (file.ref, file.state, file.heard) == (TAPE, FileState.WAITING, Hearing.WAITING)


async def test_a_recording_that_arrives_before_its_step_belongs_to_the_same_complaint(each_office: Office) -> None:
    call = await calling(each_office)
    await call.mumble()
    await call.mumble()
    await call.leaves(TAPE)
    await call.speak_after_the_tone()
    case = await each_office.only_case()
    assert case.record.intent is Intent.COMPLAINT
    assert [file.ref for file in await each_office.files(case)] == [TAPE]
    assert call.last.then is Then.LISTEN


async def test_a_recording_that_arrives_after_the_end_is_attached(each_office: Office) -> None:
    call = await after_the_tone(each_office)
    await call.hang_up()
    case = await call.case()
    await call.leaves(TAPE)
    assert [file.ref for file in await each_office.files(case)] == [TAPE]
    assert len(await each_office.cases()) == 1
    assert len(await each_office.tasks("callback")) == 1


async def test_a_recording_told_of_twice_is_one_file(each_office: Office) -> None:
    call = await after_the_tone(each_office)
    await call.leaves(TAPE)
    await call.leaves(TAPE)
    assert len(await each_office.files(await call.case())) == 1
    assert len(await each_office.cases()) == 1


async def test_a_recording_of_a_call_we_never_heard_of_is_an_open_complaint(each_office: Office) -> None:
    """Left with the fallback document, while we were away."""
    call = Call(office=each_office)
    await call.leaves(TAPE)
    case = await each_office.only_case()
    assert case.status == Status.REGISTERED
    assert [file.ref for file in await each_office.files(case)] == [TAPE]
    assert [(task.kind, task.reason) for task in await each_office.tasks()] == [("callback", "message_left")]
    await call.hang_up()
    assert len(await each_office.tasks()) == 1


@pytest.mark.parametrize("order", ["recording first", "end first"])
async def test_a_message_left_by_fallback_is_one_task_whatever_is_found_first(each_office: Office, order: str) -> None:
    call = Call(office=each_office)
    if order == "end first":
        await call.hang_up()
    await call.leaves(TAPE)
    await call.hang_up()
    assert len(await each_office.cases()) == 1
    assert [task.reason for task in await each_office.tasks("callback")] == ["message_left"]


async def test_who_was_passed_to_a_person_and_leaves_a_message_has_it_attached(office: Office) -> None:
    call = await calling(office)
    await call.press("0")
    await call.speak_after_the_tone()
    await call.leaves(TAPE)
    assert [file.ref for file in await office.files(await call.case())] == [TAPE]
    assert len(await office.cases()) == 1


async def test_the_recording_of_the_whole_call_is_attached_and_waits_for_no_words(each_office: Office) -> None:
    call, case = await accepted(each_office)
    await call.hang_up()
    before = await call.talk()
    await call.leaves(TAPE, Gesture.NOTED)
    [file] = await each_office.files(case)
    assert (file.ref, file.heard) == (TAPE, Hearing.NEEDLESS)
    assert await each_office.tasks() == []
    assert (await call.talk()).state == before.state


async def test_two_recordings_of_one_call_are_two_files(office: Office) -> None:
    call = await after_the_tone(office)
    await call.leaves(TAPE)
    await call.leaves(OTHER_TAPE, Gesture.NOTED)
    assert {file.ref for file in await office.files(await call.case())} == {TAPE, OTHER_TAPE}


async def test_a_recording_in_the_middle_of_a_question_leaves_the_question(office: Office) -> None:
    call = await after_the_tone(office)
    asked = call.last.asked
    await call.leaves(TAPE)
    await call.say(WISH if asked == "request" else NAME)
    assert call.last.asked != asked
    assert (await call.case()).record.value("request" if asked == "request" else "complainant_name")


# -- their words -------------------------------------------------------------------------------------------------------


async def left_behind(office: Office) -> Call:
    """A call whose story is on a tape, and whose line is gone."""
    call = await after_the_tone(office)
    await call.leaves(TAPE)
    await call.hang_up()
    return call


async def test_words_that_are_written_down_go_into_the_case_of_their_recording(each_office: Office) -> None:
    call = await left_behind(each_office)
    [file] = await each_office.files(await call.case())
    answer = await write_down(each_office, file, WHOLE)
    case = await each_office.only_case()
    assert answer.kind is AnswerKind.SILENT
    assert case.record.value("complainant_name") == "王小明"
    assert case.record.value("request")
    assert not case.record.missing
    assert any(WHOLE in moment.text for moment in await each_office.history(case))


async def test_written_words_never_answer_nor_wake_the_talk(each_office: Office) -> None:
    call = await after_the_tone(each_office)
    await call.leaves(TAPE)
    before = await call.talk()
    [file] = await each_office.files(await call.case())
    answer = await write_down(each_office, file, f"{STORY}，{WISH}")
    assert answer.text == ""
    assert (await call.talk()).state == before.state
    assert await each_office.parcels() == []


async def test_a_talk_that_goes_on_asks_no_more_for_what_the_tape_has_told(office: Office) -> None:
    call = await after_the_tone(office)
    await call.leaves(TAPE)
    [file] = await office.files(await call.case())
    await write_down(office, file, f"{NAME}，{STORY}，{WISH}")
    while call.last.asked in ("request", "complainant_name"):
        await call.say({"request": WISH, "complainant_name": NAME}[call.last.asked])
    assert call.last.asked in ("policy_number", "confirm")


async def test_danger_on_a_tape_pages_somebody_when_it_is_written_down(each_office: Office) -> None:
    call = await left_behind(each_office)
    [file] = await each_office.files(await call.case())
    answer = await write_down(each_office, file, DANGER)
    assert answer.text == ""
    assert [task.reason for task in await each_office.tasks("page")] == ["self_harm"]
    assert len(await each_office.cases()) == 1


async def test_words_that_staff_correct_are_taken_again_and_the_same_twice_once(office: Office) -> None:
    call = await left_behind(office)
    [file] = await office.files(await call.case())
    for text in (STORY, STORY, f"{STORY}，{WISH}"):
        await write_down(office, file, text)
    history = [moment for moment in await office.history(await call.case()) if moment.text.startswith(STORY)]
    assert len(history) == 2


async def test_written_words_of_one_caller_do_not_reach_another(office: Office) -> None:
    one, other = await left_behind(office), await calling(office)
    await other.press("2")
    await other.say("业务员李四骗我买了分红险")
    [file] = await office.files(await one.case())
    before = await other.case()
    await write_down(office, file, WHOLE)
    assert await other.case() == before
    assert (await one.case()).record.value("complainant_name") == "王小明"


async def test_written_words_of_an_accepted_complaint_add_to_it(office: Office) -> None:
    call, case = await accepted(office)
    await call.press("0")
    await call.speak_after_the_tone()
    await call.leaves(TAPE)
    await call.hang_up()
    [file] = await office.files(case)
    await write_down(office, file, "另外我的邮箱是wang@qq.example")
    after = await office.case(case.number)
    assert after.record.value("email") == "wang@qq.example"
    assert after.record.value("request") == case.record.value("request")
    assert after.status == case.status
