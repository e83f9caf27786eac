"""Steps that come again, go wrong, or come side by side."""

from __future__ import annotations

import asyncio

import pytest

from channels.base import AnswerKind, Then
from gateway.casework.lifecycle import Status
from gateway.intake import handle, inbox
from gateway.intake.scene import Scene
from store.errors import Unavailable
from tests.intake.calls import NAME, STORY, WHOLE, WISH, accepted, calling
from tests.intake.conftest import Opening
from tests.intake.talks import OTHER_STORY, Office


async def test_a_step_told_again_gets_the_same_answer_in_all_its_parts(each_office: Office) -> None:
    call = await calling(each_office)
    for words in ("别录音", STORY, NAME, WISH, "不知道", "对", "再说一遍", "没有了"):
        answer = await call.say(words)
        assert await call.is_told_again() == answer
    assert len(await each_office.cases()) == 1


@pytest.mark.parametrize("keys", ["0", "8", "9", "2", "5"])
async def test_a_key_told_again_gets_the_same_answer(each_office: Office, keys: str) -> None:
    call = await calling(each_office)
    answer = await call.press(keys)
    assert await call.is_told_again() == answer
    assert len(await each_office.tasks()) <= 1


async def test_a_greeting_told_again_is_the_same_though_the_world_went_on(each_office: Office) -> None:
    call = await calling(each_office)
    first = call.last
    other = await calling(each_office)
    await other.say(STORY)
    await other.hang_up()
    assert call.item is not None
    assert await each_office.gateway.inbox.submit(call.item) == first


async def test_an_english_step_told_again_is_still_english_and_unrecorded(each_office: Office) -> None:
    call = await calling(each_office)
    await call.press("8")
    answer = await call.press("9")
    assert (answer.language, answer.recorded) == ("en", False)
    assert await call.is_told_again() == answer


async def test_a_step_that_rings_a_person_told_again_rings_and_makes_no_second_task(opening: Opening) -> None:
    async with opening(phone_agents="+85291112222") as office:
        call = await calling(office)
        answer = await call.press("0")
        assert answer.then is Then.PUT_THROUGH
        assert await call.is_told_again() == answer
        assert len(await office.tasks()) == 1


async def test_an_old_step_told_late_is_answered_as_then_and_changes_nothing(each_office: Office) -> None:
    call = await calling(each_office)
    answer, old = await call.say(STORY), call.item
    await call.say(NAME)
    before = await call.talk()
    assert old is not None
    assert await each_office.gateway.inbox.submit(old) == answer
    assert await call.talk() == before


async def test_a_step_told_twice_at_the_same_time_is_handled_once(each_office: Office) -> None:
    call = await calling(each_office)
    await call.say(STORY)
    await call.say(NAME)
    assert call.item is not None
    answers = await asyncio.gather(*(call.is_told_again() for _ in range(4)))
    assert set(answers) == {call.last}
    case = await call.case()
    heard = [moment for moment in await each_office.history(case) if moment.text == NAME]
    assert len(heard) == 1


