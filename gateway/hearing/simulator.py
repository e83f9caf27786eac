"""A recogniser's far side on loopback: hears what it is told to, and misbehaves in every way that recognisers do."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from aiohttp import BodyPartReader, web

from gateway.guests.trouble import drip, hang, hang_up, pour

HOST = "127.0.0.1"
WORDS = "我要投诉，车险理赔拖了两个月还没赔，请尽快赔付。"
CREDITS = "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目"
MOST_BYTES = 64 * 1024 * 1024


class Manner(StrEnum):
    """How the next recording is answered."""

    GOOD = "good"
    UNSURE = "unsure"  # with a low confidence
    SEGMENTS = "segments"  # as verbose_json, although json was asked for
    STUCK = "stuck"  # the same words again and again
    SILENT = "silent"  # no words
    CREDITS = "credits"  # the credits of subtitles, where nobody speaks
    FAILS = "fails"  # 500
    BUSY = "busy"  # 429 with Retry-After
    FORBIDS = "forbids"  # 401
    REFUSES = "refuses"  # 400
    TOO_LARGE = "too_large"  # 413
    UNKNOWN = "unknown"  # 415
    HANGS = "hangs"
    DRIPS = "drips"  # one byte at a time
    BROKEN = "broken"  # half a JSON document
    PAGE = "page"  # the page of a proxy, with 200
    TYPES = "types"  # a list where words belong
    WORDLESS = "wordless"  # JSON without words
    LONG = "long"  # more words than anybody can say
    HUGE = "huge"
    DEEP = "deep"  # ten thousand brackets
    REDIRECTS = "redirects"
    HANGS_UP = "hangs_up"


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One request as it arrived."""

    content: bytes
    filename: str
    media_type: str
    fields: dict[str, str]
    key: str


@dataclass(kw_only=True)
class SpeechSimulator:
    """Replies by ``manner``; ``manners`` are used up first, one for each request. Everything received is kept."""

    url: str = ""
    words: str = WORDS
    manner: Manner = Manner.GOOD
    manners: list[Manner] = field(default_factory=list)
    retry_after: str = "120"
    received: list[Asked] = field(default_factory=list)

    async def transcribe(self, request: web.Request) -> web.StreamResponse:
        """``POST /v1/audio/transcriptions``."""
        self.received.append(await _read(request))
        manner = self.manners.pop(0) if self.manners else self.manner
        if manner in _TROUBLES:
            return await _TROUBLES[manner](request)
        if manner in _ODD_LINES:
            return await _ODD_LINES[manner](self, request)
        if manner in _STATUSES:
            return web.json_response({"error": {"message": "no"}}, status=_STATUSES[manner])
        return web.Response(text=self._body(manner), content_type="application/json")

    def _body(self, manner: Manner) -> str:
        good = {"text": self.words}
        bodies: dict[Manner, Any] = {
            Manner.UNSURE: {**good, "confidence": 0.2},
            Manner.SEGMENTS: {**good, "segments": [{"id": 0, "avg_logprob": -0.1}, {"id": 1, "avg_logprob": -1.6}]},
            Manner.STUCK: {"text": "理赔" + "对对" * 40},
            Manner.SILENT: {"text": " \n"},
            Manner.CREDITS: {"text": CREDITS},
            Manner.TYPES: {"text": [self.words]},
            Manner.WORDLESS: {"words": []},
            Manner.LONG: {"text": "理" * 20_001},
        }
        texts = {
            Manner.BROKEN: json.dumps(good)[:9],
            Manner.PAGE: "<html><body>504 Gateway Time-out</body></html>",
            Manner.DEEP: "[" * 10_000,
        }
        return texts.get(manner) or json.dumps(bodies.get(manner, good), ensure_ascii=False)

    async def _be_busy(self, _: web.Request) -> web.StreamResponse:
        return web.json_response({}, status=429, headers={"Retry-After": self.retry_after})

    async def _redirect(self, _: web.Request) -> web.StreamResponse:
        raise web.HTTPTemporaryRedirect(f"{self.url}/elsewhere")


_STATUSES = {
    Manner.FAILS: 500,
    Manner.FORBIDS: 401,
    Manner.REFUSES: 400,
    Manner.TOO_LARGE: 413,
    Manner.UNKNOWN: 415,
}
_TROUBLES: dict[Manner, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {
    Manner.HANGS: hang,
    Manner.DRIPS: drip,
    Manner.HUGE: pour,
    Manner.HANGS_UP: hang_up,
}
_ODD_LINES: dict[Manner, Callable[[SpeechSimulator, web.Request], Awaitable[web.StreamResponse]]] = {
    Manner.BUSY: SpeechSimulator._be_busy,
    Manner.REDIRECTS: SpeechSimulator._redirect,
}


@asynccontextmanager
async def running(**given: Any) -> AsyncIterator[SpeechSimulator]:
    """A simulator on a free port of loopback; ``given`` are its parts."""
    simulator = SpeechSimulator(**given)
    app = web.Application(client_max_size=MOST_BYTES)
    app.router.add_post("/v1/audio/transcriptions", simulator.transcribe)
    app.router.add_route("*", "/v1/elsewhere", simulator.transcribe)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    simulator.url = f"http://{HOST}:{runner.addresses[0][1]}/v1"
    try:
        yield simulator
    finally:
        await runner.cleanup()


async def _read(request: web.Request) -> Asked:
    content, filename, media_type = b"", "", ""
    fields: dict[str, str] = {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        if part.name == "file":
            filename, media_type = part.filename or "", part.headers.get("Content-Type", "")
            content = bytes(await part.read())
        else:
            fields[part.name or ""] = await part.text()
    key = request.headers.get("Authorization", "")
    return Asked(content=content, filename=filename, media_type=media_type, fields=fields, key=key)
