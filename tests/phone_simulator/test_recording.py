"""What a caller leaves after the tone."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import pytest

from channels.phone.simulator import PhoneSimulator
from tests.clock import SetClock
from tests.phone_simulator.conftest import Api
from tests.phone_simulator.server import Customer

CALLER = "+85251234567"
RECORD = (
    '<Record action="kept" finishOnKey="#" maxLength="60" recordingStatusCallback="recording?n=1" '
    'recordingStatusCallbackEvent="completed absent"/><Say>没有录到。</Say>'
)
Habit = Literal["after", "before", "twice", "at the end", "lost"]


@pytest.fixture(autouse=True)
def documents(simulator: PhoneSimulator, customer: Customer) -> None:
    simulator.status_url = f"{customer.url}/status"
    replies = {"/call": RECORD, "/kept": "<Say>谢谢。</Say><Gather/>", "/recording": "", "/status": ""}
    for path, document in replies.items():
        customer.lay(path, document)


async def test_a_key_ends_the_recording_and_calls_the_action(simulator: PhoneSimulator, customer: Customer) -> None:
    call = await simulator.call(CALLER)
    await call.speak("我的保单被拒赔了", seconds=11.5)
    assert call.waits_for is not None
    await call.press("5")
    assert customer.paths == ["/call"]
    await call.press("#")
    kept = customer.last("/kept")
    assert (kept["RecordingDuration"], kept["Digits"]) == ("12", "#")
    assert kept["RecordingUrl"].endswith(f"/Recordings/{kept['RecordingSid']}")
    assert kept["RecordingUrl"].startswith("https://api.twilio.com/")
    assert call.said == ["谢谢。"]


async def test_silence_after_words_ends_the_recording(simulator: PhoneSimulator, customer: Customer) -> None:
    call = await simulator.call(CALLER)
    await call.speak("喂", seconds=3)
    await call.be_silent()
    assert (customer.last("/kept")["RecordingDuration"], customer.last("/kept")["Digits"]) == ("3", "")


async def test_a_recording_ends_at_its_limit(simulator: PhoneSimulator, customer: Customer) -> None:
    call = await simulator.call(CALLER)
    await call.speak("说来话长", seconds=600)
    assert customer.last("/kept")["RecordingDuration"] == "60"


async def test_a_recording_of_nothing_calls_no_action_and_the_document_goes_on(
    simulator: PhoneSimulator, customer: Customer
) -> None:
    call = await simulator.call(CALLER)
    await call.be_silent()
    await simulator.settle()
    assert "/kept" not in customer.paths
    assert call.said == ["没有录到。"]
    assert customer.last("/recording")["RecordingStatus"] == "absent"


async def test_by_another_habit_silence_is_kept(simulator: PhoneSimulator, customer: Customer) -> None:
    simulator.habits.silence_is_kept = True
    call = await simulator.call(CALLER)
    await call.be_silent()
    assert customer.last("/kept")["RecordingDuration"] == "5"


async def test_who_hangs_up_has_left_a_recording_and_hears_nothing_more(
    simulator: PhoneSimulator, customer: Customer
) -> None:
    call = await simulator.call(CALLER)
    await call.speak("我说完了", seconds=8)
    await call.hang_up()
    await simulator.settle()
    kept = customer.last("/kept")
    assert (kept["Digits"], kept["CallStatus"], kept["RecordingDuration"]) == ("hangup", "completed", "8")
    assert call.said == []
    assert (call.state, call.seconds) == ("completed", 8)
    assert customer.last("/recording")["RecordingStatus"] == "completed"


@pytest.mark.parametrize(
    ("habit", "paths"),
    [
        ("after", ["/kept", "/recording"]),
        ("before", ["/recording", "/kept"]),
        ("twice", ["/recording", "/kept", "/recording"]),
        ("at the end", ["/kept", "/status", "/recording"]),
        ("lost", ["/kept"]),
    ],
)
async def test_news_of_a_recording_comes_when_the_platform_likes(
    simulator: PhoneSimulator, customer: Customer, habit: Habit, paths: list[str]
) -> None:
    simulator.habits.recording_news = habit
    call = await simulator.call(CALLER)
    await call.speak("喂", seconds=3)
    await call.press("#")
    await simulator.settle()
    if habit == "at the end":
        await call.hang_up()
        await simulator.settle()
    assert customer.paths == ["/call", *paths]


async def test_news_after_a_hang_up_may_come_after_the_end_of_the_call(
    simulator: PhoneSimulator, customer: Customer
) -> None:
    simulator.habits.recording_news = "at the end"
    call = await simulator.call(CALLER)
    await call.hang_up("我要投")
    await simulator.settle()
    assert customer.paths[-1] == "/recording"
    assert {"/status", "/kept"} == set(customer.paths[1:-1])


async def test_a_recording_may_turn_out_to_be_missing(simulator: PhoneSimulator, customer: Customer, api: Api) -> None:
    simulator.habits.recordings_absent = True
    call = await simulator.call(CALLER)
    await call.speak("喂", seconds=3)
    await call.press("#")
    await simulator.settle()
    told = customer.last("/recording")
    assert (told["RecordingStatus"], told["RecordingSource"]) == ("absent", "RecordVerb")
    assert (await api.get(f"Recordings/{told['RecordingSid']}.wav"))[0] == 404


async def test_only_completed_is_told_where_nothing_else_was_asked_for(
    simulator: PhoneSimulator, customer: Customer
) -> None:
    customer.lay("/call", '<Record action="kept" recordingStatusCallback="recording"/>')
    call = await simulator.call(CALLER)
    await call.be_silent()
    await simulator.settle()
    assert "/recording" not in customer.paths


async def test_a_recording_without_an_action_asks_its_own_document_again(
    simulator: PhoneSimulator, customer: Customer
) -> None:
    customer.lay("/call", "<Record/>", "<Say>再见</Say>")
    call = await simulator.call(CALLER)
    await call.speak("喂")
    await call.press("1")
    assert customer.last("/call")["Digits"] == "1"
    assert call.ended


async def test_the_file_is_there_only_after_a_while(
    simulator: PhoneSimulator, customer: Customer, api: Api, clock: SetClock
) -> None:
    simulator.habits.ready_after = timedelta(minutes=2)
    call = await simulator.call(CALLER)
    await call.speak("喂", seconds=3)
    await call.press("#")
    sid = customer.last("/kept")["RecordingSid"]
    assert (await api.get(f"Recordings/{sid}.mp3"))[0] == 404
    assert (await api.get(f"Recordings/{sid}.json"))[1]["status"] == "processing"
    clock.advance(minutes=2)
    status, sound = await api.get(f"Recordings/{sid}.mp3")
    assert (status, sound[:2]) == (200, b"\xff\xe3")
    status, sound = await api.get(f"Recordings/{sid}.wav")
    assert (status, sound[:4], sound[8:12]) == (200, b"RIFF", b"WAVE")
    assert (await api.get(f"Recordings/{sid}.json"))[1]["status"] == "completed"


async def test_a_call_ended_from_outside_keeps_what_was_recorded(
    simulator: PhoneSimulator, customer: Customer, api: Api
) -> None:
    call = await simulator.call(CALLER)
    await call.speak("我还没说完", seconds=4)
    await api.post(f"Calls/{call.sid}.json", Status="completed")
    await simulator.settle()
    assert (customer.last("/kept")["Digits"], customer.last("/kept")["RecordingDuration"]) == ("hangup", "4")
    assert customer.last("/recording")["RecordingStatus"] == "completed"
