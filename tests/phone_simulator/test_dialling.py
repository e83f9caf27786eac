"""A caller is put through to a person."""

from __future__ import annotations

import pytest

from channels.phone.simulator import NotListening, PhoneSimulator
from tests.phone_simulator.server import Customer

CALLER = "+85251234567"
ONE, TWO = "+85261110001", "+85261110002"
DIAL = (
    f'<Say>正在转接。</Say><Dial action="after" timeout="20" answerOnBridge="true">'
    f'<Number url="whisper?n=1">{ONE}</Number><Number>{TWO}</Number></Dial><Say>never heard</Say>'
)
WHISPER = '<Gather numDigits="1" action="accept"><Say>Press 1.</Say></Gather><Hangup/>'


@pytest.fixture(autouse=True)
def documents(customer: Customer) -> None:
    replies = {"/call": DIAL, "/after": "<Say>请留言。</Say><Gather/>", "/whisper": WHISPER, "/accept": ""}
    for path, document in replies.items():
        customer.lay(path, document)


async def test_nobody_takes_the_call_and_the_action_is_told(simulator: PhoneSimulator, customer: Customer) -> None:
    call = await simulator.call(CALLER)
    assert call.waits_for is not None
    assert (call.waits_for.verb, call.waits_for.dialled, call.waits_for.timeout) == ("dial", (ONE, TWO), 20)
    await call.dial_ends("no-answer")
    assert customer.last("/after")["DialCallStatus"] == "no-answer"
    assert call.last_said == "请留言。"


@pytest.mark.parametrize("status", ["busy", "failed"])
async def test_a_dial_can_fail_in_other_ways(simulator: PhoneSimulator, customer: Customer, status: str) -> None:
    call = await simulator.call(CALLER)
    await call.dial_ends(status)
    assert customer.last("/after")["DialCallStatus"] == status


async def test_an_agent_hears_the_whisper_accepts_and_talks(simulator: PhoneSimulator, customer: Customer) -> None:
    call = await simulator.call(CALLER)
    agent = await call.agent_answers()
    assert (agent.said, agent.to, agent.direction) == (["Press 1."], ONE, "outbound-dial")
    assert customer.last("/whisper")["ParentCallSid"] == call.sid
    heard = [agent.bridged]
    await agent.press("1")
    heard.append(agent.bridged)
    assert heard == [False, True]
    assert customer.last("/accept")["CallSid"] == agent.sid
    await agent.speak("您好，我是客服。")
    await call.speak("你好")
    assert [line.text for line in call.lines if line.who == "agent"] == ["您好，我是客服。"]
    await agent.hang_up()
    told = customer.last("/after")
    assert (told["DialCallStatus"], told["DialBridged"], told["DialCallSid"]) == ("completed", "true", agent.sid)
    assert "DialCallDuration" in told
    assert [other.state for other in simulator.calls if other.to == TWO] == ["canceled"]


async def test_a_completed_dial_goes_through_the_whisper_by_itself(
    simulator: PhoneSimulator, customer: Customer
) -> None:
    call = await simulator.call(CALLER)
    await call.dial_ends()
    assert customer.paths == ["/call", "/whisper", "/accept", "/after"]
    assert customer.last("/after")["DialBridged"] == "true"


async def test_an_answering_machine_never_accepts(simulator: PhoneSimulator, customer: Customer) -> None:
    call = await simulator.call(CALLER)
    await call.dial_ends(agent_presses="")
    told = customer.last("/after")
    assert (told["DialCallStatus"], told["DialBridged"]) == ("completed", "false")
    assert call.last_said == "请留言。"


async def test_an_agent_without_a_whisper_is_through_at_once(simulator: PhoneSimulator, customer: Customer) -> None:
    call = await simulator.call(CALLER)
    assert (await call.agent_answers(TWO)).bridged
    with pytest.raises(NotListening):
        await call.agent_answers("+85200000000")


async def test_with_answer_on_bridge_it_rings_until_somebody_takes_it(
    simulator: PhoneSimulator, customer: Customer
) -> None:
    customer.lay("/call", f'<Dial answerOnBridge="true">{ONE}</Dial>')
    call = await simulator.call(CALLER)
    assert call.state == "ringing"
    await call.agent_answers()
    assert call.state == "in-progress"


async def test_without_an_action_the_document_goes_on(simulator: PhoneSimulator, customer: Customer) -> None:
    customer.lay("/call", f"<Dial>{ONE}</Dial><Say>无人接听。</Say>")
    call = await simulator.call(CALLER)
    assert call.state == "in-progress"
    await call.dial_ends("no-answer")
    assert call.last_said == "无人接听。"


async def test_a_caller_who_hangs_up_ends_the_agents_line_too(simulator: PhoneSimulator, customer: Customer) -> None:
    call = await simulator.call(CALLER)
    agent = await call.agent_answers(TWO)
    await call.hang_up()
    assert agent.ended
    told = customer.last("/after")
    assert (told["DialCallStatus"], told["CallStatus"]) == ("completed", "completed")
    assert call.said == ["正在转接。"]
