"""What Twilio tells of a call, and what its interface answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode
from xml.parsers import expat

from hypothesis import strategies as st
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from channels.errors import DeliveryError, Unreadable
from channels.phone.channel import PhoneChannel
from channels.phone.client import Api
from channels.phone.gate import METHODS
from channels.phone.happening import read_raw
from channels.phone.parse import understand
from channels.phone.transport import Reply
from tests.clock import SetClock
from tests.fuzz.target import Run, Target, plainly
from tests.fuzz.targets.asking import Handler, answered, loop, request
from tests.phone.line import CALL, PUBLIC, QUICK, TAPE, TOKEN, FarApi, LineInbox, form, settings_for
from tests.wechat.fakes import DictMemory

CLOCK = SetClock()
# One byte chooses; what is told on the line must be answered in TwiML.
PATHS = (
    "/call",
    "/step?n=1",
    "/step?n=2&kind=record",
    "/step?n=3&kind=dial",
    "/whisper",
    "/partial?n=1",
    "/recording",
    "/status",
    "/message?d=out-1",
    "/tell?d=out-1",
    "/told?d=out-1",
)
MOST_TWIML = 64 * 1024  # https://www.twilio.com/docs/api/errors/11750
FIELDS = (
    *("CallSid", "From", "To", "Direction", "CallStatus", "SpeechResult", "Confidence", "Digits", "RecordingSid"),
    *("RecordingUrl", "RecordingDuration", "RecordingStatus", "RecordingSource", "DialCallStatus", "DialBridged"),
    *("CallDuration", "Timestamp", "SequenceNumber", "StableSpeechResult", "UnstableSpeechResult", "CallbackSource"),
    *("MessageSid", "MessageStatus", "ErrorCode", "AnsweredBy", "again", "try"),
)
VALUES = (
    *("", "inbound", "outbound-api", "completed", "ringing", "in-progress", "busy", "absent", "delivered", "failed"),
    *(
        "+266696687",
        "anonymous",
        "sip:+8613812345678@x",
        "nan",
        "inf",
        "1e999",
        "-1",
        "٣",
        "１２",
        "\0",
        "\ud800",
        "]]>",
    ),
    *(CALL, TAPE, "machine_start", "Mon, 23 Nov 2026 09:30:00 +0800", "Mon, 23 Nov 99999 09:30:00 +0800", "false"),
)


class _Line:
    """The channel as Twilio calls it, which signs whatever it is told."""

    def __init__(self, on: asyncio.AbstractEventLoop) -> None:
        settings = settings_for()
        self.on, self.inbox, self.signer = on, LineInbox(), RequestValidator(TOKEN)
        self.channel = PhoneChannel(
            settings=settings, memory=DictMemory(), clock=CLOCK, api=FarApi(settings), pace=QUICK
        )
        self.handlers: dict[str, Handler] = {
            route.path: route.handler for route in self.channel.routes(self.inbox) if route.method == METHODS[0]
        }

    def ask(self, data: bytes) -> None:
        self.inbox.stored.clear()
        self.inbox.answers.clear()
        path, body = PATHS[data[0] % len(PATHS)] if data else PATHS[0], data[1:]
        handler = self.handlers[path.partition("?")[0]]
        status, told = answered(self.on.run_until_complete(handler(self._request(path, body))))
        assert not self.channel.health.counts["crashed"], "a mistake of ours"
        assert status in (200, 204, 400, 403, 404), status
        assert (status == 403) <= (_pairs(body) is None), "well signed, and refused"
        assert len(told) <= MOST_TWIML
        if status == 200:
            _check_document(told)
        for key, kept in self.inbox.stored.items():
            again = understand(read_raw(kept.raw), received_at=kept.received_at, least_confidence=0.4)
            assert (again.key, again.text, again.raw) == (key, kept.text, kept.raw), "read again it says something else"

    def _request(self, path: str, body: bytes) -> Any:
        whole = f"/in/phone{path}"
        signature = self.signer.compute_signature(PUBLIC + whole, MultiDict(_pairs(body) or []))
        headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
        return request(whole, body, headers, self.on)


def _pairs(body: bytes) -> list[tuple[str, str]] | None:
    """None: no form that could have been signed."""
    try:
        return [
            pair
            for pair in parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=500)
            if "".join(pair).encode() is not None
        ]
    except ValueError:
        return None


def _check_document(told: bytes) -> None:
    names: list[str] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, _: names.append(name)
    parser.Parse(told, True)
    assert names[0] == "Response"


@contextmanager
def line() -> Iterator[Run]:
    with loop() as on:
        made = _Line(on)
        yield made.ask
        on.run_until_complete(made.channel.aclose())


SEEDS = [
    bytes([place]) + urlencode(form(**told)).encode()
    for place, told in enumerate(
        (
            {"CallStatus": "ringing"},
            {"SpeechResult": "我要投诉，理赔太慢", "Confidence": "0.8"},
            {"RecordingSid": TAPE, "RecordingDuration": "7", "RecordingUrl": "https://api.example/x"},
            {"DialCallStatus": "completed", "DialBridged": "true"},
            {"Digits": "1"},
            {"SequenceNumber": "1", "StableSpeechResult": "我要", "UnstableSpeechResult": "投诉"},
            {"RecordingSid": TAPE, "RecordingStatus": "completed", "RecordingSource": "RecordVerb"},
            {"CallStatus": "completed", "CallDuration": "42", "Timestamp": "Mon, 23 Nov 2026 01:30:00 +0000"},
            {"MessageSid": "SM1", "MessageStatus": "failed", "ErrorCode": "30006"},
            {"AnsweredBy": "human", "try": "1", "Digits": "1234"},
            {"CallStatus": "no-answer", "CallDuration": "0"},
        )
    )
]
forms = st.builds(
    lambda place, told: bytes([place]) + urlencode(told, errors="surrogatepass").encode(),
    st.integers(0, len(PATHS) - 1),
    st.builds(
        lambda changes: {**form(), **changes},
        st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(VALUES) | st.text(max_size=30), max_size=8),
    ),
)


@contextmanager
def answers() -> Iterator[Run]:
    """The first byte is the status, the second which of our requests is answered so."""
    with loop() as on:
        yield lambda data: on.run_until_complete(_answered(data))


STATUSES = (200, 201, 204, 302, 400, 401, 404, 429, 500, 503)


async def _answered(data: bytes) -> None:
    api, asked = Api(settings_for()), 0

    async def exchange(*_: object, **__: object) -> Reply:
        nonlocal asked
        asked += 1
        assert asked < 500, "a list without end is followed without end"
        return Reply(status=STATUSES[data[0] % len(STATUSES)], content_type="application/json", body=data[2:])

    api.transport.exchange = exchange  # type: ignore[method-assign]  # the wire, cut
    since = CLOCK.now() - timedelta(days=1)
    calls = (
        lambda: api.call(CALL),
        lambda: api.calls_since(since),
        lambda: api.recordings_since(since),
        lambda: api.messages_since(since),
        lambda: api.find_messages(to="+85261234567", body="您好", since=since),
        lambda: api.find_calls(to="+85261234567", since=since),
        lambda: api.send_sms(to="+85261234567", body="您好", status_callback=""),
        lambda: api.fetch_recording(TAPE),
    )
    if len(data) > 1:
        try:
            await calls[data[1] % len(calls)]()
        except DeliveryError as error:
            assert len(str(error)) < 500  # noqa: PT017 - a promise about the words, not about the raising


BOOKS = {
    "calls": [{"sid": CALL, "status": "completed", "from": "+1", "to": "+2", "duration": "7", "direction": "inbound"}],
    "recordings": [
        {"sid": TAPE, "call_sid": CALL, "status": "completed", "date_created": "Mon, 23 Nov 2026 01:30:00 +0000"}
    ],
    "messages": [{"sid": "SM1", "body": "您好", "date_created": "Mon, 23 Nov 2026 01:30:00 +0000"}],
    "next_page_uri": None,
}
ANSWERS = [
    bytes([0, way]) + json.dumps(told).encode()
    for way in range(8)
    for told in (BOOKS, {**BOOKS, "next_page_uri": "/2010-04-01/Accounts/AC/Calls.json?Page=1"}, BOOKS["calls"][0])  # type: ignore[index]
] + [b'\x04\x06{"code":21610,"message":"x","more_info":""}']

told = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(VALUES).filter(lambda v: v != "\ud800"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["sid", "status", "call_sid", "date_created", "start_time", "duration", "code"]), inner
        )
    ),
    max_leaves=10,
)
answers_shaped = st.builds(
    lambda status, way, changes: bytes([status, way]) + json.dumps({**BOOKS, **changes}).encode(),
    st.integers(0, 9),
    st.integers(0, 7),
    st.dictionaries(
        st.sampled_from([*BOOKS, "code", "sid", "duration", "date_created", "start_time"]), told, max_size=4
    ),
)


def kept(data: bytes) -> None:
    """A happening as it lies in the ledger."""
    try:
        understand(read_raw(data), received_at=CLOCK.now(), least_confidence=0.4)
    except Unreadable as error:
        assert len(str(error)) < 500  # noqa: PT017


KEPT = [
    json.dumps(
        {"kind": kind, "n": 1, "after": "", "caller": "", "words": "话", "fault": "", "form": form(RecordingSid=TAPE)}
    ).encode()
    for kind in ("call", "step", "partial", "end", "recording", "strange")
]

TARGETS = (
    Target(
        name="phone-form",
        open=line,
        seeds=lambda: SEEDS,
        shapes=forms,
        words=[*(f"&{name}=".encode() for name in FIELDS), b"%00", b"%ED%A0%80", b"%FF", b"&", b"=", b"+", b"%"],
    ),
    Target(
        name="phone-answer",
        open=answers,
        seeds=lambda: ANSWERS,
        shapes=answers_shaped,
        words=[
            b'"sid":',
            b'"code":',
            b"1e999",
            b"[" * 50,
            b"null",
            b'"next_page_uri":"/x"',
            b'"date_created":"',
            b"99999",
        ],
    ),
    Target(
        name="phone-kept",
        open=plainly(kept),
        seeds=lambda: KEPT,
        shapes=st.binary(max_size=200),
        words=[b'"n":', b"1e999", b"NaN", b"{}", b"[]", b"null", b'"form":', b"[" * 50],
    ),
)
