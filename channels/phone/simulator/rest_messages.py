"""Messages.json: send a text message, find one again."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from channels.base import Handler
from channels.phone.simulator.exchange import Exchange
from channels.phone.simulator.faults import missing, refusal
from channels.phone.simulator.messages import Message, Messages
from channels.phone.simulator.paging import newest_first, page_of, within
from channels.phone.simulator.rules import refuse_sms
from channels.phone.simulator.shapes import of_message


class RestMessages:
    """The text messages' part of the interface."""

    def __init__(self, exchange: Exchange, messages: Messages) -> None:
        self.exchange = exchange
        self.messages = messages

    def routes(self) -> Iterable[tuple[str, str, str, Handler]]:
        yield "POST", "Messages.json", "Messages", self.create
        yield "GET", "Messages.json", "Messages", self.list
        yield "GET", "Messages/{sid}.json", "Messages", self.fetch

    async def create(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        to, from_, body = form.get("To", ""), form.get("From", ""), form.get("Body", "")
        if refused := refuse_sms(to, from_, body, self.exchange.number, self.exchange.habits):
            return refusal(400, refused.code, refused.message)
        message = self.messages.send(from_=from_, to=to, body=body, callback=form.get("StatusCallback", ""))
        return web.json_response(of_message(self.exchange, message), status=201)

    async def list(self, request: web.Request) -> web.Response:
        asked = [message for message in newest_first(self.messages.kept.values()) if _matches(request, message)]
        return page_of(request, "messages", [of_message(self.exchange, message) for message in asked])

    async def fetch(self, request: web.Request) -> web.Response:
        message = self.messages.kept.get(request.match_info["sid"])
        return web.json_response(of_message(self.exchange, message)) if message else missing(request)


def _matches(request: web.Request, message: Message) -> bool:
    query = request.query
    people = query.get("To", message.to) == message.to and query.get("From", message.from_) == message.from_
    return people and within(request, "DateSent", message.at)
