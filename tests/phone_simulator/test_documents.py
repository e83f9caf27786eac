"""How a caller is led through documents."""

from __future__ import annotations

import pytest
from aiohttp import web

from channels.phone.simulator import NotListening, PhoneSimulator
from channels.phone.simulator.execution import SORRY
from tests.phone_simulator.server import Customer

CALLER = "+85251234567"
ASK = '<Gather input="speech dtmf" action="step?n=2" actionOnEmptyResult="true"><Say>请问您要投诉什么？</Say></Gather>'


async def test_a_caller_hears_the_greeting_and_is_asked(simulator: PhoneSimulator, customer: Customer) -> None:
    customer.lay("/call", "<Say>您好。</Say><Pause/>" + ASK)
    call = await simulator.call(CALLER, name="CHAN TAI MAN")
    assert call.said == ["您好。\n请问您要投诉什么？"]
    assert call.state == "in-progress"
    assert call.waits_for is not None
    assert call.waits_for.verb == "gather"
    assert call.waits_for.input == ("speech", "dtmf")
    first = customer.last("/call")
    assert (first["CallStatus"], first["Direction"], first["From"]) == ("ringing", "inbound", CALLER)
    assert (first["CallerName"], first["FromCity"], first["CallSid"]) == ("CHAN TAI MAN", "", call.sid)


async def test_every_request_is_signed_and_carries_the_usual_headers(
    simulator: PhoneSimulator, customer: Customer
) -> None:
    customer.lay("/call", "")
    await simulator.call(CALLER)
    headers = customer.got[-1].headers
    assert headers["User-Agent"] == "TwilioProxy/1.1"
    assert headers["I-Twilio-Idempotency-Token"]
    assert customer.got[-1].params["AccountSid"] == simulator.settings()["phone_account_sid"]


async def test_what_the_caller_says_goes_to_the_action(simulator: PhoneSimulator, customer: Customer) -> None:
    customer.lay("/call", ASK + "<Say>never heard</Say>")
    customer.lay("/step", "<Say>明白了。</Say><Hangup/><Say>never heard</Say>")
    call = await simulator.call(CALLER)
    await call.speak("理赔太慢了", confidence=0.8)
    answered = customer.last("/step")
    assert answered["SpeechResult"] == "理赔太慢了"
    assert float(answered["Confidence"]) == pytest.approx(0.8)
    assert answered["CallStatus"] == "in-progress"
    assert call.said[1:] == ["明白了。"]
    assert (call.ended, call.state) == (True, "completed")


async def test_a_recognition_may_come_without_a_confidence(simulator: PhoneSimulator, customer: Customer) -> None:
    customer.lay("/call", ASK)
    customer.lay("/step", "")
    call = await simulator.call(CALLER)
    await call.speak("喂", confidence=None)
    assert "Confidence" not in customer.last("/step")


@pytest.mark.parametrize(
    ("pressed", "digits"), [("1", "1"), ("12#", "12"), ("1234567", "1234"), ("12#34", "12"), ("*", "*")]
)
async def test_keys_count_until_the_finishing_one_or_as_many_as_wanted(
    simulator: PhoneSimulator, customer: Customer, pressed: str, digits: str
) -> None:
    customer.lay("/call", '<Gather numDigits="4" action="step"/>')
    customer.lay("/step", "")
    call = await simulator.call(CALLER)
    await call.press(pressed)
    assert customer.last("/step")["Digits"] == digits


async def test_without_a_finishing_key_the_hash_is_a_digit(simulator: PhoneSimulator, customer: Customer) -> None:
    customer.lay("/call", '<Gather finishOnKey="" action="step"/>')
    customer.lay("/step", "")
    call = await simulator.call(CALLER)
    await call.press("1#")
    assert customer.last("/step")["Digits"] == "1#"


async def test_words_are_not_heard_by_a_question_for_keys(simulator: PhoneSimulator, customer: Customer) -> None:
    customer.lay("/call", '<Gather action="step"/>')
    call = await simulator.call(CALLER)
    await call.speak("喂？")
    assert customer.paths == ["/call"]
    assert call.waits_for is not None


