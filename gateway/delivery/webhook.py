"""Signed calls after the Standard Webhooks specification 1.0: to whoever is paged, and to other systems."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

import aiohttp

from channels.base import Clock, Outbound, Receipt
from channels.errors import Misconfigured, Rejected, Retryable

WEBHOOK = "webhook"  # the outbox's name for calls to our own side and to other systems
ENDPOINT, EVENT, TYPE = "endpoint", "event", "type"  # in a parcel's context: to which endpoint, and what
SECONDS = 15.0
SECRET_PREFIX = "whsec_"  # how the specification writes secrets; what follows is base64


class Sender(Protocol):
    async def send(self, outbound: Outbound) -> Receipt: ...

    async def aclose(self) -> None: ...


class Webhooks:
    """The sender of the channel "webhook": events go to the endpoint they name, everything else is a page."""

    def __init__(self, pages: Sender | None, events: Sender) -> None:
        self._pages = pages
        self._events = events

    async def send(self, outbound: Outbound) -> Receipt:
        """Raises a DeliveryError."""
        if ENDPOINT in outbound.context:
            return await self._events.send(outbound)
        if self._pages is None:
            raise Misconfigured("TOUSU_PAGE_WEBHOOK_URL and its secret are not set")
        return await self._pages.send(outbound)

    async def aclose(self) -> None:
        await self._events.aclose()
        if self._pages is not None:
            await self._pages.aclose()


class WebhookSender:
    """Posts the text of an outbound (JSON) to the address it names."""

    def __init__(self, secret: str, clock: Clock) -> None:
        """Raises ValueError without a secret: a signature that anybody can make says nothing."""
        self._key = _page_key(secret)
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    async def send(self, outbound: Outbound) -> Receipt:
        """2xx is taken; 429 and 5xx are tried again; anything else will never pass."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS))
        headers = signed(outbound.id, outbound.text, self._clock.now(), (self._key,))
        try:
            async with self._session.post(
                outbound.to.value, data=outbound.text.encode(), headers=headers, allow_redirects=False
            ) as response:
                status = response.status
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Retryable(f"webhook: {type(error).__name__}") from error
        if status == 429 or status >= 500:
            raise Retryable(f"webhook answered {status}")
        if status >= 300:
            raise Rejected(f"webhook answered {status}", code=str(status))
        return Receipt(provider_id=outbound.id, via="webhook", delivered=True)

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()


def signed(id: str, text: str, now: datetime, keys: Sequence[bytes]) -> Mapping[str, str]:
    """The headers of one attempt, with a signature by each key.

    The time is that of this attempt: receivers refuse what is more than five minutes old, which every retry would be.
    """
    at = str(int(now.timestamp()))
    told = f"{id}.{at}.{text}".encode()
    signatures = [base64.b64encode(hmac.digest(key, told, hashlib.sha256)).decode() for key in keys]
    return {
        "Content-Type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": at,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def key_of(secret: str) -> bytes:
    """The key that a secret stands for; raises ValueError where base64 was promised and is not there."""
    if not secret.startswith(SECRET_PREFIX):
        return secret.encode()
    return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)


def _page_key(secret: str) -> bytes:
    try:
        key = key_of(secret)
    except ValueError as broken:
        raise ValueError(f"TOUSU_PAGE_WEBHOOK_SECRET: after {SECRET_PREFIX} comes base64") from broken
    if not key:
        raise ValueError("TOUSU_PAGE_WEBHOOK_SECRET is empty: calls to TOUSU_PAGE_WEBHOOK_URL cannot be signed")
    return key
