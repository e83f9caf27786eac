"""The interface at api.twilio.com that we call: who may, what is written down, and which part answers."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping

from aiohttp import web

from channels.base import Handler
from channels.phone.simulator.exchange import Exchange
from channels.phone.simulator.faults import AFTER, missing, refusal
from channels.phone.simulator.messages import Messages
from channels.phone.simulator.rest_calls import RestCalls
from channels.phone.simulator.rest_messages import RestMessages
from channels.phone.simulator.rest_recordings import RestRecordings
from channels.phone.simulator.values import Requested


class Rest:
    """Routes, login, faults."""

    def __init__(self, exchange: Exchange, *, logins: Mapping[str, str]) -> None:
        self.exchange = exchange
        self.logins = logins
        self.messages = Messages(exchange)

    def app(self) -> web.Application:
        app = web.Application()
        parts = (RestMessages(self.exchange, self.messages), RestCalls(self.exchange), RestRecordings(self.exchange))
        for part in parts:
            for method, path, resource, handler in part.routes():
                whole = f"/2010-04-01/Accounts/{{account}}/{path}"
                app.router.add_route(method, whole, self._endpoint(resource, handler))
        return app

    def _endpoint(self, resource: str, handler: Handler) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            fault = self.exchange.faults.next(request.method, resource)
            if fault is not None and fault.kind not in AFTER:
                await self._note(request, 0)
                return await self.exchange.faults.play(fault, request)
            response = self._refuses(request) or await _careful(handler, request)
            await self._note(request, response.status)
            return response if fault is None else await self.exchange.faults.play(fault, request)

        return handle

    def _refuses(self, request: web.Request) -> web.Response | None:
        user, password = _login(request)
        known = self.logins.get(user)
        if known is None or not hmac.compare_digest(known.encode(), password.encode()):
            return refusal(401, 20003, "Authenticate")
        return None if request.match_info["account"] == self.exchange.account_sid else missing(request)

    async def _note(self, request: web.Request, status: int) -> None:
        form = await request.post() if request.method == "POST" else request.query
        params = {name: ",".join(str(value) for value in form.getall(name)) for name in form}
        self.exchange.note(
            Requested(kind="rest", method=request.method, url=request.path_qs, params=params, status=status)
        )


async def _careful(handler: Handler, request: web.Request) -> web.StreamResponse:
    """A page size or a date that is none is the asker's mistake."""
    try:
        return await handler(request)
    except ValueError as error:
        return refusal(400, 20001, f"Invalid parameter: {error}")


def _login(request: web.Request) -> tuple[str, str]:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, password = base64.b64decode(secret, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, password
