"""Calls.json: place a call, look one up, end one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from aiohttp import web
from multidict import MultiMapping

from channels.base import Handler
from channels.phone.simulator.call import Call
from channels.phone.simulator.exchange import Exchange
from channels.phone.simulator.faults import missing, refusal
from channels.phone.simulator.paging import newest_first, page_of, within
from channels.phone.simulator.placed import Order, PlacedCall
from channels.phone.simulator.rules import Refused, refuse_call
from channels.phone.simulator.shapes import of_call


class RestCalls:
    """The calls' part of the interface."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange

    def routes(self) -> Iterable[tuple[str, str, str, Handler]]:
        yield "POST", "Calls.json", "Calls", self.create
        yield "GET", "Calls.json", "Calls", self.list
        yield "GET", "Calls/{sid}.json", "Calls", self.fetch
        yield "POST", "Calls/{sid}.json", "Calls", self.change

    async def create(self, request: web.Request) -> web.Response:
        posted = await request.post()
        form = {name: str(value) for name, value in posted.items()}
        to, from_ = form.get("To", ""), form.get("From", "")
        refused = refuse_call(to, from_, self.exchange.number, self.exchange.habits) or _refuse_order(form)
        if refused:
            return refusal(400, refused.code, refused.message)
        call = PlacedCall(self.exchange, from_=from_, to=to, order=_order(form, posted))
        self.exchange.changed()
        return web.json_response(of_call(self.exchange, call), status=201)

    async def list(self, request: web.Request) -> web.Response:
        asked = [call for call in newest_first(self.exchange.calls.values()) if _matches(request, call)]
        return page_of(request, "calls", [of_call(self.exchange, call) for call in asked])

    async def fetch(self, request: web.Request) -> web.Response:
        call = self.exchange.calls.get(request.match_info["sid"])
        return web.json_response(of_call(self.exchange, call)) if call else missing(request)

    async def change(self, request: web.Request) -> web.Response:
        """``completed`` hangs up; ``canceled`` only before anybody answers."""
        call = self.exchange.calls.get(request.match_info["sid"])
        if call is None:
            return missing(request)
        wanted = str((await request.post()).get("Status", ""))
        if wanted not in ("completed", "canceled"):
            return refusal(400, 21218, f"Invalid Status {wanted!r}")
        if call.ended:
            return refusal(400, 21220, "Call is not in-progress. Cannot redirect.")
        if wanted == "completed" or call.answered_at is None:
            call.cut("canceled" if call.answered_at is None else "completed")
        return web.json_response(of_call(self.exchange, call))


def _refuse_order(form: Mapping[str, str]) -> Refused | None:
    url = form.get("Url", "")
    if not url and not form.get("Twiml"):
        return Refused(21205, "Url parameter is required.")
    for address in (url, form.get("StatusCallback", ""), form.get("FallbackUrl", "")):
        if address and urlsplit(address).scheme not in ("http", "https"):
            return Refused(21205, f"Url is not a valid URL: {address}")
    return None


def _order(form: Mapping[str, str], posted: MultiMapping[object]) -> Order:
    return Order(
        url=form.get("Url", ""),
        method=form.get("Method", "POST"),
        twiml=form.get("Twiml", ""),
        fallback_url=form.get("FallbackUrl", ""),
        status_url=form.get("StatusCallback", ""),
        status_method=form.get("StatusCallbackMethod", "POST"),
        events=frozenset(str(event) for event in posted.getall("StatusCallbackEvent", ["completed"])),
        detect=form.get("MachineDetection", ""),
    )


def _matches(request: web.Request, call: Call) -> bool:
    query = request.query
    same = (("To", call.to), ("From", call.from_), ("Status", call.state), ("ParentCallSid", call.parent_sid))
    if any(query.get(name, value) != value for name, value in same):
        return False
    return within(request, "StartTime", call.answered_at or call.created_at)
