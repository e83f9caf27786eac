"""What the pages and the API for customers share: the house, its inbox, the limits, and how a body is let in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from channels.base import Inbox
from gateway.customers.body import Sent, TooLarge, TooSlow, read_body, sent_in
from gateway.customers.drafts import Drafts
from gateway.customers.limits import Limits, address_of, too_much, too_much_unread
from gateway.customers.multipart import Broken
from gateway.customers.places import Full, Places
from gateway.customers.taking import Taking
from gateway.house import House


class Refusal(Exception):
    """A sending that goes no further; ``why`` is a key of [refused] in our words."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    house: House
    inbox: Inbox
    limits: Limits
    drafts: Drafts
    taking: Taking
    places: Places

    @classmethod
    def of(cls, house: House, inbox: Inbox, limits: Limits | None = None) -> Desk:
        chosen = limits or Limits()
        return cls(
            house=house,
            inbox=inbox,
            limits=chosen,
            drafts=Drafts(house, chosen.database),
            taking=Taking(house, inbox, chosen.database),
            places=Places(all=chosen.at_once, of_one=chosen.of_one),
        )

    @asynccontextmanager
    async def body_of(self, request: web.Request) -> AsyncIterator[bytes]:
        """The bytes, while there is room for them. Raises Refusal."""
        address = address_of(self.house, request)
        with ExitStack() as held:
            try:
                body = await read_body(request, self.limits, lambda: held.enter_context(self.places.taken_by(address)))
            except Full:
                raise Refusal(503, "busy") from None
            except TooLarge:
                raise Refusal(413, "too_large") from None
            except TooSlow:
                raise Refusal(408, "too_slow") from None
            yield body

    async def form_in(self, request: web.Request, body: bytes, visit: str) -> Sent:
        """The form in a body; what is none is kept for a person, if we know the visit and within limits.

        Raises Refusal.
        """
        try:
            return sent_in(body, request.headers, request.content_type)
        except Broken as broken:
            raise await self._unread(request, body, visit, str(broken)) from broken

    async def _unread(self, request: web.Request, body: bytes, visit: str, why: str) -> Refusal:
        if not (visit and body):
            return Refusal(400, "unread")
        if await too_much(self.house, self.limits, request, visit):
            return Refusal(429, "too_much")
        if await too_much_unread(self.house, self.limits, request, visit):
            return Refusal(400, "unread")
        await self.taking.take_unreadable(visit, body, f"form: {why}")
        return Refusal(400, "broken")
