"""Twilio asks, asks again, tells out of turn, and the line breaks: every word counts once, and somebody answers."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from channels.base import Answer, AnswerKind, CallState, Then
from channels.phone.handover import Pace
from normalizer.record import Gesture
from tests.clock import MONDAY_MORNING
from tests.phone.line import CALL, CALLER, QUICK, Builder, House, form, told_of
from tests.waiting import until
from tests.wechat.fakes import say

ASKED = "您好，请问您要投诉什么事？"


async def test_a_call_is_noted_then_answered_and_asked_on(house: House) -> None:
    heard = await house.call()
    assert (heard.status, heard.headers["Content-Type"]) == (200, "text/xml; charset=utf-8")
    assert ASKED in heard.text
    assert 'action="step?n=1"' in heard.text
    (report,) = house.inbox.reports_of_calls
    assert (report.call, report.state, report.other.value) == (CALL, CallState.IN_PROGRESS, CALLER)
    (speak_by,) = house.inbox.speak_bys
    assert speak_by is not None
    assert 8 < speak_by - asyncio.get_running_loop().time() <= 10


async def test_every_step_leads_to_the_next(house: House) -> None:
    await house.call()
    for n in range(1, 5):
        heard = await house.step(n, SpeechResult=f"第{n}句", Confidence="0.9")
        assert f'action="step?n={n + 1}"' in heard.text
    assert list(house.inbox.stored) == [f"{CALL}:{n}" for n in range(5)]


async def test_a_step_that_twilio_asks_for_again_is_one_item_and_one_document(house: House) -> None:
    """The form may differ by then; I-Twilio-Idempotency-Token and the step do not."""
    answers = iter(["第一个回答", "第二个回答"])
    house.inbox.answer = lambda _: say(next(answers))(_)
    token = {"I-Twilio-Idempotency-Token": "f7a9"}
    first = await house.ask("/step?n=1", form(SpeechResult="很慢", Confidence="0.9"), headers=token)
    again = await house.ask("/step?n=1", form(SpeechResult="很慢", Confidence="0.8"), headers=token)
    assert first.text == again.text
    assert "第一个回答" in first.text
    assert list(house.inbox.stored) == [f"{CALL}:1"]


async def test_a_step_asked_for_while_it_is_under_way_joins_it(house: House) -> None:
    house.inbox.gate = asyncio.Event()
    asking = [asyncio.create_task(house.step(1, SpeechResult="很急")) for _ in range(3)]
    await house.inbox.entered.wait()
    await asyncio.sleep(0.05)
    house.inbox.gate.set()
    heard = await asyncio.gather(*asking)
    assert len({one.text for one in heard}) == 1
    assert house.inbox.submits == 1


async def test_a_hiccup_of_the_database_is_not_heard(build: Builder) -> None:
    house = await build(pace=QUICK)
    house.inbox.failures = 2
    assert ASKED in (await house.call()).text
    assert house.inbox.submits == 3


async def test_when_nothing_can_be_stored_the_fallback_document_takes_over(build: Builder) -> None:
    house = await build(pace=QUICK)
    house.inbox.failures = 10**6
    heard = await house.call()
    assert (heard.status, heard.text) == (503, "not_stored_in_time")
    assert house.channel.state()["not_stored"] == "1"
    assert not house.memory.values


async def test_whoever_stops_waiting_does_not_stop_the_storing(build: Builder) -> None:
    house = await build(pace=Pace(speak=0.1, store=0.1, retry=0.01, hold=0.15))
    house.inbox.gate = asyncio.Event()
    assert (await house.step(1, SpeechResult="很急")).status == 503
    house.inbox.gate.set()
    await until(lambda: f"{CALL}:1" in house.inbox.stored)
    assert (await house.step(1, SpeechResult="很急")).status == 200


async def test_an_answer_for_later_leaves_the_line_open(house: House) -> None:
    house.inbox.answer = lambda _: Answer(kind=AnswerKind.QUEUED, text="稍后短信告知")
    heard = await house.step(1, SpeechResult="很急")
    assert "稍后短信告知" not in heard.text
    assert "我在听，请您接着说。" in heard.text


async def test_a_memory_that_is_away_costs_nobody_the_answer(house: House) -> None:
    async def away(*_: str, **__: object) -> None:
        raise ConnectionError

    house.memory.put = house.memory.get = away  # type: ignore[method-assign]  # a database gone for a while
    assert ASKED in (await house.call()).text
    assert ASKED in (await house.step(1, SpeechResult="很急")).text
    assert "not_remembered" not in house.channel.state(), "this process remembers it until the memory is back"
    assert (await house.status()).status == 204
    assert house.inbox.reports_of_calls[-1].state is CallState.COMPLETED, "and its end is noted"


@pytest.mark.parametrize("state", ["completed", "busy", "failed", "no-answer", "canceled"])
async def test_a_report_that_came_to_the_address_of_calls_is_a_report(house: House, state: str) -> None:
    heard = await house.ask("/call", form(CallStatus=state))
    assert (heard.status, heard.text) == (204, "")
    assert house.inbox.reports_of_calls[0].state == state
    assert house.inbox.only.gesture is Gesture.HUNG_UP


async def test_progress_of_a_call_is_noted_and_is_no_new_call(house: House) -> None:
    heard = await house.ask(
        "/call", form(CallStatus="ringing", CallbackSource="call-progress-events", CallDuration="0")
    )
    assert heard.status == 204
    (report,) = house.inbox.reports_of_calls
    assert (report.state, report.seconds) == (CallState.RINGING, None)
    assert not house.inbox.stored


async def test_the_end_of_a_call_is_noted_and_handed_over_once(house: House) -> None:
    house.clock.advance(minutes=3)
    for _ in range(2):
        heard = await house.status(Timestamp="Mon, 23 Nov 2026 01:31:00 +0000")
        assert (heard.status, heard.text) == (204, "")
    (report, _) = house.inbox.reports_of_calls
    assert (report.state, report.seconds, report.other.value) == (CallState.COMPLETED, 42, CALLER)
    assert (report.at - MONDAY_MORNING).total_seconds() == 60
    over = house.inbox.only
    assert (over.key, over.gesture, over.talk) == (f"{CALL}:end", Gesture.HUNG_UP, CALL)


async def test_a_call_of_ours_has_no_caller_who_hangs_up(house: House) -> None:
    await house.status(Direction="outbound-api")
    (report,) = house.inbox.reports_of_calls
    assert (report.outgoing, report.other.value) == (True, "+85230001234")
    assert not house.inbox.stored


async def test_hanging_up_on_a_question_is_an_end_not_a_silence(house: House) -> None:
    assert (await house.step(2, CallStatus="completed")).status == 204
    assert house.inbox.only.gesture is Gesture.HUNG_UP
    assert (await house.step(3, CallStatus="completed", SpeechResult="算了")).status == 200
    assert house.inbox.of(f"{CALL}:3").text == "算了"


async def test_what_was_said_when_the_line_broke_is_not_lost(house: House) -> None:
    await house.call()
    await house.step(1, SpeechResult="我要投诉")
    await house.partial(2, 0, "你们的")
    await house.partial(2, 2, "你们的理赔员", StableSpeechResult="嗯，")
    await house.partial(2, 1, "你们的理赔")
    await house.status()
    assert list(house.inbox.stored)[-2:] == [f"{CALL}:2:partial", f"{CALL}:end"]
    broken = house.inbox.of(f"{CALL}:2:partial")
    assert (broken.text, broken.gesture, broken.talk) == ("嗯，你们的理赔员", None, CALL)
    assert broken.context == {"call": CALL, "partial": "1"}
    assert "理赔员" not in house.memory.values[f"partial:{CALL}"]


async def test_words_whose_turn_came_to_its_end_are_not_said_twice(house: House) -> None:
    await house.call()
    await house.partial(1, 5, "我要投")
    await house.step(1, SpeechResult="我要投诉")
    await house.partial(1, 6, "我要投诉")
    await house.ask("/partial?n=1", form(UnstableSpeechResult="我要投诉"))
    assert told_of(house.memory.values[f"partial:{CALL}"].encode())["text"] == ""
    await house.status()
    assert list(house.inbox.stored) == [f"{CALL}:0", f"{CALL}:1", f"{CALL}:end"]


async def test_words_that_come_after_the_end_count_where_nothing_of_their_turn_did(house: House) -> None:
    await house.call()
    await house.step(1, SpeechResult="我要投诉")
    await house.status()
    await house.partial(1, 1, "我要")
    await house.partial(2, 1, "还有")
    assert "还有" not in house.memory.values[f"partial:{CALL}"]
    assert list(house.inbox.stored) == [f"{CALL}:0", f"{CALL}:1", f"{CALL}:end", f"{CALL}:2:partial"]
    assert house.inbox.of(f"{CALL}:1").text == "我要投诉"


async def test_words_still_on_their_way_when_the_line_broke_are_waited_for(build: Builder) -> None:
    house = await build(pace=Pace(linger=1.0))
    await house.call()
    await house.partial(1, 1, "我")
    ending = asyncio.create_task(house.status())
    await house.partial(1, 2, "我要投诉")
    await ending
    assert house.inbox.of(f"{CALL}:1:partial").text == "我要投诉"


@pytest.mark.parametrize("stable", ["嗯，", "嗯，我"])
async def test_settled_words_are_not_said_twice(house: House, stable: str) -> None:
    whole = "嗯，我要投诉"
    unstable = whole if stable == "嗯，我" else "我要投诉"
    await house.partial(1, 1, unstable, StableSpeechResult=stable)
    await house.status()
    assert house.inbox.of(f"{CALL}:1:partial").text == whole


async def test_words_without_a_sequence_number_count_as_they_come(house: House) -> None:
    for words in ("一", "一二", "一二三"):
        await house.ask("/partial?n=1", form(UnstableSpeechResult=words))
    await house.ask("/partial?n=1", form(UnstableSpeechResult=""))
    await house.status()
    assert house.inbox.of(f"{CALL}:1:partial").text == "一二三"


async def test_many_words_at_once_leave_the_latest(house: House) -> None:
    await asyncio.gather(*(house.partial(1, seq, f"词{seq}") for seq in range(6)))
    assert told_of(house.memory.values[f"partial:{CALL}"].encode())["text"] == "词5"


async def test_what_is_signed_and_not_understood_is_kept_for_a_person(house: House) -> None:
    told = form(SpeechResult="很要紧") | {"CallSid": "../../x"}
    heard = await house.ask("/step?n=1", told)
    assert heard.status == 400
    strange = house.inbox.only
    assert (strange.unreadable, strange.text, strange.talk) == ("no CallSid", "很要紧", "")
    assert strange.sender.value == CALLER
    assert told_of(strange.raw)["form"]["CallSid"] == "../../x"
    assert (await house.ask("/step?n=1", told)).status == 400
    assert len(house.inbox.stored) == 1


@pytest.mark.parametrize("n", ["", "0", "-1", "x", "99999", "１"])
async def test_a_step_without_its_number_is_not_guessed_at(house: House, n: str) -> None:
    assert (await house.ask(f"/step?n={n}", form(SpeechResult="x"))).status in (400, 403)
    assert all(one.unreadable for one in house.inbox.stored.values())


async def test_news_that_nobody_understands_is_counted_and_not_told_again(house: House) -> None:
    assert (await house.status("on-hold")).status == 204
    assert (await house.ask("/partial?n=x", form(UnstableSpeechResult="x"))).status == 204
    assert house.channel.state()["unreadable"] == "2"
    assert not house.inbox.stored


async def test_our_own_person_hears_a_whisper(build: Builder) -> None:
    house = await build(agents=("+85221110001",))
    house.inbox.answer = lambda submission: replace(say("正在转接。")(submission), then=Then.PUT_THROUGH)
    assert 'url="whisper"' in (await house.step(1, Digits="0")).text
    heard = await house.ask("/whisper", form(Direction="outbound-dial"))
    assert "安心保险投诉热线转来一位客户" in heard.text
    heard = await house.ask("/whisper", form(Direction="outbound-dial", Digits="1"))
    assert heard.text.endswith("<Response />")
    assert list(house.inbox.stored) == [f"{CALL}:1"]


async def test_stopping_waits_for_what_is_being_stored(build: Builder) -> None:
    house = await build(pace=Pace(speak=0.1, store=0.1, retry=0.01, hold=0.15))
    house.inbox.gate = asyncio.Event()
    assert (await house.step(1, SpeechResult="很急")).status == 503
    asyncio.get_running_loop().call_later(0.02, house.inbox.gate.set)
    await house.channel.aclose()
    assert f"{CALL}:1" in house.inbox.stored


async def test_words_so_far_do_not_stand_in_for_the_whole_sentence_that_comes_after_the_end(house: House) -> None:
    await house.call()
    await house.partial(1, 1, "我要投诉")
    await house.status()
    heard = await house.step(1, CallStatus="completed", SpeechResult="我要投诉你们拒绝赔付")
    assert heard.status == 200
    assert list(house.inbox.stored) == [f"{CALL}:0", f"{CALL}:1:partial", f"{CALL}:end", f"{CALL}:1"]
    whole = house.inbox.of(f"{CALL}:1")
    assert (whole.text, whole.context) == ("我要投诉你们拒绝赔付", {"call": CALL})
    assert house.inbox.of(f"{CALL}:1:partial").context == {"call": CALL, "partial": "1"}


async def test_words_so_far_that_come_after_the_whole_sentence_are_not_said_twice_when_the_call_is_over(
    house: House,
) -> None:
    await house.status()
    await house.step(1, CallStatus="completed", SpeechResult="我要投诉")
    await house.partial(1, 9, "我要投诉")
    assert list(house.inbox.stored) == [f"{CALL}:end", f"{CALL}:1"]


async def test_a_sentence_that_is_being_stored_when_the_call_ends_is_not_said_twice(house: House) -> None:
    await house.call()
    await house.partial(1, 1, "我要")
    house.inbox.gate = asyncio.Event()
    step = asyncio.create_task(house.step(1, SpeechResult="我要投诉"))
    await until(lambda: house.inbox.submits == 2)
    end = asyncio.create_task(house.status())
    late = asyncio.create_task(house.partial(1, 2, "我要投"))
    house.inbox.gate.set()
    await asyncio.gather(step, end, late)
    assert list(house.inbox.stored) == [f"{CALL}:0", f"{CALL}:1", f"{CALL}:end"]


async def test_a_sentence_that_could_not_be_stored_leaves_the_words_so_far(build: Builder) -> None:
    house = await build(pace=QUICK)
    await house.partial(1, 1, "我要")
    house.inbox.failures = 10**6
    step = asyncio.create_task(house.step(1, SpeechResult="我要投诉"))
    await until(lambda: house.inbox.submits > 0)
    assert (await step).status == 503
    house.inbox.failures = 0
    await house.status()
    assert house.inbox.of(f"{CALL}:1:partial").text == "我要"
