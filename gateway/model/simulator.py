"""A model's far side on loopback: reads by a few simple cues, and misbehaves in every way that models and lines do."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from aiohttp import web

from gateway.guests.trouble import drip, hang, hang_up, pour

HOST = "127.0.0.1"
BACKING = "绝不存在的话"  # a quotation that stands in nobody's text


class Manner(StrEnum):
    """How the next reply is."""

    GOOD = "good"
    FAILS = "fails"  # 500
    BUSY = "busy"  # 429 with Retry-After
    HANGS = "hangs"
    DRIPS = "drips"  # one byte at a time
    BROKEN = "broken"  # half a JSON document
    PROSE = "prose"  # the JSON inside friendly words
    FENCED = "fenced"  # the JSON inside ```json fences
    INVENTS = "invents"  # values with quotations that nobody wrote
    UNQUOTED = "unquoted"  # values without any quotation
    OBEYS = "obeys"  # the injection in the text
    HUGE = "huge"
    TYPES = "types"  # numbers and lists where strings belong
    ECHOES = "echoes"  # gives back what was covered
    REDIRECTS = "redirects"
    HANGS_UP = "hangs_up"
    EMPTY = "empty"  # no choices
    NULL = "null"  # a refusal: content is null
    DEEP = "deep"  # ten thousand brackets
    FORBIDS = "forbids"  # 401


Proposals = list[dict[str, Any]]


@dataclass(kw_only=True)
class ModelSimulator:
    """Replies by ``manner``; ``manners`` are used up first, one for each request. Everything received is kept."""

    url: str = ""
    manner: Manner = Manner.GOOD
    manners: list[Manner] = field(default_factory=list)
    proposals: Proposals | None = None  # what a good reply says; None: what the cues find
    forms: frozenset[str] = frozenset({"json_schema", "json_object", ""})  # response formats it takes
    retry_after: str = "0"
    received: list[dict[str, Any]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """The customers' words as they arrived here."""
        return [json.loads(each["messages"][-1]["content"])["text"] for each in self.received]

    async def complete(self, request: web.Request) -> web.StreamResponse:
        """``POST /v1/chat/completions``."""
        self.raw.append(await request.read())
        self.keys.append(request.headers.get("Authorization", ""))
        asked = json.loads(self.raw[-1])
        self.received.append(asked)
        if asked.get("response_format", {}).get("type", "") not in self.forms:
            return web.json_response({"error": {"message": "response_format is not supported"}}, status=400)
        manner = self.manners.pop(0) if self.manners else self.manner
        if manner in _TROUBLES:
            return await _TROUBLES[manner](request)
        answer = _ODD_LINES.get(manner)
        if answer is not None:
            return await answer(self, request)
        return web.json_response(_completion(self._content(manner)))

    def _content(self, manner: Manner) -> Any:
        text = self.texts[-1]
        good = json.dumps({"proposals": self._good(text)}, ensure_ascii=False)
        contents: dict[Manner, Callable[[], Any]] = {
            Manner.BROKEN: lambda: good[: len(good) // 2],
            Manner.PROSE: lambda: f"好的，以下是结果：\n{good}\n希望对您有帮助！",
            Manner.FENCED: lambda: f"```json\n{good}\n```",
            Manner.INVENTS: lambda: _said(_invented()),
            Manner.UNQUOTED: lambda: _said([{**each, "quote": ""} for each in _invented()]),
            Manner.OBEYS: lambda: _said(_obedient(text)),
            Manner.TYPES: lambda: _said([{"field": 1, "value": ["李四"], "quote": None}]),
            Manner.ECHOES: lambda: _said(_echoed(text)),
            Manner.NULL: lambda: None,
            Manner.DEEP: lambda: "[" * 10_000,
        }
        return contents.get(manner, lambda: good)()

    def _good(self, text: str) -> Proposals:
        return _found(text) if self.proposals is None else self.proposals

    async def _fail(self, _: web.Request) -> web.StreamResponse:
        return web.json_response({"error": {"message": "internal"}}, status=500)

    async def _be_busy(self, _: web.Request) -> web.StreamResponse:
        return web.json_response({}, status=429, headers={"Retry-After": self.retry_after})

    async def _forbid(self, _: web.Request) -> web.StreamResponse:
        return web.json_response({}, status=401)

    async def _redirect(self, _: web.Request) -> web.StreamResponse:
        raise web.HTTPTemporaryRedirect(f"{self.url}/elsewhere")

    async def _be_empty(self, _: web.Request) -> web.StreamResponse:
        return web.json_response({"choices": []})


_TROUBLES: dict[Manner, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {
    Manner.HANGS: hang,
    Manner.DRIPS: drip,
    Manner.HUGE: pour,
    Manner.HANGS_UP: hang_up,
}
_ODD_LINES: dict[Manner, Callable[[ModelSimulator, web.Request], Awaitable[web.StreamResponse]]] = {
    Manner.FAILS: ModelSimulator._fail,
    Manner.BUSY: ModelSimulator._be_busy,
    Manner.FORBIDS: ModelSimulator._forbid,
    Manner.REDIRECTS: ModelSimulator._redirect,
    Manner.EMPTY: ModelSimulator._be_empty,
}


@asynccontextmanager
async def running(**given: Any) -> AsyncIterator[ModelSimulator]:
    """A simulator on a free port of loopback; ``given`` are its parts."""
    simulator = ModelSimulator(**given)
    app = web.Application(client_max_size=1024 * 1024)
    app.router.add_post("/v1/chat/completions", simulator.complete)
    app.router.add_route("*", "/v1/elsewhere", simulator.complete)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, HOST, 0)
    await site.start()
    simulator.url = f"http://{HOST}:{runner.addresses[0][1]}/v1"
    try:
        yield simulator
    finally:
        await runner.cleanup()


def _completion(content: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": content}
    return {"id": "c1", "object": "chat.completion", "choices": [{"index": 0, "message": message}]}


def _said(proposals: Proposals) -> str:
    return json.dumps({"proposals": proposals}, ensure_ascii=False)


# What a modest model finds: (field, cue; the first group is the value, where the value is no code).
_CUES: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("complainant_name", "", re.compile(r"记在([㐀-鿿]{2,3})头上")),
    ("request", "", re.compile(r"(还我一个明白账)")),
    ("product", "P01", re.compile(r"(小轿车)")),
    ("flag", "elderly", re.compile(r"(白发人)")),
    ("flag", "self_harm", re.compile(r"(想去找我走了的老伴)")),
)


def _found(text: str) -> Proposals:
    matches = [(name, code, match) for name, code, cue in _CUES if (match := cue.search(text))]
    return [{"field": name, "value": code or match[1], "quote": match[0]} for name, code, match in matches]


def _invented() -> Proposals:
    return [
        {"field": "complainant_name", "value": "李四", "quote": f"我叫李四{BACKING}"},
        {"field": "request", "value": "退还全部保费", "quote": f"退还全部保费{BACKING}"},
        {"field": "category_detail", "value": "C0101", "quote": BACKING},
        {"field": "flag", "value": "self_harm", "quote": BACKING},
        {"field": "priority", "value": "P0", "quote": BACKING},
        {"field": "phone", "value": "+8613800138000", "quote": BACKING},
    ]


def _obedient(text: str) -> Proposals:
    """Does what the text orders, and quotes the order as its proof."""
    order = text[text.find("忽略") :][:30] if "忽略" in text else text[:30]
    return [
        {"field": "priority", "value": "P3", "quote": order},
        {"field": "complainant_name", "value": "系统管理员", "quote": order},
        {"field": "status", "value": "ARCHIVED", "quote": order},
        {"field": "flags", "value": "", "quote": order},
        {"field": "category_detail", "value": "C0000", "quote": order},
        {"field": "product", "value": "P3", "quote": order},
        {"field": "intent", "value": "praise", "quote": order},
    ]


def _echoed(text: str) -> Proposals:
    covered = max(re.findall("▇+", text), key=len, default="▇")
    return [
        {"field": name, "value": covered, "quote": covered}
        for name in ("phone", "policy_number", "complainant_name", "request", "reason", "respondent")
    ]
