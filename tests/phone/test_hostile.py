"""Whatever is told, in whatever order: a document, nothing, or a refusal; never a 500, and nothing twice."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.clock import SetClock
from tests.phone.line import CALL, CALLER, TAPE, Builder

PATHS = st.sampled_from(["/call", "/step", "/partial", "/recording", "/status", "/whisper"])
NAMES = st.sampled_from(
    [
        "CallSid",
        "From",
        "To",
        "CallStatus",
        "Direction",
        "CallbackSource",
        "SpeechResult",
        "UnstableSpeechResult",
        "StableSpeechResult",
        "SequenceNumber",
        "Confidence",
        "Digits",
        "RecordingSid",
        "RecordingStatus",
        "RecordingUrl",
        "RecordingDuration",
        "RecordingSource",
        "DialCallStatus",
        "Timestamp",
        "CallDuration",
        "n",
        "kind",
    ]
)
PLAUSIBLE = st.sampled_from(
    [
        CALL,
        CALLER,
        TAPE,
        "completed",
        "in-progress",
        "ringing",
        "absent",
        "0",
        "1",
        "-1",
        "0.3",
        "nan",
        "1e999",
        "#",
        "hangup",
        "anonymous",
        "sip:x@y",
        "我要投诉",
        "call-progress-events",
        "outbound-api",
        "Mon, 23 Nov 2026 01:30:00 +0000",
        "1" * 5000,
    ]
)
ODD = st.text(max_size=30).filter(lambda text: text.encode("utf-8", "ignore").decode() == text)
FORMS = st.dictionaries(NAMES, PLAUSIBLE | ODD, max_size=10)
STEPS = st.sampled_from(["", "?n=1", "?n=2&kind=record", "?n=3&kind=dial", "?n=x", "?n=", "?n=99999", "?kind=%00"])


@given(asked=st.lists(st.tuples(PATHS, STEPS, FORMS, st.booleans()), min_size=8, max_size=8))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
async def test_no_form_makes_the_hotline_stumble(asked: list[tuple[str, str, Mapping[str, str], bool]]) -> None:
    builder = Builder(SetClock())
    house = await builder()
    try:
        for path, query, told, known in asked:
            given_form = {"CallSid": CALL, **told} if known else told
            heard = await house.ask(path + query, given_form)
            assert heard.status in (200, 204, 400)
            again = await house.ask(path + query, given_form)
            assert (again.status, again.text) == (heard.status, heard.text)
        assert "crashed" not in house.channel.state()
        assert house.inbox.submits >= len(house.inbox.stored)
    finally:
        await builder.aclose()


@given(st.text(max_size=40).filter(lambda text: text.encode("utf-8", "ignore").decode() == text))
@settings(max_examples=25, deadline=None)
async def test_whatever_stands_in_the_address_unsigned_is_forged(odd: str) -> None:
    builder = Builder(SetClock())
    house = await builder()
    try:
        path = f"/in/phone/step?n={quote(odd)}"
        heard = await house.send("POST", path, b"CallSid=CA12", {"X-Twilio-Signature": quote(odd)})
        assert heard.status == 403
        assert not house.inbox.stored
    finally:
        await builder.aclose()