# -- what goes wrong ---------------------------------------------------------------------------------------------------


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Words at which handling crashes."""
    words: list[str] = []

    async def crashing(scene: Scene) -> None:
        if scene.submission.text in words or scene.submission.keyed in words:
            raise RuntimeError("a mistake of ours")
        await handle.handle(scene)

    monkeypatch.setattr(inbox, "handle", crashing)
    return words


async def test_a_step_that_crashes_tells_the_caller_something_and_the_next_one_works(
    each_office: Office, poison: list[str]
) -> None:
    call = await calling(each_office)
    await call.say(STORY)
    asked = call.last.asked
    poison.append("毒")
    answer = await call.say("毒")
    assert (answer.kind, answer.then) == (AnswerKind.SPOKEN, Then.LISTEN)
    assert "您可以继续说" in answer.text
    assert await call.is_told_again() == answer
    assert len(await each_office.quarantined()) == 1
    assert len(await each_office.tasks("quarantine")) == 1
    await call.say(WISH if asked == "request" else NAME)
    assert call.last.asked not in ("", asked)


async def test_a_step_that_crashes_speaks_the_callers_language_and_keeps_their_refusal(
    office: Office, poison: list[str]
) -> None:
    """Recording must not begin because of a mistake of ours."""
    call = await calling(office)
    await call.press("9")
    await call.press("8")
    poison.append("poison")
    answer = await call.say("poison")
    assert not answer.recorded
    assert answer.language == "en"
    assert answer.text.isascii()


async def test_a_first_step_that_crashes_still_leaves_the_line_open(office: Office, poison: list[str]) -> None:
    call = await calling(office)
    poison.append("毒")
    await call.say("毒")
    await call.say(WHOLE)
    await call.press("1")
    assert (await office.only_case()).status == Status.ACCEPTED


async def test_an_end_that_crashes_is_a_task_for_a_person(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    call = await calling(office)
    await call.say(STORY)

    async def crashing(_: Scene) -> None:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(inbox, "handle", crashing)
    await call.hang_up()
    assert len(await office.tasks("quarantine")) == 1


async def test_a_step_waits_for_a_database_that_is_busy_for_a_moment(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = await calling(office)
    troubles = [Unavailable("busy"), Unavailable("busy")]

    async def busy(scene: Scene) -> None:
        if troubles:
            raise troubles.pop()
        await handle.handle(scene)

    monkeypatch.setattr(inbox, "handle", busy)
    await call.say(STORY)
    assert call.last.asked in ("request", "complainant_name")


async def test_a_step_that_could_not_be_stored_is_not_answered(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The carrier asks again, or its fallback takes a message."""
    call = await calling(office)

    async def away(_: Scene) -> None:
        raise Unavailable("away")

    monkeypatch.setattr(inbox, "handle", away)
    with pytest.raises(Unavailable):
        await call.say(STORY)
    assert await office.cases() == []


# -- side by side ------------------------------------------------------------------------------------------------------


async def test_two_calls_from_one_number_at_the_same_time_do_not_mix(each_office: Office) -> None:
    """A switchboard shows one number for everybody in the house."""
    one, other = await calling(each_office), await calling(each_office)
    await asyncio.gather(one.say(STORY), other.say(OTHER_STORY))
    await asyncio.gather(one.say(NAME), other.say("我叫李大海"))
    first, second = await one.case(), await other.case()
    assert first.number != second.number
    assert first.record.value("complainant_name") == "王小明"
    assert second.record.value("complainant_name") == "李大海"
    assert "分红" not in " ".join(moment.text for moment in await each_office.history(first))


async def test_a_second_call_does_not_go_on_where_the_first_one_still_talks(each_office: Office) -> None:
    one = await calling(each_office)
    await one.say(STORY)
    other = await calling(each_office)
    if other.last.asked == "go_on":
        await other.press("1")
    await other.say(OTHER_STORY)
    assert (await one.case()).number != (await other.case()).number
    assert "分红" not in " ".join(moment.text for moment in await each_office.history(await one.case()))


async def test_ending_one_of_two_calls_leaves_the_other_open(each_office: Office) -> None:
    one, other = await calling(each_office), await calling(each_office)
    await one.say(STORY)
    await other.say(OTHER_STORY)
    await one.hang_up()
    await other.say(WISH)
    assert other.last.then is Then.LISTEN
    assert other.last.asked
    assert [task.number for task in await each_office.tasks("callback")] == [(await one.case()).number]


async def test_a_chat_and_a_call_of_the_same_person_are_two_talks(office: Office) -> None:
    chat = office.by_chat()
    await chat.write(STORY)
    call = await calling(office)
    assert call.last.asked == "menu"
    await call.say(OTHER_STORY)
    assert len(await office.cases()) == 2


async def test_a_step_after_acceptance_makes_no_second_complaint(office: Office) -> None:
    call, case = await accepted(office)
    for words in ("另外他们态度也很差", "还有我要补充，他们上个月也拖过"):
        await call.say(words)
    assert len(await office.cases()) == 1
    assert (await office.only_case()).number == case.number
