"""A carrier that misbehaves on order: it takes what it is asked, or not, and answers as it likes."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import ClientTimeout, web
from multidict import MultiDict

from channels.base import CallReport, Outbound, OutboundKind
from channels.phone.client import Api
from channels.phone.gate import Gate
from channels.phone.handover import Pace
from channels.phone.health import Health
from channels.phone.send import Sender
from channels.phone.settings import PhoneSettings
from normalizer.record import Contact, ContactKind
from tests.clock import SetClock
from tests.wechat.fakes import DictMemory, RecordingInbox

ACCOUNT = "AC" + "0" * 32
TOKEN = "a-token-of-ours"
OURS = "+85230001234"
CALLER = "+85261234567"
NUMBER = "TS261123000017"
PUBLIC = "https://tousu.example"
IMPATIENT = ClientTimeout(total=0.3, connect=0.2)


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What goes wrong with the next request that creates something."""

    taken: bool = True  # the message leaves all the same
    status: int = 201
    code: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    then: str = "answer"  # or silent, drop, drip


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: MultiDict[str]
    form: MultiDict[str]
    login: str


class Carrier:
    """Messages and calls by number; every request is kept."""

    def __init__(self, clock: SetClock) -> None:
        self.clock = clock
        self.asked: list[Asked] = []
        self.messages: list[dict[str, Any]] = []
        self.calls: list[dict[str, Any]] = []
        self.recordings: list[dict[str, Any]] = []
        self.sounds: dict[str, bytes] = {}
        self.troubles: deque[Trouble] = deque()
        self.closing = asyncio.Event()
        self.url = ""

    @property
    def created(self) -> list[Asked]:
        return [asked for asked in self.asked if asked.method == "POST"]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        form = MultiDict(parse_qsl((await request.read()).decode(), keep_blank_values=True))
        path = request.path.removeprefix(f"/2010-04-01/Accounts/{ACCOUNT}/")
        login = request.headers.get("Authorization", "")
        self.asked.append(
            Asked(method=request.method, path=path, query=MultiDict(request.query), form=form, login=login)
        )
        trouble = self.troubles.popleft() if self.troubles else None
        if request.method == "POST" and path in ("Messages.json", "Calls.json"):
            return await self._create(request, path, form, trouble or Trouble())
        if trouble is not None:
            return await self._misbehave(request, trouble, {})
        return self._look_up(request, path)

    async def _create(
        self, request: web.Request, path: str, form: MultiDict[str], trouble: Trouble
    ) -> web.StreamResponse:
        made: dict[str, Any] = {}
        if trouble.taken and trouble.status not in range(400, 500):
            made = self._made(path, form)
        return await self._misbehave(request, trouble, made)

    def _made(self, path: str, form: MultiDict[str]) -> dict[str, Any]:
        kept, prefix = (self.messages, "SM") if path == "Messages.json" else (self.calls, "CA")
        made = {
            "sid": f"{prefix}{len(kept) + 1:032x}",
            "status": "queued",
            "to": form["To"],
            "from": form["From"],
            "body": form.get("Body"),
            "date_created": format_datetime(self.clock.now()),
            "date_sent": None,
            "start_time": None,
        }
        kept.insert(0, made)
        return made

    async def _misbehave(self, request: web.Request, trouble: Trouble, made: dict[str, Any]) -> web.StreamResponse:
        match trouble.then:
            case "silent":
                await self.closing.wait()
            case "drop":
                assert request.transport is not None
                request.transport.close()
            case "drip":
                return await self._drip(request)
        if trouble.body is not None:
            return web.Response(status=trouble.status, text=trouble.body, headers=trouble.headers)
        refusal = {"code": trouble.code, "message": f"no good: {CALLER}", "status": trouble.status}
        told = made if trouble.status < 400 else refusal
        return web.json_response(told, status=trouble.status, headers=trouble.headers)

    async def _drip(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=201)
        await response.prepare(request)
        while not self.closing.is_set():
            await response.write(b" ")
            await asyncio.sleep(0.02)
        return response

    def _look_up(self, request: web.Request, path: str) -> web.StreamResponse:
        lists = {"Messages.json": self.messages, "Calls.json": self.calls, "Recordings.json": self.recordings}
        if path in lists:
            to = request.query.get("To")
            entries = [entry for entry in lists[path] if to is None or entry.get("to") == to]
            return web.json_response({path.removesuffix(".json").lower(): entries, "next_page_uri": None})
        kind, _, name = path.partition("/")
        if name.endswith(".mp3") and name[:-4] in self.sounds:
            return web.Response(body=self.sounds[name[:-4]], content_type="audio/mpeg")
        known = lists.get(f"{kind}.json", [])
        for entry in known:
            if name == f"{entry['sid']}.json":
                return web.json_response(entry, status=204 if request.method == "DELETE" else 200)
        if request.method == "POST":
            return web.json_response({"sid": "RE" + "1" * 32}, status=201)
        return web.json_response({"code": 20404, "status": 404}, status=404)


class Inbox(RecordingInbox):
    """Takes reports of calls too."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[CallReport] = []

    async def note_call(self, report: CallReport) -> None:
        self.calls.append(report)


def settings_for(url: str, **changes: Any) -> PhoneSettings:
    given: dict[str, Any] = {
        "account_sid": ACCOUNT,
        "auth_token": TOKEN,
        "number": OURS,
        "api_url": url,
        "public_url": PUBLIC,
        "org_name": "示例保险",
    }
    return PhoneSettings(**(given | changes))


def gate_for(settings: PhoneSettings, health: Health | None = None) -> Gate:
    return Gate(settings=settings, health=health or Health(), pace=Pace(hold=1.0))


@dataclass
class Desk:
    """The sending side of the channel, and the carrier it sends by."""

    carrier: Carrier
    settings: PhoneSettings
    api: Api
    sender: Sender
    memory: DictMemory
    clock: SetClock

    def outbound(self, **changes: Any) -> Outbound:
        given: dict[str, Any] = {
            "id": "out-1",
            "channel": "phone",
            "to": Contact(kind=ContactKind.PHONE, value=CALLER),
            "text": f"您的投诉{NUMBER}已办结，结果已寄出。",
            "kind": OutboundKind.STATUS,
            "number": NUMBER,
            "status_label": "已办结",
            "created_at": self.clock.now(),
        }
        return Outbound(**(given | changes))

    def later(self) -> None:
        self.clock.advance(minutes=1)


@asynccontextmanager
async def a_desk(memory: DictMemory | None = None, **changes: Any) -> AsyncIterator[Desk]:
    """A carrier on a port of its own, and our side of it."""
    clock = SetClock()
    carrier, memory = Carrier(clock), memory or DictMemory()
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", carrier.handle)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    carrier.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    settings = settings_for(carrier.url, **changes)
    api = Api(settings)
    api.transport.patience = IMPATIENT
    try:
        yield Desk(
            carrier, settings, api, Sender(settings=settings, api=api, memory=memory, clock=clock), memory, clock
        )
    finally:
        carrier.closing.set()
        await api.aclose()
        await runner.cleanup()
