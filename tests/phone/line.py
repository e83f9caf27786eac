"""A hotline between a Twilio that we play ourselves, request by request, and an inbox that records."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientSession, web
from twilio.request_validator import RequestValidator
from yarl import URL

from channels.base import CallReport, Item, Kept
from channels.errors import DeliveryError
from channels.phone.channel import PhoneChannel
from channels.phone.client import Api
from channels.phone.facts import CallFacts, Listed, RecordingFacts
from channels.phone.handover import Pace
from channels.phone.settings import PhoneSettings
from normalizer.record import Submission
from tests.clock import SetClock
from tests.wechat.fakes import DictMemory, RecordingInbox

PUBLIC = "https://tousu.example"
TOKEN = "a-token"
HOTLINE = "+85230001234"
CALLER = "+85261234567"
CALL = "CA0123456789abcdef"
TAPE = "RE0123456789abcdef"
QUICK = Pace(speak=0.2, store=0.2, retry=0.01, hold=0.5, linger=0)
PATIENT = Pace(linger=0)


class LineInbox(RecordingInbox):
    """Takes reports of calls, and knows which items are handled."""

    def __init__(self) -> None:
        super().__init__()
        self.reports_of_calls: list[CallReport] = []
        self.kept: list[Item] = []

    async def note_call(self, report: CallReport) -> None:
        self.reports_of_calls.append(report)

    async def keep(self, item: Item) -> Kept:
        if item.key in self.stored:
            return Kept.DONE
        self.kept.append(item)
        return Kept.NEW

    def of(self, key: str) -> Submission:
        return self.stored[key]


class FarApi(Api):
    """Twilio's REST interface as these tests set it."""

    def __init__(self, settings: PhoneSettings) -> None:
        super().__init__(settings)
        self.asked: list[tuple[str, ...]] = []
        self.calls: list[CallFacts] = []
        self.recordings: list[RecordingFacts] = []
        self.sound = b"ID3sound"
        self.trouble: DeliveryError | None = None
        self.whole = True  # the books have no more pages than were read
        self.taping: set[str] = set()  # calls that are being recorded

    def note(self, *words: str) -> None:
        self.asked.append(words)
        if self.trouble is not None:
            raise self.trouble

    async def call(self, sid: str) -> CallFacts:
        self.note("call", sid)
        return next(call for call in self.calls if call.sid == sid)

    async def calls_since(self, when: datetime) -> Listed[CallFacts]:
        self.note("calls", when.isoformat())
        return Listed(facts=self.calls, whole=self.whole)

    async def recordings_since(self, when: datetime) -> Listed[RecordingFacts]:
        self.note("recordings", when.isoformat())
        return Listed(facts=self.recordings, whole=self.whole)

    async def fetch_recording(self, sid: str) -> tuple[bytes, str]:
        self.note("fetch", sid)
        return self.sound, "audio/mpeg"

    async def delete_recording(self, sid: str) -> None:
        self.note("delete", sid)

    async def record_call(self, call_sid: str, callback: str) -> None:
        self.note("record", call_sid, callback)
        self.taping.add(call_sid)

    async def stop_recording(self, call_sid: str) -> bool:
        self.note("stop", call_sid)
        stopped = call_sid in self.taping
        self.taping.discard(call_sid)
        return stopped

    def times(self, verb: str) -> int:
        return sum(1 for asked in self.asked if asked[0] == verb)


@dataclass(frozen=True)
class Heard:
    """What Twilio was answered."""

    status: int
    text: str
    headers: Mapping[str, str]