async def test_silence_goes_on_with_the_next_verb(simulator: PhoneSimulator, customer: Customer) -> None:
    customer.lay("/call", '<Gather input="speech" action="step"/><Say>没有听到。</Say>')
    call = await simulator.call(CALLER)
    await call.be_silent()
    assert customer.paths == ["/call"]
    assert call.last_said == "没有听到。"
    assert call.ended


async def test_silence_calls_the_action_where_that_is_wanted(simulator: PhoneSimulator, customer: Customer) -> None:
    customer.lay("/call", ASK)
    customer.lay("/step", "<Say>请再说一遍。</Say>" + ASK)
    call = await simulator.call(CALLER)
    await call.be_silent()
    assert customer.last("/step")["SpeechResult"] == ""
    assert customer.last("/step")["Digits"] == ""
    assert call.last_said.startswith("请再说一遍。")


async def test_a_question_without_an_action_asks_its_own_document_again(
    simulator: PhoneSimulator, customer: Customer
) -> None:
    customer.lay("/call", "<Gather/>", "<Say>再见</Say>")
    call = await simulator.call(CALLER)
    await call.press("1#")
    assert customer.paths == ["/call", "/call"]
    assert customer.last("/call")["Digits"] == "1"


async def test_addresses_are_relative_to_the_document_they_stand_in(
    simulator: PhoneSimulator, customer: Customer
) -> None:
    simulator.voice_url = f"{customer.url}/in/phone/call?x=1"
    customer.lay("/in/phone/call", "<Redirect>sub/next?a=1&amp;b=2</Redirect>")
    customer.lay("/in/phone/sub/next", '<Redirect method="GET">/top</Redirect>')
    customer.lay("/top", "<Play>hold.wav</Play>")
    call = await simulator.call(CALLER)
    assert customer.paths == ["/in/phone/call", "/in/phone/sub/next", "/top"]
    assert call.said == [f"{customer.url}/hold.wav"]
    assert customer.last("/top")["CallSid"] == call.sid


async def test_spoken_markup_is_heard_as_its_words(simulator: PhoneSimulator, customer: Customer) -> None:
    customer.lay("/call", '<Say>编号<say-as interpret-as="digits">123</say-as>，<break time="1s"/>请记下。</Say>')
    assert (await simulator.call(CALLER)).last_said == "编号123，请记下。"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("<Say>bad\x01char</Say>", 12100),
        ("<Say>not closed", 12100),
        ("<Say>a & b</Say>", 12100),
        ("<Sing>la</Sing>", 12200),
        ("<say>small letters</say>", 12200),
        ("<Gather><Record/></Gather>", 12200),
        ("<Say><script/></Say>", 12200),
        ('<Gather timeout="soon"/>', 12200),
        ('<Gather input="thoughts"/>', 12200),
        ("<Dial></Dial>", 12200),
        ("<Redirect>ftp://elsewhere/</Redirect>", 11100),
        ("<Redirect>missing</Redirect>", 11200),
    ],
)
async def test_a_bad_document_ends_the_call_with_an_apology(
    simulator: PhoneSimulator, customer: Customer, document: str, code: int
) -> None:
    customer.lay("/call", document)
    call = await simulator.call(CALLER)
    assert [error.code for error in call.errors] == [code]
    assert call.ended
    assert call.last_said == SORRY


async def test_a_slip_in_an_attribute_is_only_warned_of(simulator: PhoneSimulator, customer: Customer) -> None:
    customer.lay("/call", '<Gather finishonkey="*" action="step"><Say lang="zh">请按键</Say></Gather>')
    call = await simulator.call(CALLER)
    assert [warning.text for warning in call.warnings] == ["finishonkey of <Gather>", "lang of <Say>"]
    assert (call.errors, call.ended) == ([], False)


