"""Troubles that a test or the demo can order for an interface."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Literal

from aiohttp import web

from channels.trouble import drip, drop

Kind = Literal["errcode", "http", "hang", "drip", "drop", "garbage"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One kind of trouble, so many times.

    errcode: HTTP 200 with this errcode. http: this status. hang: no answer. drip: one byte now and then.
    drop: does what was asked, then breaks the line. garbage: a web page with HTTP 200.
    On WeChat's own way to the account only drop: of a push the answer is lost, so it comes again; a receipt is never
    told.
    """

    endpoint: str  # "message/custom/send"; "*" for every one; "push" or "receipt" for the way to the account
    kind: Kind
    code: int = 0
    times: int = 1


WAYS = frozenset({"push", "receipt"})  # to the account


class Faults:
    """The orders not yet carried out."""

    def __init__(self) -> None:
        self.ordered: list[Fault] = []
        self.closing = asyncio.Event()

    def order(self, fault: Fault) -> None:
        self.ordered.append(fault)

    def next(self, endpoint: str) -> Fault | None:
        for place, fault in enumerate(self.ordered):
            if fault.endpoint in (endpoint, "*"):
                left = replace(fault, times=fault.times - 1)
                self.ordered[place : place + 1] = [left] if left.times else []
                return fault
        return None

    async def play(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        """The answer of an interface in trouble."""
        match fault.kind:
            case "errcode":
                return web.json_response({"errcode": fault.code, "errmsg": "ordered by the test"})
            case "http":
                return web.Response(status=fault.code or 500, text="<html>Bad Gateway</html>")
            case "garbage":
                return web.Response(text="<html>网络繁忙</html>", content_type="text/html")
            case "drip":
                return await drip(request, self.closing)
            case "drop":
                return drop(request)
            case "hang":
                await self.closing.wait()
                return web.Response()
