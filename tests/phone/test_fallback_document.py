"""The documents that speak when we cannot: static, without a loop, and a message left there exists at Twilio."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from channels.base import Means
from channels.phone.build import build
from channels.phone.channel import PhoneChannel
from channels.phone.simulator import Call, PhoneSimulator
from channels.phone.simulator.documents import Verb, read, slips
from normalizer.record import Gesture
from tests.clock import SetClock
from tests.phone.line import LineInbox
from tests.waiting import until
from tests.wechat.fakes import DictMemory

FOLDER = Path(__file__).parents[2] / "deploy" / "twilio"
ASKS, THANKS = "fallback.xml", "fallback-thanks.xml"
CALLER = "+85291234567"
SPOKEN = frozenset({("Polly.Zhiyu-Neural", "cmn-CN"), ("Polly.Joanna-Neural", "en-US")})

every_document = pytest.mark.parametrize("name", [ASKS, THANKS])


def verbs_of(name: str) -> tuple[Verb, ...]:
    return read((FOLDER / name).read_bytes())


def record_of(verbs: tuple[Verb, ...]) -> Verb:
    (record,) = (verb for verb in verbs if verb.name == "Record")
    return record


@every_document
def test_twilio_reads_the_document_without_a_warning(name: str) -> None:
    assert slips(verbs_of(name)) == []


@every_document
def test_the_document_leads_nowhere_back_and_ends_the_call(name: str) -> None:
    verbs = verbs_of(name)
    assert {verb.name for verb in verbs} <= {"Say", "Record", "Hangup"}
    assert verbs[-1].name == "Hangup"


@every_document
def test_everything_is_said_in_both_languages(name: str) -> None:
    said = [verb for verb in verbs_of(name) if verb.name == "Say"]
    voices = [(verb.get("voice"), verb.get("language")) for verb in said]
    assert set(voices) == SPOKEN
    assert all(len(verb.text) < 4_096 for verb in said)


@every_document
def test_nothing_in_the_document_needs_us(name: str) -> None:
    text = (FOLDER / name).read_text("utf-8")
    assert "http" not in text
    assert "/in/phone" not in text


def test_a_caller_hears_of_the_recording_before_the_tone() -> None:
    verbs = verbs_of(ASKS)
    before = " ".join(verb.text for verb in verbs[: verbs.index(record_of(verbs))])
    assert all(
        told in before for told in ("留言会录音", "不同意录音，请现在挂机", "It is recorded", "please hang up now")
    )


def test_a_message_ends_by_itself_and_goes_to_the_thanks_once() -> None:
    record = record_of(verbs_of(ASKS))
    assert dict(record.attributes) == {
        "action": THANKS,
        "method": "GET",
        "maxLength": "300",
        "timeout": "8",
        "finishOnKey": "#",
        "playBeep": "true",
        "trim": "do-not-trim",
    }
    assert "Record" not in {verb.name for verb in verbs_of(THANKS)}


async def _begun(request: web.Request) -> web.Response:
    """The gateway, just before it went away."""
    question = '<Gather input="speech dtmf" action="nobody-listens"><Say>投诉请直接说</Say></Gather>'
    return web.Response(text=f"<Response>{question}</Response>", content_type="text/xml")


async def _file(request: web.Request) -> web.Response:
    """As a static server gives it, which has never heard of TwiML."""
    name = request.match_info["name"]
    if name not in (ASKS, THANKS):
        raise web.HTTPNotFound
    return web.Response(body=(FOLDER / name).read_bytes(), content_type="text/xml")


@pytest.fixture
async def files() -> AsyncIterator[str]:
    """A web server with nothing but the two files; the address they lie at."""
    app = web.Application()
    app.router.add_post("/twilio/begun", _begun)
    app.router.add_get("/twilio/{name}", _file)
    app.router.add_post(f"/twilio/{{name:{ASKS}}}", _file)  # whichever method is set on the number
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/twilio"
    await runner.cleanup()


@pytest.fixture
async def twilio(files: str) -> AsyncIterator[PhoneSimulator]:
    """A number whose gateway is not there."""
    simulator = PhoneSimulator(clock=SetClock())
    await simulator.start()
    simulator.voice_url = f"{files}/nobody-listens"
    simulator.fallback_url = f"{files}/{ASKS}"
    yield simulator
    await simulator.settle()
    await simulator.aclose()


def recordings(simulator: PhoneSimulator) -> list[tuple[str, str, int | None]]:
    tapes = simulator.exchange.tapes.kept.values()
    return [(tape.source, tape.status, tape.duration) for tape in tapes if tape.duration]


async def left(call: Call, words: str) -> None:
    assert call.waits_for is not None
    assert call.waits_for.verb == "record"
    await call.speak(words, seconds=20)
    await call.press("#")


async def test_a_caller_whom_we_cannot_answer_leaves_a_message_that_exists_at_twilio(twilio: PhoneSimulator) -> None:
    call = await twilio.call(CALLER)
    assert "投诉热线" in call.last_said
    await left(call, "我叫张建国，理赔拖了一个月")
    assert call.ended
    assert "已经录下了" in call.last_said
    assert recordings(twilio) == [("RecordVerb", "completed", 20)]


async def test_the_message_is_found_afterwards_with_its_caller_and_its_sound(twilio: PhoneSimulator) -> None:
    call = await twilio.call(CALLER)
    await left(call, "我叫张建国，理赔拖了一个月")
    inbox = LineInbox()
    channel = build(Means(settings=twilio.settings(), memory=DictMemory(), clock=twilio.exchange.clock))
    assert isinstance(channel, PhoneChannel)
    watching = asyncio.create_task(channel.listen(inbox))
    await until(lambda: f"{call.sid}:end" in inbox.stored)
    watching.cancel()
    (sid,) = twilio.exchange.tapes.kept
    found = inbox.of(f"recording:{sid}")
    assert (found.gesture, found.sender.value, found.talk) == (Gesture.MESSAGE, CALLER, call.sid)
    fetched = await channel.fetch(found.attachments[0])
    await channel.aclose()
    assert fetched.content
    assert fetched.media_type == "audio/mpeg"


async def test_the_thanks_are_fetched_with_get_and_nothing_is_asked_twice(twilio: PhoneSimulator) -> None:
    await left(await twilio.call(CALLER), "我要投诉")
    asked = [(line.method, line.url.rpartition("/")[2].partition("?")[0]) for line in twilio.lines]
    assert asked == [("POST", "nobody-listens"), ("POST", ASKS), ("GET", THANKS)]


async def test_a_talk_that_loses_us_in_the_middle_ends_with_a_message(twilio: PhoneSimulator) -> None:
    twilio.voice_url = twilio.voice_url.replace("nobody-listens", "begun")
    call = await twilio.call(CALLER)
    await call.speak("我要投诉")
    await left(call, "我是张建国，请给我回电")
    assert "已经录下了" in call.last_said
    assert recordings(twilio) == [("RecordVerb", "completed", 20)]


async def test_whoever_hangs_up_at_the_notice_is_not_recorded(twilio: PhoneSimulator) -> None:
    call = await twilio.call(CALLER)
    await call.hang_up()
    await twilio.settle()
    assert recordings(twilio) == []


async def test_silence_ends_the_call_and_does_not_go_round(twilio: PhoneSimulator) -> None:
    call = await twilio.call(CALLER)
    await call.be_silent()
    assert call.ended
    assert "没有录到" in call.last_said
    assert call.errors[0].url.endswith("nobody-listens")
    assert len(call.errors) == 1


async def test_a_message_that_is_broken_off_is_kept_too(twilio: PhoneSimulator) -> None:
    call = await twilio.call(CALLER)
    await call.speak("我要投诉，你们", seconds=6)
    await call.hang_up()
    await twilio.settle()
    assert recordings(twilio) == [("RecordVerb", "completed", 6)]