@dataclass
class House:
    """The channel as the gateway mounts it, on a port of its own."""

    channel: PhoneChannel
    inbox: LineInbox
    memory: DictMemory
    clock: SetClock
    far: FarApi
    base: str
    web: ClientSession

    async def ask(
        self,
        path: str,
        form: Mapping[str, str] | Sequence[tuple[str, str]],
        *,
        token: str = TOKEN,
        method: str = "POST",
        public: str = PUBLIC,
        headers: Mapping[str, str] | None = None,
    ) -> Heard:
        """One request, signed as Twilio signs it."""
        told = urlencode(form)
        whole = f"/in/phone{path}"
        if method == "GET":
            whole += ("&" if "?" in whole else "?") + told
        signature = sign(public + whole, {} if method == "GET" else dict(form), token)
        data = None if method == "GET" else told.encode()
        given = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
        return await self.send(method, whole, data, given | dict(headers or {}))

    async def ask_json(self, path: str, body: str, *, signed: str | None = None, hashed: bool = True) -> Heard:
        """One request with a JSON body, whose hash is in its address; ``signed``: for another body."""
        digest = hashlib.sha256((body if signed is None else signed).encode()).hexdigest()
        whole = f"/in/phone{path}" + (f"?bodySHA256={digest}" if hashed else "")
        given = {"X-Twilio-Signature": sign(PUBLIC + whole, {}), "Content-Type": "application/json"}
        return await self.send("POST", whole, body.encode(), given)

    async def send(self, method: str, path: str, data: Any, headers: Mapping[str, str]) -> Heard:
        url = URL(self.base + path, encoded=True)
        async with self.web.request(method, url, data=data, headers=headers) as response:
            return Heard(response.status, await response.text(), response.headers)

    async def call(self, **told: str) -> Heard:
        return await self.ask("/call", form(CallStatus="ringing", **told))

    async def step(self, n: int, *, kind: str = "", **told: str) -> Heard:
        return await self.ask(f"/step?n={n}" + (f"&kind={kind}" if kind else ""), form(**told))

    async def partial(self, n: int, seq: int, words: str, **told: str) -> Heard:
        heard = form(SequenceNumber=str(seq), UnstableSpeechResult=words, **told)
        return await self.ask(f"/partial?n={n}", heard)

    async def status(self, state: str = "completed", **told: str) -> Heard:
        return await self.ask("/status", form(CallStatus=state, CallDuration="42", **told))

    async def recording(self, **told: str) -> Heard:
        given = {"CallSid": CALL, "RecordingSid": TAPE, "RecordingStatus": "completed", "RecordingDuration": "7"}
        return await self.ask("/recording", {**given, "RecordingSource": "RecordVerb", **told})


def form(**told: str) -> dict[str, str]:
    """What Twilio sends with every request of a call; ``From_`` stands for From."""
    given = {"CallSid": CALL, "From": CALLER, "To": HOTLINE, "Direction": "inbound", "CallStatus": "in-progress"}
    return {**given, **{name.rstrip("_"): value for name, value in told.items()}}


def sign(url: str, told: Mapping[str, str], token: str = TOKEN) -> str:
    return str(RequestValidator(token).compute_signature(url, told))


@dataclass
class Builder:
    """Builds houses with other settings; all are torn down after the test."""

    clock: SetClock
    built: list[tuple[House, web.AppRunner]] = field(default_factory=list)

    async def __call__(self, *, pace: Pace | None = None, every: float = 300, **changes: Any) -> House:
        settings = settings_for(**changes)
        memory, inbox, far = DictMemory(), LineInbox(), FarApi(settings)
        channel = PhoneChannel(
            settings=settings, memory=memory, clock=self.clock, api=far, pace=pace or PATIENT, every=every
        )
        app = web.Application()
        for route in channel.routes(inbox):
            app.router.add_route(route.method, f"/in/phone{route.path}", route.handler)
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        house = House(channel, inbox, memory, self.clock, far, base, ClientSession())
        self.built.append((house, runner))
        return house

    async def aclose(self) -> None:
        for house, runner in self.built:
            await house.web.close()
            await runner.cleanup()
            await house.channel.aclose()


def settings_for(**changes: Any) -> PhoneSettings:
    given: dict[str, Any] = {
        "account_sid": "AC" + "0" * 32,
        "auth_token": TOKEN,
        "number": HOTLINE,
        "public_url": PUBLIC,
        "api_url": "http://127.0.0.1:9",
        "org_name": "安心保险",
    }
    return PhoneSettings(**(given | changes))


def told_of(raw: bytes) -> Any:
    return json.loads(raw)
