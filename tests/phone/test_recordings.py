"""A talk is recorded as evidence only while the caller lets us, and the recording is fetched when it is ready."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from channels.base import Answer, AnswerKind, Then
from channels.errors import Misconfigured, Rejected, Retryable
from channels.phone.recordings import Recorder
from channels.phone.refusals import Unknown
from normalizer.record import Attachment, Gesture, Submission
from tests.phone.line import CALL, PUBLIC, TAPE, Builder, FarApi, House
from tests.spool.test_beside import Failing
from tests.waiting import until
from tests.wechat.fakes import say

FILE = Attachment(name=f"{TAPE}.mp3", media_type="audio/mpeg", ref=TAPE)


REFUSED = Answer(kind=AnswerKind.SPOKEN, text="好的，不录音。", recorded=False)


def refused(submission: Submission) -> Answer:
    return REFUSED


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


class FarTaping:
    """Twilio takes the request to record, and what it answers does not reach us."""

    def __init__(self, house: House, answer: Exception | None) -> None:
        self.house = house
        self.answer = answer
        self.asked = asyncio.Event()
        self.gate = asyncio.Event()
        house.far.record_call = self.record  # type: ignore[method-assign]

    async def record(self, call_sid: str, callback: str) -> None:
        self.asked.set()
        await self.gate.wait()
        await FarApi.record_call(self.house.far, call_sid, callback)
        if self.answer is not None:
            raise self.answer


@pytest.mark.parametrize("answer", [Unknown("Twilio did not answer"), Retryable("busy"), Rejected("no", code="21220")])
async def test_a_recording_that_may_have_begun_is_ended_by_a_refusal(house: House, answer: Exception) -> None:
    FarTaping(house, answer).gate.set()
    await house.step(1, SpeechResult="我要投诉")
    await recorder_rests(house)
    house.inbox.answer = refused
    await house.step(2, SpeechResult="不要录音")
    await recorder_rests(house)
    assert not house.far.taping
    assert house.memory.values[f"recorded:{CALL}"] == "off"


async def test_a_recording_that_may_run_is_not_begun_a_second_time(house: House) -> None:
    far = FarTaping(house, Unknown("Twilio did not answer"))
    far.gate.set()
    for n in (1, 2, 3):
        await house.step(n, SpeechResult="我要投诉")
        await recorder_rests(house)
    assert house.far.times("record") == 1


async def test_a_recording_that_begins_after_the_refusal_is_ended_at_once(house: House) -> None:
    far = FarTaping(house, None)
    await house.step(1, SpeechResult="我要投诉")
    await far.asked.wait()
    elsewhere = Recorder(  # another process, which has no lock of ours
        settings=house.channel.settings, api=house.far, memory=house.memory, health=house.channel.health
    )
    elsewhere.follow(CALL, 2, REFUSED)
    await until(lambda: not elsewhere.tasks)
    assert house.memory.values[f"recorded:{CALL}"] == "refused", "nothing was to be stopped yet"
    far.gate.set()
    await recorder_rests(house)
    assert not house.far.taping
    assert house.memory.values[f"recorded:{CALL}"] == "off"


async def test_a_refusal_is_repeated_until_something_was_stopped(house: House) -> None:
    await house.memory.put(f"recorded:{CALL}", "on")  # asked for by a process that died
    house.inbox.answer = refused
    for n in (2, 3):
        await house.step(n, SpeechResult="不要录音")
        await recorder_rests(house)
    assert house.far.times("stop") == 2
    house.far.taping.add(CALL)
    for n in (4, 5):
        await house.step(n, SpeechResult="不要录音")
        await recorder_rests(house)
    assert house.far.times("stop") == 3


async def test_the_talk_of_a_caller_who_refused_is_deleted_and_a_message_is_kept(house: House) -> None:
    await house.step(1, SpeechResult="我要投诉")
    await recorder_rests(house)
    house.inbox.answer = refused
    await house.step(2, SpeechResult="不要录音", CallStatus="completed")
    await recorder_rests(house)
    assert (await house.recording(RecordingSource="StartCallRecordingAPI")).status == 204
    assert f"recording:{TAPE}" not in house.inbox.stored
    assert house.far.asked[-1] == ("delete", TAPE)
    assert house.channel.state()["unwanted_recording_deleted"] == "1"
    await house.recording(RecordingSource="RecordVerb", RecordingSid="RE2")
    assert house.inbox.of("recording:RE2").gesture is Gesture.MESSAGE


async def test_a_recording_that_nobody_may_hear_and_that_stays_is_counted(house: House) -> None:
    house.inbox.answer = refused
    await house.step(1, Digits="2")
    await recorder_rests(house)
    house.far.trouble = Retryable("busy")
    assert (await house.recording(RecordingSource="StartCallRecordingAPI")).status == 204
    assert f"recording:{TAPE}" not in house.inbox.stored
    assert house.channel.state()["unwanted_recording_not_deleted"] == "1"


def another_process(house: House) -> tuple[Recorder, Failing]:
    """On the same memory, which goes away for it alone."""
    memory = Failing(values=house.memory.values)
    channel = house.channel
    return Recorder(settings=channel.settings, api=house.far, memory=memory, health=channel.health), memory


async def refused_while_away(house: House) -> tuple[Recorder, Failing]:
    """A caller who is being recorded refuses, and nobody else can be told."""
    await house.step(1, SpeechResult="我要投诉")
    await recorder_rests(house)
    there, memory = another_process(house)
    memory.away = True
    there.follow(CALL, 2, REFUSED)
    await until(lambda: not there.tasks)
    return there, memory


async def test_what_was_recorded_before_a_refusal_in_an_outage_is_deleted_by_another_process_too(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channels.phone.recordings.AGAIN", 0.01)
    there, memory = await refused_while_away(house)
    assert not house.far.taping, "stopped at once"
    assert house.memory.values[f"recorded:{CALL}"] == "on"
    memory.away = False
    await until(lambda: not there.refused and not there.tasks)
    await house.recording(RecordingSource="StartCallRecordingAPI")
    assert f"recording:{TAPE}" not in house.inbox.stored
    assert house.far.asked[-1] == ("delete", TAPE)
    await there.aclose()


async def test_a_recording_that_could_not_be_stopped_in_an_outage_is_stopped_after_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channels.phone.recordings.AGAIN", 0.01)
    await house.step(1, SpeechResult="我要投诉")
    await recorder_rests(house)
    there, memory = another_process(house)
    memory.away, house.far.trouble = True, Retryable("busy")
    there.follow(CALL, 2, REFUSED)
    await until(lambda: not there.tasks)
    assert house.far.taping
    memory.away, house.far.trouble = False, None
    await until(lambda: house.memory.values[f"recorded:{CALL}"] == "off")
    assert not house.far.taping
    await there.aclose()


async def test_a_process_that_stops_after_an_outage_tells_what_was_refused_in_it(house: House) -> None:
    there, memory = await refused_while_away(house)
    memory.away = False
    await there.aclose()
    assert await house.channel.recorder.is_refused(CALL)


async def test_a_process_that_stops_in_an_outage_stops(house: House) -> None:
    there, _ = await refused_while_away(house)
    await there.aclose()
    assert there.refused == {CALL}
