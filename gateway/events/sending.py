"""One event to one endpoint: the call, and what its answer means."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp

from channels.base import Clock, Outbound, Receipt
from channels.errors import Rejected, Retryable
from gateway.delivery.webhook import ENDPOINT, EVENT, SECONDS, key_of, signed
from gateway.events.guard import BadUrl, Forbidden, Guard
from gateway.events.lanes import Lanes
from gateway.events.standing import Standing
from gateway.staff.masking import Masked
from store.desk import Endpoint
from store.endpoints import telling
from store.unit import Store

AGENT = "Tousu-Gateway"
ANSWER_BYTES, ANSWER_CHARS = 1024, 200
LONGEST_WAIT = timedelta(hours=4)  # however long a receiver asks us to wait
GONE = 410
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


class EndpointSender:
    """Sends events; the endpoint is looked up for each attempt, so that a change counts at once."""

    def __init__(self, store: Store, clock: Clock, guard: Guard) -> None:
        self._store = store
        self._clock = clock
        self._guard = guard
        self._lanes = Lanes(store, clock)
        self._standing = Standing(store, clock)
        self._session: aiohttp.ClientSession | None = None

    async def send(self, outbound: Outbound) -> Receipt:
        """2xx is taken; 410 ends the endpoint; anything else is tried again. Raises a DeliveryError."""
        endpoint = await self._endpoint(outbound.context[ENDPOINT])
        async with self._lanes.in_lane(endpoint.id, outbound.id):
            try:
                await self._call(endpoint, outbound)
            except Retryable as error:
                await self._standing.failed(endpoint)
                await self._lanes.wait(endpoint.id, error.after)
                raise
            await self._standing.passed(endpoint)
        return Receipt(provider_id=telling(endpoint.id, outbound.context[EVENT]), via="webhook", delivered=True)

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _endpoint(self, id: str) -> Endpoint:
        async with self._store.reading() as unit:
            found = await unit.endpoints.get(id)
        if found is None or not found.active:
            raise Rejected("the endpoint is switched off", code="off")
        return found

    async def _call(self, endpoint: Endpoint, outbound: Outbound) -> None:
        try:
            async with self._posted(endpoint, outbound) as response:
                if response.status < 300:
                    return
                if response.status == GONE:
                    await self._standing.gone(endpoint)
                    raise Rejected("the endpoint answered 410: gone", code=str(GONE))
                raise Retryable(await self._refusal(response), after=self._wish(response))
        except BadUrl as error:
            raise Retryable(f"address is not allowed: {error}") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Retryable(_trouble(error)) from error

    @asynccontextmanager
    async def _posted(self, endpoint: Endpoint, outbound: Outbound) -> AsyncIterator[aiohttp.ClientResponse]:
        url = self._guard.check(endpoint.url)
        now = self._clock.now()
        headers = signed(outbound.context[EVENT], outbound.text, now, _keys(endpoint, now))
        body = outbound.text.encode()
        session = self._open_session()
        async with session.post(url, data=body, headers=headers, allow_redirects=False) as response:
            yield response

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=self._guard.connector(),
                timeout=aiohttp.ClientTimeout(total=SECONDS),
                headers={"User-Agent": AGENT},
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
            )
        return self._session

    async def _refusal(self, response: aiohttp.ClientResponse) -> str:
        """The status and the beginning of what came with it: enough to mend, and nothing personal."""
        said = (await response.content.read(ANSWER_BYTES)).decode("utf-8", errors="replace")
        plain = UNPRINTABLE.sub(" ", said).strip()[:ANSWER_CHARS]
        masked = await asyncio.to_thread(Masked.alone(plain, self._clock.now()).text, plain) if plain else ""
        return f"answered {response.status}: {masked[:ANSWER_CHARS]}" if masked else f"answered {response.status}"

    def _wish(self, response: aiohttp.ClientResponse) -> timedelta | None:
        """When the receiver wants to be asked again, RFC 9110 10.2.3."""
        written = response.headers.get("Retry-After", "").strip()
        wait = timedelta(seconds=int(written)) if re.fullmatch(r"\d{1,6}", written) else _until(written, self._clock)
        return None if wait is None else min(max(wait, timedelta(seconds=1)), LONGEST_WAIT)


def _until(written: str, clock: Clock) -> timedelta | None:
    try:
        moment = parsedate_to_datetime(written)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - clock.now()


def _keys(endpoint: Endpoint, now: datetime) -> tuple[bytes, ...]:
    """The secret, and while it is being rotated the one before."""
    both = endpoint.previous and endpoint.previous_until is not None and now < endpoint.previous_until
    return tuple(key_of(secret) for secret in ((endpoint.secret, endpoint.previous) if both else (endpoint.secret,)))


def _trouble(error: BaseException) -> str:
    cause = getattr(error, "os_error", error)
    return "address is not allowed" if isinstance(cause, Forbidden) else f"no answer: {type(error).__name__}"
