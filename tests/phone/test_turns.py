"""What a caller says, keys, records, or does not: each is one item, the same whenever it is read."""

from __future__ import annotations

import pytest

from channels.base import Item
from channels.errors import Unreadable
from channels.phone.calls import contact_of, moment_of, seconds_of
from normalizer.record import NOBODY, Attachment, Contact, ContactKind, Gesture
from tests.clock import MONDAY_MORNING
from tests.phone.line import CALL, CALLER, TAPE, House


def person(number: str) -> Contact:
    return Contact(kind=ContactKind.PHONE, value=number)


async def test_a_call_begins(house: House) -> None:
    await house.call()
    begun = house.inbox.of(f"{CALL}:0")
    assert (begun.channel, begun.gesture, begun.talk, begun.text) == ("phone", Gesture.CALLED, CALL, "")
    assert (begun.sender, begun.attested) == (person(CALLER), False)
    assert begun.received_at == MONDAY_MORNING
    assert begun.context == {"call": CALL}


async def test_words_are_taken_as_they_were_understood(house: House) -> None:
    await house.step(1, SpeechResult="  我要投诉理赔太慢。 ", Confidence="0.91")
    said = house.inbox.of(f"{CALL}:1")
    assert (said.text, said.gesture, said.keyed) == ("我要投诉理赔太慢。", None, "")
    assert (said.talk, said.sender) == (CALL, person(CALLER))


@pytest.mark.parametrize("confidence", ["", "0", "0.0", "nan", "inf", "x", "-1", "0.4", "1", "0.9"])
async def test_a_recogniser_that_does_not_say_how_sure_it_is_is_believed(house: House, confidence: str) -> None:
    await house.step(1, SpeechResult="退保", Confidence=confidence)
    assert house.inbox.only.text == "退保"
    await house.step(2, SpeechResult="退保")
    assert house.inbox.of(f"{CALL}:2").text == "退保"


async def test_words_that_the_recogniser_is_not_sure_of_are_only_quoted(house: House) -> None:
    await house.step(1, SpeechResult="腿保", Confidence="0.39")
    said = house.inbox.only
    assert (said.gesture, said.text, said.quoted) == (Gesture.UNHEARD, "", "腿保")


@pytest.mark.parametrize(
    ("keys", "keyed"), [("1", "1"), ("261123000017#", "261123000017"), ("*0", "0"), ("1" * 99, "1" * 64)]
)
async def test_keys_are_digits(house: House, keys: str, keyed: str) -> None:
    await house.step(1, Digits=keys)
    assert (house.inbox.only.keyed, house.inbox.only.text, house.inbox.only.gesture) == (keyed, "", None)


@pytest.mark.parametrize("told", [{}, {"Digits": ""}, {"Digits": "#"}, {"SpeechResult": "  "}, {"Confidence": "0.0"}])
async def test_nothing_said_is_a_silence(house: House, told: dict[str, str]) -> None:
    await house.step(1, **told)
    assert house.inbox.only.gesture is Gesture.SILENT


async def test_a_flood_of_words_is_bounded_and_all_of_it_is_kept_raw(house: House) -> None:
    await house.step(1, SpeechResult="a" * 9_000)
    assert len(house.inbox.only.text) == 8_000


@pytest.mark.parametrize(
    ("told", "gesture"),
    [
        (
            {"RecordingSid": TAPE, "RecordingUrl": "https://x", "RecordingDuration": "7", "Digits": "#"},
            Gesture.RECORDED,
        ),
        (
            {"RecordingSid": TAPE, "RecordingDuration": "7", "Digits": "hangup", "CallStatus": "completed"},
            Gesture.RECORDED,
        ),
        ({"RecordingSid": TAPE}, Gesture.RECORDED),
        ({"RecordingSid": TAPE, "RecordingDuration": "-1"}, Gesture.RECORDED),
        ({"RecordingSid": TAPE, "RecordingDuration": "0"}, Gesture.SILENT),
        ({"RecordingDuration": "0"}, Gesture.SILENT),
        ({}, Gesture.SILENT),
    ],
)
async def test_after_the_tone_somebody_spoke_or_nobody_did(
    house: House, told: dict[str, str], gesture: Gesture
) -> None:
    heard = await house.step(4, kind="record", **told)
    assert heard.status == 200
    spoke = house.inbox.only
    assert (spoke.gesture, spoke.text, spoke.keyed) == (gesture, "", "")
    assert spoke.context.get("recording", TAPE) == TAPE


