"""A talk is recorded as evidence only while the caller lets us, and the recording is fetched when it is ready."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from channels.base import Answer, Then
from channels.errors import Misconfigured, Rejected, Retryable
from normalizer.record import Attachment, Submission
from tests.phone.line import CALL, PUBLIC, TAPE, Builder, House
from tests.waiting import until
from tests.wechat.fakes import say

FILE = Attachment(name=f"{TAPE}.mp3", media_type="audio/mpeg", ref=TAPE)


def refused(submission: Submission) -> Answer:
    return replace(say("好的，不录音。")(submission), recorded=False)


async def recorder_rests(house: House) -> None:
    await until(lambda: not house.channel.recorder.tasks)


async def test_a_talk_is_recorded_once_the_caller_heard_so_and_went_on(house: House) -> None:
    await house.call()
    await recorder_rests(house)
    assert not house.far.asked
    for n in (1, 1, 2, 3):
        await house.step(n, SpeechResult="我要投诉")
    await recorder_rests(house)
    assert house.far.asked == [("record", CALL, f"{PUBLIC}/in/phone/recording")]


async def test_whoever_refuses_at_once_is_never_recorded(house: House) -> None:
    house.inbox.answer = refused
    await house.step(1, Digits="2")
    house.inbox.answer = say("请讲")
    await house.step(1, Digits="2")
    await house.step(2, SpeechResult="我要投诉")
    await recorder_rests(house)
    assert not house.far.asked


async def test_whoever_refuses_later_is_recorded_no_longer(house: House) -> None:
    await house.step(1, SpeechResult="我要投诉")
    house.inbox.answer = refused
    await house.step(2, SpeechResult="不要录音")
    await house.step(3, SpeechResult="理赔太慢")
    await recorder_rests(house)
    assert [asked[0] for asked in house.far.asked] == ["record", "stop"]


async def test_a_recording_that_could_not_be_ended_is_ended_by_the_next_answer(house: House) -> None:
    await house.step(1, SpeechResult="我要投诉")
    await recorder_rests(house)
    house.inbox.answer, house.far.trouble = refused, Retryable("busy")
    await house.step(2, SpeechResult="不要录音")
    await recorder_rests(house)
    assert house.channel.state()["recorder_failed"] == "1"
    house.far.trouble = None
    await house.step(3, SpeechResult="理赔太慢")
    await recorder_rests(house)
    assert house.far.times("stop") == 2
    assert house.memory.values[f"recorded:{CALL}"] == "off"


async def test_trouble_with_recording_is_only_counted(house: House) -> None:
    house.far.trouble = Misconfigured("Twilio says 20003")
    assert (await house.step(1, SpeechResult="我要投诉")).status == 200
    await recorder_rests(house)
    assert house.channel.state()["recorder_failed"] == "1"


@pytest.mark.parametrize("changes", [{"record": False}, {"public_url": ""}])
async def test_nothing_is_recorded_where_it_is_not_wanted_or_could_not_be_told(
    build: Builder, changes: dict[str, Any]
) -> None:
    house = await build(**changes)
    public = house.base if "public_url" in changes else PUBLIC
    heard = await house.ask("/step?n=1", {"CallSid": CALL, "SpeechResult": "我要投诉"}, public=public)
    assert heard.status == 200
    await recorder_rests(house)
    assert not house.far.asked


async def test_a_call_that_ends_now_is_not_recorded(house: House) -> None:
    house.inbox.answer = lambda submission: replace(say("再见")(submission), then=Then.HANG_UP)
    await house.step(1, SpeechResult="没事了")
    await recorder_rests(house)
    assert not house.far.asked


async def test_a_call_that_is_over_is_not_recorded(house: House) -> None:
    await house.step(1, SpeechResult="没事了", CallStatus="completed")
    await recorder_rests(house)
    assert not house.far.asked


async def test_a_recording_is_fetched_whole(house: House) -> None:
    fetched = await house.channel.fetch(FILE)
    assert fetched == replace(FILE, content=b"ID3sound")


async def test_a_recording_that_is_not_there_yet_is_fetched_later_one_that_is_gone_is_not(house: House) -> None:
    house.far.trouble = Rejected("not known", code="20404")
    with pytest.raises(Retryable):
        await house.channel.fetch(FILE)
    house.far.trouble = Rejected("deleted", code="gone")
    with pytest.raises(Rejected):
        await house.channel.fetch(FILE)


async def test_twilios_copy_is_deleted_only_where_that_is_wanted(build: Builder) -> None:
    house = await build()
    await house.channel.tidy(FILE)
    assert not house.far.asked
    house = await build(delete_recordings=True)
    await house.channel.tidy(FILE)
    assert house.far.asked == [("delete", TAPE)]
