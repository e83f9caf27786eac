"""What the pages and the API for customers share: the house, its inbox, the limits, and how a body is let in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from channels.base import Inbox
from gateway.customers.body import Sent, TooLarge, TooSlow, read_body, sent_in
from gateway.customers.drafts import Drafts
from gateway.customers.limits import Limits
from gateway.customers.multipart import Broken
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
    in_hand: asyncio.Semaphore  # each body lies in memory while it is read

    @classmethod
    def of(cls, house: House, inbox: Inbox, limits: Limits | None = None) -> Desk:
        chosen = limits or Limits()
        return cls(
            house=house,
            inbox=inbox,
            limits=chosen,
            drafts=Drafts(house),
            taking=Taking(house, inbox),
            in_hand=asyncio.Semaphore(chosen.at_once),
        )

    @asynccontextmanager
    async def body_of(self, request: web.Request) -> AsyncIterator[bytes]:
        """The bytes, while there is room for them. Raises Refusal."""
        if self.in_hand.locked():
            raise Refusal(503, "busy")
        async with self.in_hand:
            try:
                body = await read_body(request, self.limits)
            except TooLarge:
                raise Refusal(413, "too_large") from None
            except TooSlow:
                raise Refusal(408, "too_slow") from None
            yield body

    async def form_in(self, request: web.Request, body: bytes, visit: str) -> Sent:
        """The form in a body; what is none is kept for a person, if we know the visit. Raises Refusal."""
        try:
            return sent_in(body, request.headers, request.content_type)
        except Broken as broken:
            if visit and body:
                await self.taking.take_unreadable(visit, body, f"form: {broken}")
            raise Refusal(400, "broken") from broken