async def test_a_bad_document_goes_to_the_fallback_address(simulator: PhoneSimulator, customer: Customer) -> None:
    simulator.fallback_url = f"{customer.url}/fallback"
    customer.lay("/call", ASK)
    customer.lay("/step", "<Sing/>")
    customer.lay("/fallback", '<Say>请留言。</Say><Record action="kept"/>')
    call = await simulator.call(CALLER)
    await call.speak("喂")
    assert call.last_said == "请留言。"
    assert call.waits_for is not None
    assert call.waits_for.verb == "record"
    told = customer.last("/fallback")
    assert (told["ErrorCode"], told["ErrorUrl"]) == ("12200", f"{customer.url}/step?n=2")
    assert told["SpeechResult"] == "喂"
    assert not call.ended


async def test_when_the_fallback_fails_too_the_caller_hears_an_apology(
    simulator: PhoneSimulator, customer: Customer
) -> None:
    simulator.fallback_url = f"{customer.url}/fallback"
    customer.lay("/call", 500)
    customer.lay("/fallback", 500)
    call = await simulator.call(CALLER)
    assert [error.code for error in call.errors] == [11200, 11200]
    assert (call.said, call.state) == ([SORRY], "failed")


@pytest.mark.parametrize(("media_type", "codes"), [("application/xml", []), ("application/json", [12300])])
async def test_only_documents_for_telephones_are_taken(
    simulator: PhoneSimulator, customer: Customer, media_type: str, codes: list[int]
) -> None:
    reply = web.Response(text="<Response><Gather/></Response>", content_type=media_type)
    customer.lay("/call", reply)
    assert [error.code for error in (await simulator.call(CALLER)).errors] == codes


async def test_a_page_in_place_of_a_document_is_no_document(simulator: PhoneSimulator, customer: Customer) -> None:
    customer.lay("/call", web.Response(text="<html><body>502</body></html>", content_type="text/html"))
    assert [error.code for error in (await simulator.call(CALLER)).errors] == [12100]


async def test_documents_that_go_round_in_a_circle_end(simulator: PhoneSimulator, customer: Customer) -> None:
    customer.lay("/call", "<Redirect>call</Redirect>")
    call = await simulator.call(CALLER)
    assert call.ended
    assert len(customer.got) == 30
    assert "circle" in call.errors[0].text


@pytest.mark.parametrize(("reason", "state"), [("busy", "busy"), ("rejected", "no-answer")])
async def test_a_rejected_caller_never_gets_through(
    simulator: PhoneSimulator, customer: Customer, reason: str, state: str
) -> None:
    customer.lay("/call", f'<Reject reason="{reason}"/>')
    call = await simulator.call(CALLER)
    assert (call.state, call.said, call.seconds) == (state, [], 0)


async def test_the_end_of_a_document_is_the_end_of_the_call(simulator: PhoneSimulator, customer: Customer) -> None:
    customer.lay("/call", "<Say>再见</Say>")
    call = await simulator.call(CALLER)
    assert call.state == "completed"
    with pytest.raises(NotListening):
        await call.speak("喂")


@pytest.mark.parametrize("number", ["", "anonymous", "+266696687"])
async def test_a_caller_may_withhold_the_number(simulator: PhoneSimulator, customer: Customer, number: str) -> None:
    customer.lay("/call", "")
    await simulator.call(number)
    assert customer.last("/call")["From"] == (number or "anonymous")


async def test_a_number_that_nobody_set_up_cannot_be_called(simulator: PhoneSimulator) -> None:
    with pytest.raises(ValueError, match="voice_url"):
        await simulator.call(CALLER)


async def test_all_that_happens_on_the_line_can_be_followed(simulator: PhoneSimulator, customer: Customer) -> None:
    changes: list[int] = []
    simulator.on_change = lambda: changes.append(1)
    customer.lay("/call", ASK)
    customer.lay("/step", "<Say>好的</Say>" + ASK)
    call = await simulator.call(CALLER)
    await call.press("1#")
    await call.speak("王小明")
    await call.hang_up()
    assert [(line.who, line.text) for line in call.lines if line.who == "caller"] == [
        ("caller", "[1#]"),
        ("caller", "王小明"),
        ("caller", "[hangs up]"),
    ]
    assert [line.who for line in call.lines].count("gateway") == 5
    assert len(changes) > len(call.lines)
