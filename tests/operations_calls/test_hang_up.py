"""A caller who hangs up, at every verb a call can wait in: what was said is kept, and somebody calls back."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from channels.phone.simulator import Call
from normalizer.record import Intent
from store.values import FileState
from tests.operations_calls.exchange import STORY, Exchange, tell_until, waits_in

QUESTIONS = ("怎样解决", "姓名", "保单号", "对请按1")
NEWS: tuple[Sequence[str], ...] = (
    ("completed",),
    ("completed", "completed"),
    ("completed", "in-progress", "ringing"),
)


async def kept(exchange: Exchange, call: Call, *, callbacks: int = 1) -> None:
    """One open complaint with what was said, one task to call back, and a call that is over."""
    await exchange.work()
    case = await exchange.only_case()
    assert case.accepted_at is None
    assert len(await exchange.tasks("callback")) == callbacks
    logged = await exchange.logged(call)
    assert logged is not None
    assert logged.over
    assert logged.number == case.number
    assert not call.errors


@pytest.mark.parametrize("question", QUESTIONS)
async def test_hanging_up_at_a_question(exchange: Exchange, question: str) -> None:
    call = await exchange.call()
    await tell_until(call, question)
    assert waits_in(call) == "gather"
    await call.hang_up()
    await kept(exchange, call)
    assert any(STORY in moment.text for moment in await exchange.history(await exchange.only_case()))


@pytest.mark.parametrize("news", NEWS)
async def test_news_of_the_end_may_come_twice_and_in_any_order(exchange: Exchange, news: Sequence[str]) -> None:
    call = await exchange.call(progress=news)
    await tell_until(call, QUESTIONS[0])
    await call.hang_up()
    await kept(exchange, call)


async def test_hanging_up_at_the_greeting_leaves_a_call_and_no_complaint(exchange: Exchange) -> None:
    call = await exchange.call()
    await call.hang_up()
    await exchange.work()
    assert await exchange.cases() == []
    assert await exchange.tasks() == []
    assert await exchange.is_over(call)


@pytest.mark.parametrize("habit", ["in order", "out of order", "late"])
async def test_hanging_up_in_the_middle_of_the_first_sentence_keeps_its_words(exchange: Exchange, habit: str) -> None:
    exchange.carrier.habits.partials = habit  # type: ignore[assignment]
    call = await exchange.call()
    await call.hang_up(partial=STORY)
    await kept(exchange, call)
    assert any(STORY in moment.text for moment in await exchange.history(await exchange.only_case()))


async def test_hanging_up_in_the_middle_of_an_answer_keeps_its_words(exchange: Exchange) -> None:
    call = await exchange.call()
    await tell_until(call, QUESTIONS[0])
    await call.hang_up(partial="我想要你们赔")
    await kept(exchange, call)
    assert any("我想要你们赔" in moment.text for moment in await exchange.history(await exchange.only_case()))


@pytest.mark.parametrize("news", ["after", "before", "twice", "at the end"])
async def test_hanging_up_while_recording_keeps_the_recording(exchange: Exchange, news: str) -> None:
    exchange.carrier.habits.recording_news = news  # type: ignore[assignment]
    call = await exchange.call()
    for _ in range(2):
        await call.speak("嗯嗯", confidence=0.1)
    assert waits_in(call) == "record"
    await call.speak(STORY)
    await call.hang_up()
    await kept(exchange, call)
    files = await exchange.files(await exchange.only_case())
    tapes = [tape.sid for tape in exchange.carrier.exchange.tapes.of(call)]  # of the message, and of the whole call
    assert sorted(file.name for file in files) == sorted(f"{tape}.mp3" for tape in tapes)
    assert {file.state for file in files} == {FileState.STORED}


async def test_hanging_up_before_a_word_is_recorded_is_no_complaint(exchange: Exchange) -> None:
    call = await exchange.call()
    for _ in range(2):
        await call.speak("嗯嗯", confidence=0.1)
    await call.hang_up()
    await exchange.work()
    assert [case.record.intent for case in await exchange.cases()] in ([], [Intent.COMPLAINT])
    assert len(await exchange.tasks("callback")) <= 1


async def test_hanging_up_while_it_rings(manned: Exchange) -> None:
    call = await manned.call()
    await tell_until(call, QUESTIONS[0])
    await call.press("0")
    assert waits_in(call) == "dial"
    await call.hang_up()
    await kept(manned, call)


async def test_hanging_up_after_talking_to_a_person_needs_no_call_back(manned: Exchange) -> None:
    call = await manned.call()
    await tell_until(call, QUESTIONS[0])
    await call.press("0")
    await (await call.agent_answers()).get_through("1")
    await call.hang_up()
    await kept(manned, call, callbacks=0)


@pytest.mark.parametrize("status", ["no-answer", "busy", "failed"])
async def test_hanging_up_at_the_message_when_nobody_answered(manned: Exchange, status: str) -> None:
    call = await manned.call()
    await tell_until(call, QUESTIONS[0])
    await call.press("0")
    await call.dial_ends(status)
    assert waits_in(call) == "record"
    await call.speak("请明天下午给我打电话")
    await call.hang_up()
    await kept(manned, call)


async def test_a_call_to_the_end_is_accepted_and_needs_no_call_back(exchange: Exchange) -> None:
    call = await exchange.call()
    await tell_until(call, "对请按1")
    await call.press("1")
    await call.hang_up()
    await exchange.work()
    case = await exchange.only_case()
    assert case.accepted_at is not None
    assert await exchange.tasks() == []
    assert [sms for sms in exchange.carrier.sms_of(call.from_) if case.number in sms.body]
