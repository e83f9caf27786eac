"""Whole calls, from the ringing to the end, with a Twilio that executes our documents."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from channels.base import Answer, AnswerKind, CallState, Then
from channels.phone.handover import Pace
from channels.phone.simulator import Fault, PhoneSimulator
from normalizer.record import Gesture, Submission
from tests.clock import SetClock
from tests.phone.line import TOKEN, Builder, House
from tests.waiting import until
from tests.wechat.fakes import say

AGENT = "+85221110001"
CALLER = "+85261234567"


@pytest.fixture
async def far(clock: SetClock) -> AsyncIterator[PhoneSimulator]:
    simulator = PhoneSimulator(clock=clock, auth_token=TOKEN)
    await simulator.start()
    yield simulator
    await simulator.aclose()


@pytest.fixture
async def line(build: Builder, far: PhoneSimulator) -> House:
    house = await build(public_url="", agents=(AGENT,), pace=Pace(linger=0.2))
    far.public_url = house.base
    far.voice_url, far.status_url = f"{house.base}/in/phone/call", f"{house.base}/in/phone/status"
    return house


def gestures(house: House) -> list[Gesture | None]:
    return [submission.gesture for submission in house.inbox.stored.values()]


async def test_somebody_calls_tells_keys_keeps_silent_and_hangs_up(line: House, far: PhoneSimulator) -> None:
    line.inbox.answer = lambda submission: replace(say("请输入保单号。")(submission), asked="policy_number")
    call = await far.call(CALLER)
    assert call.last_said == "请输入保单号。"
    await call.press("123456#")
    await call.speak("我要投诉理赔太慢")
    await call.be_silent()
    await call.hang_up(partial="还有")
    await far.settle()
    told = list(line.inbox.stored.values())
    assert gestures(line) == [Gesture.CALLED, None, None, Gesture.SILENT, None, Gesture.HUNG_UP]
    assert [one.keyed or one.text for one in told[1:5]] == ["123456", "我要投诉理赔太慢", "", "还有"]
    assert {one.talk for one in told} == {call.sid}
    assert line.inbox.reports_of_calls[-1].state is CallState.COMPLETED
    assert not call.errors


async def test_an_answer_lost_on_its_way_is_asked_for_again_and_counts_once(line: House, far: PhoneSimulator) -> None:
    call = await far.call(CALLER)
    far.inject(Fault(endpoint="webhook /in/phone/step", kind="timeout_after_acceptance"))
    await call.speak("我要投诉")
    tries = [asked for asked in far.lines if asked.kind == "ask" and "step" in asked.url]
    assert len(tries) == 2
    assert len({asked.token for asked in tries}) == 1
    assert [one.text for one in line.inbox.stored.values()] == ["", "我要投诉"]


async def test_somebody_leaves_a_message(line: House, far: PhoneSimulator) -> None:
    def record_then_end(submission: Submission) -> Answer:
        then = Then.RECORD if submission.gesture is Gesture.CALLED else Then.HANG_UP
        return replace(say("请留言。")(submission), then=then)

    line.inbox.answer = record_then_end
    call = await far.call(CALLER)
    await call.speak("理赔拖了两个月")
    if not call.ended:
        await call.press("#")
    await far.settle()
    assert call.ended
    assert {Gesture.RECORDED, Gesture.MESSAGE, Gesture.HUNG_UP} <= set(gestures(line))
    (message,) = (one for one in line.inbox.stored.values() if one.gesture is Gesture.MESSAGE)
    assert message.sender.value == CALLER
    assert message.attachments


@pytest.mark.parametrize(
    ("presses", "status", "gesture"),
    [
        ("1", "completed", Gesture.CONNECTED),
        ("", "completed", Gesture.UNANSWERED),
        ("", "no-answer", Gesture.UNANSWERED),
    ],
)
async def test_a_person_takes_the_call_a_mailbox_does_not(
    line: House, far: PhoneSimulator, presses: str, status: str, gesture: Gesture
) -> None:
    line.inbox.answer = lambda submission: replace(
        say("正在转接。")(submission),
        then=Then.PUT_THROUGH if submission.gesture is Gesture.CALLED else Then.HANG_UP,
    )
    call = await far.call(CALLER)
    await call.dial_ends(status, agent_presses=presses)
    await far.settle()
    assert gesture in gestures(line)
    assert not call.errors


async def test_when_nothing_can_be_stored_the_fallback_document_answers(line: House, far: PhoneSimulator) -> None:
    far.fallback_url = f"{line.base}/in/phone/whisper"  # any document of ours will do
    line.inbox.failures = 10**6
    line.channel.desks[0].handover.pace = replace(line.channel.pace, store=0.05, retry=0.01)
    call = await far.call(CALLER)
    assert call.last_said.startswith("您好，安心保险投诉热线")
    assert not line.inbox.stored


async def test_the_end_of_a_call_may_come_before_its_last_words(line: House, far: PhoneSimulator) -> None:
    line.inbox.answer = lambda _: Answer(kind=AnswerKind.SILENT)
    call = await far.call("")
    await call.speak("我不想说我是谁")
    assert call.last_said == "我在听，请您接着说。"
    await call.hang_up()
    await far.settle()
    await until(lambda: Gesture.HUNG_UP in gestures(line))
    assert not any(one.sender for one in line.inbox.stored.values())