@pytest.mark.parametrize(
    ("told", "gesture"),
    [
        ({"DialCallStatus": "completed", "DialBridged": "true"}, Gesture.CONNECTED),
        ({"DialCallStatus": "completed"}, Gesture.CONNECTED),
        ({"DialCallStatus": "answered"}, Gesture.CONNECTED),
        ({"DialCallStatus": "completed", "DialBridged": "false"}, Gesture.UNANSWERED),
        ({"DialCallStatus": "no-answer"}, Gesture.UNANSWERED),
        ({"DialCallStatus": "busy"}, Gesture.UNANSWERED),
        ({"DialCallStatus": "failed"}, Gesture.UNANSWERED),
        ({"DialCallStatus": "canceled", "CallStatus": "completed"}, Gesture.UNANSWERED),
        ({}, Gesture.UNANSWERED),
    ],
)
async def test_a_caller_who_was_put_through_has_talked_to_somebody_or_not(
    house: House, told: dict[str, str], gesture: Gesture
) -> None:
    await house.step(4, kind="dial", **told)
    assert house.inbox.only.gesture is gesture


@pytest.mark.parametrize(
    "number",
    [
        "anonymous",
        "+266696687",
        "+86266696687",
        "Restricted",
        "unknown",
        "+7378742833",
        "",
        "+1",
        "client:ann",
        "+٣٤٥٦٧",
    ],
)
async def test_a_number_withheld_is_nobodys(house: House, number: str) -> None:
    await house.call(From_=number)
    assert house.inbox.only.sender == NOBODY
    assert house.inbox.reports_of_calls[0].other == NOBODY


@pytest.mark.parametrize(
    ("told", "number"),
    [
        (CALLER, CALLER),
        (" +8613800138000", "+8613800138000"),
        ("sip:+8613800138000@trunk.example:5060", "+8613800138000"),
        ("13800138000", "13800138000"),
    ],
)
def test_a_number_is_read_however_the_trunk_writes_it(told: str, number: str) -> None:
    assert contact_of(told) == person(number)


@pytest.mark.parametrize(
    "told",
    ["", "x", "Mon, 23 Nov 9999 01:00:00 +0000", "Mon, 01 Jan 0001 00:00:00 +1400", "Fri, 20 Nov 2026 00:00:00 +0000"],
)
def test_a_time_that_cannot_be_true_is_now(told: str) -> None:
    assert moment_of(told, MONDAY_MORNING) == MONDAY_MORNING


def test_a_time_and_a_length_are_read_as_told() -> None:
    assert moment_of("Mon, 23 Nov 2026 01:29:00 +0000", MONDAY_MORNING).minute == 29
    assert [seconds_of(told) for told in ("7", "0", "-1", "", "9" * 12, "7.5", "７")] == [7, 0] + [None] * 5


async def test_a_kept_item_reads_the_same_again(house: House) -> None:
    await house.call()
    await house.step(1, SpeechResult="理赔太慢", Confidence="0.2")
    await house.step(2, Digits="1")
    await house.step(3, kind="record", RecordingSid=TAPE, RecordingDuration="7")
    await house.step(4, kind="dial", DialCallStatus="busy")
    await house.partial(5, 1, "还有一件事")
    await house.recording()
    await house.status()
    await house.ask("/step?n=x", {"SpeechResult": "一句话", "CallSid": "?"})
    assert len(house.inbox.stored) == 9
    for key, stored in house.inbox.stored.items():
        item = Item(channel="phone", key=key, received_at=stored.received_at, raw=stored.raw)
        assert await house.channel.read(item) == stored


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"\xff", b'{"kind":"step","n":"x","form":{}}', b'{"kind":1}'])
async def test_bytes_that_are_no_item_of_ours_are_unreadable(house: House, raw: bytes) -> None:
    with pytest.raises(Unreadable):
        await house.channel.read(Item(channel="phone", key="x", received_at=MONDAY_MORNING, raw=raw))


@pytest.mark.parametrize(
    ("source", "gesture"),
    [
        ("RecordVerb", Gesture.MESSAGE),
        ("", Gesture.MESSAGE),
        ("StartCallRecordingAPI", Gesture.NOTED),
        ("DialVerb", Gesture.NOTED),
    ],
)
async def test_a_recording_is_a_message_when_it_was_asked_for(house: House, source: str, gesture: Gesture) -> None:
    await house.call()
    heard = await house.recording(RecordingSource=source, RecordingUrl="https://evil.example/x")
    assert (heard.status, heard.text) == (204, "")
    left = house.inbox.of(f"recording:{TAPE}")
    assert (left.gesture, left.talk, left.sender) == (gesture, CALL, person(CALLER))
    assert left.attachments == (Attachment(name=f"{TAPE}.mp3", media_type="audio/mpeg", ref=TAPE),)
    assert left.context == {"call": CALL, "recording": TAPE, "seconds": "7"}


@pytest.mark.parametrize(
    "told", [{"RecordingStatus": "absent"}, {"RecordingStatus": "failed"}, {"RecordingSid": "../x"}, {"CallSid": ""}]
)
async def test_where_there_is_no_recording_there_is_nothing_to_keep(house: House, told: dict[str, str]) -> None:
    heard = await house.recording(**told)
    assert heard.status == 204
    assert not house.inbox.stored
    state = house.channel.state()
    assert "recording_absent" in state or "unreadable" in state
