"""A signed call to an address of our own side, after the Standard Webhooks specification 1.0."""

from __future__ import annotations

import base64
import hashlib
import hmac

import aiohttp

from channels.base import Clock, Outbound, Receipt
from channels.errors import Rejected, Retryable

SECONDS = 15.0
SECRET_PREFIX = "whsec_"  # how the specification writes secrets; what follows is base64


class WebhookSender:
    """Posts the text of an outbound (JSON) to the address it names."""

    def __init__(self, secret: str, clock: Clock) -> None:
        """Raises ValueError without a secret: a signature that anybody can make says nothing."""
        self._key = _key(secret)
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    async def send(self, outbound: Outbound) -> Receipt:
        """2xx is taken; 429 and 5xx are tried again; anything else will never pass."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS))
        try:
            async with self._session.post(
                outbound.to.value, data=outbound.text.encode(), headers=self._headers(outbound), allow_redirects=False
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

    def _headers(self, outbound: Outbound) -> dict[str, str]:
        # The time of this attempt: receivers refuse what is more than five minutes old, which every retry would be.
        at = str(int(self._clock.now().timestamp()))
        signed = f"{outbound.id}.{at}.{outbound.text}".encode()
        signature = base64.b64encode(hmac.digest(self._key, signed, hashlib.sha256)).decode()
        return {
            "Content-Type": "application/json",
            "webhook-id": outbound.id,
            "webhook-timestamp": at,
            "webhook-signature": f"v1,{signature}",
        }


def _key(secret: str) -> bytes:
    try:
        encoded = secret.startswith(SECRET_PREFIX)
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True) if encoded else secret.encode()
    except ValueError as broken:
        raise ValueError(f"TOUSU_PAGE_WEBHOOK_SECRET: after {SECRET_PREFIX} comes base64") from broken
    if not key:
        raise ValueError("TOUSU_PAGE_WEBHOOK_SECRET is empty: calls to TOUSU_PAGE_WEBHOOK_URL cannot be signed")
    return key
