"""Troubles that a test or the demo can order, for our interface or for the way to the customer's server."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Literal

from aiohttp import web

from channels.trouble import drip, drop

Kind = Literal[
    "timeout_after_acceptance",
    "http_500",
    "http_429",
    "http_401",
    "error_code",
    "drop_connection",
    "garbage_in_200",
    "slow_drip",
]
AFTER = ("timeout_after_acceptance", "drop_connection")  # what was asked is done, and nobody learns of it


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One kind of trouble, so many times.

    ``endpoint``: Messages, Calls, CallRecordings, Recordings or Audio (a recording's file), with or without the
    method before it ("POST Messages"), or "*" for all. "webhook", or "webhook /in/phone/step" for one path, is the
    way to the customer's server: there http_500 loses the request's answer, which is asked for no more; every other
    kind loses the answer too, and the same request is made again with the same idempotency token.
    """

    endpoint: str
    kind: Kind
    code: int = 0
    times: int = 1

    def concerns(self, method: str, resource: str) -> bool:
        wanted = self.endpoint.removesuffix(".json")
        return wanted in (resource, f"{method} {resource}") or (wanted == "*" and method != "webhook")


class Faults:
    """The orders not yet carried out."""

    def __init__(self) -> None:
        self.ordered: list[Fault] = []
        self.closing = asyncio.Event()

    def order(self, fault: Fault) -> None:
        self.ordered.append(fault)

    def next(self, method: str, resource: str) -> Fault | None:
        for place, fault in enumerate(self.ordered):
            if fault.concerns(method, resource):
                left = replace(fault, times=fault.times - 1)
                self.ordered[place : place + 1] = [left] if left.times > 0 else []
                return fault
        return None

    async def play(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        """The answer of an interface in trouble."""
        match fault.kind:
            case "timeout_after_acceptance":
                await self.closing.wait()
                return web.Response()
            case "drop_connection":
                return drop(request)
            case "slow_drip":
                return await drip(request, self.closing)
            case "garbage_in_200":
                return web.Response(text="<html>Service Unavailable</html>", content_type="text/html")
            case "http_500":
                return web.Response(status=500, text="<html>Internal Server Error</html>", content_type="text/html")
            case "http_429":
                return refusal(429, fault.code or 20429, "Too Many Requests")
            case "http_401":
                return refusal(401, fault.code or 20003, "Authenticate")
            case "error_code":
                return refusal(400, fault.code, "ordered by the test")


def refusal(status: int, code: int, message: str) -> web.Response:
    """An error as Twilio's interface words it."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    return web.json_response({"code": code, "message": message, "more_info": more, "status": status}, status=status)


def missing(request: web.Request) -> web.Response:
    return refusal(404, 20404, f"The requested resource {request.path} was not found")
