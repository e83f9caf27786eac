"""However a recogniser behaves, it ends as words, as again, or as never; and nothing goes where it should not."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import pytest
from pydantic import SecretStr

from gateway.guests.breaker import FAILURES, REST
from gateway.hearing import configured
from gateway.hearing.client import MOST_BYTES, Transcriptions
from gateway.hearing.errors import Again, HearingError, Never, Resting
from gateway.hearing.port import Heard
from gateway.hearing.simulator import WORDS, Manner, SpeechSimulator
from gateway.settings import Settings
from tests.clock import SetClock
from tests.hearing.recordings import KEY, SOUND, listening
from tests.waiting import until

TRY_AGAIN = [
    Manner.FAILS,
    Manner.BUSY,
    Manner.FORBIDS,
    Manner.HANGS,
    Manner.DRIPS,
    Manner.BROKEN,
    Manner.PAGE,
    Manner.TYPES,
    Manner.WORDLESS,
    Manner.LONG,
    Manner.HUGE,
    Manner.DEEP,
    Manner.REDIRECTS,
    Manner.HANGS_UP,
]
NEVER = [Manner.REFUSES, Manner.TOO_LARGE, Manner.UNKNOWN]


async def hear(client: Transcriptions, content: bytes = SOUND, media_type: str = "audio/wav") -> Heard:
    return await client.words_of(content, media_type, "recording.wav", "zh")


async def test_a_good_recogniser_is_asked_as_agreed_and_says_the_words(simulator: SpeechSimulator) -> None:
    async with listening(simulator) as client:
        assert await hear(client) == Heard(text=WORDS)
    [asked] = simulator.received
    assert (asked.content, asked.filename, asked.media_type) == (SOUND, "recording.wav", "audio/wav")
    assert asked.fields == {"model": "w1", "language": "zh", "response_format": "json"}
    assert asked.key == f"Bearer {KEY}"


async def test_a_recording_of_many_megabytes_arrives_whole(simulator: SpeechSimulator) -> None:
    long = SOUND * (5 * 1024 * 1024 // len(SOUND))
    async with listening(simulator, seconds=20) as client:
        assert await hear(client, long) == Heard(text=WORDS)
    assert simulator.received[0].content == long


@pytest.mark.parametrize("manner", TRY_AGAIN)
async def test_a_recogniser_that_fails_is_asked_again_later(simulator: SpeechSimulator, manner: Manner) -> None:
    simulator.manner = manner
    async with listening(simulator) as client:
        began = time.monotonic()
        with pytest.raises(Again) as refusal:
            await hear(client)
        took = time.monotonic() - began
    assert took < 2
    assert refusal.value.sent
    assert len(simulator.received) == 1
    assert refusal.value.after == (timedelta(seconds=120) if manner is Manner.BUSY else None)


@pytest.mark.parametrize("manner", NEVER)
async def test_a_recording_that_is_not_taken_is_not_sent_again(simulator: SpeechSimulator, manner: Manner) -> None:
    simulator.manner = manner
    async with listening(simulator) as client:
        for _ in range(FAILURES + 1):  # the recogniser is well: others are still heard
            with pytest.raises(Never) as refusal:
                await hear(client)
        assert refusal.value.sent


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"", "audio/wav"),
        (b"x" * (MOST_BYTES + 1), "audio/wav"),
        (SOUND, "image/jpeg"),
        (SOUND, "audio/wav\r\nX-Evil: 1"),
        (SOUND, ""),
    ],
)
async def test_what_cannot_be_heard_does_not_leave_the_house(
    simulator: SpeechSimulator, content: bytes, media_type: str
) -> None:
    async with listening(simulator) as client:
        with pytest.raises(Never) as refusal:
            await hear(client, content, media_type)
    assert not refusal.value.sent
    assert not simulator.received


async def test_how_sure_it_is_comes_from_whatever_it_tells(simulator: SpeechSimulator) -> None:
    simulator.manners = [Manner.UNSURE, Manner.SEGMENTS]
    async with listening(simulator) as client:
        assert (await hear(client)).confidence == 0.2
        assert (await hear(client)).confidence == pytest.approx(0.2019, abs=0.001)


async def test_control_characters_are_no_words(simulator: SpeechSimulator) -> None:
    simulator.words = "理赔\x00太慢\x1b[31m\n请尽快\x7f"
    async with listening(simulator) as client:
        assert (await hear(client)).text == "理赔太慢[31m\n请尽快"


async def test_a_recogniser_that_is_not_there_is_asked_again_later() -> None:
    async with listening(SpeechSimulator(url="http://127.0.0.1:9/v1")) as client:
        with pytest.raises(Again):
            await hear(client)


async def test_one_that_fails_again_and_again_is_left_alone_and_then_tried_once(simulator: SpeechSimulator) -> None:
    clock = SetClock()
    simulator.manner = Manner.FAILS
    async with listening(simulator, clock) as client:
        for _ in range(FAILURES):
            with pytest.raises(Again):
                await hear(client)
        with pytest.raises(Resting) as resting:
            await hear(client)
        assert (resting.value.sent, resting.value.after) == (False, REST)
        assert len(simulator.received) == FAILURES

        clock.advance(seconds=REST.total_seconds())
        simulator.manner = Manner.GOOD
        assert (await hear(client)).text == WORDS


async def test_who_stops_the_gateway_does_not_wait_for_the_recogniser(simulator: SpeechSimulator) -> None:
    simulator.manner = Manner.HANGS
    async with listening(simulator, seconds=60) as client:
        asked = asyncio.create_task(hear(client))
        await until(lambda: simulator.received)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked


@pytest.mark.parametrize("manner", [Manner.TYPES, Manner.LONG, Manner.FORBIDS, Manner.BROKEN])
async def test_what_is_said_of_a_failure_holds_neither_key_nor_words(
    simulator: SpeechSimulator, manner: Manner
) -> None:
    simulator.manner = manner
    async with listening(simulator) as client:
        with pytest.raises(HearingError) as refusal:
            await hear(client)
    assert KEY not in str(refusal.value)
    assert "理" not in str(refusal.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://speech.example.cn/v1",
        "ftp://127.0.0.1/v1",
        "https://",
        "https://u:p@speech.example.cn",
        "https://speech.example.cn/v1?key=1",
        "https://[",
        "x",
    ],
)
def test_an_address_over_which_recordings_would_travel_in_clear_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="TOUSU_SPEECH_URL") as refusal:
        Transcriptions(url=url, key=SecretStr(KEY), name="w1", seconds=1, clock=SetClock())
    assert "u:p" not in str(refusal.value)


async def test_without_an_address_nobody_listens_but_people() -> None:
    assert configured(Settings(), SetClock()) is None
    with pytest.raises(ValueError, match="TOUSU_SPEECH_MODEL"):
        configured(Settings(speech_url="https://speech.example.cn/v1"), SetClock())
    client = configured(Settings(speech_url="http://127.0.0.1:9000/v1", speech_model="w1"), SetClock())
    assert client is not None
    assert client.name == "w1"
    await client.aclose()
