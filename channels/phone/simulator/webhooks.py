"""Requests to the customer's server: signed, cut off after fifteen seconds, repeated where the URL asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urldefrag, urlencode, urlsplit

from aiohttp import ClientConnectorError, ClientError, ClientResponse, ClientSession, ClientTimeout
from twilio.request_validator import RequestValidator
from yarl import URL

from channels.phone.simulator.faults import Fault, Faults
from channels.phone.simulator.ids import Ids
from channels.phone.simulator.values import Requested, Trouble

PATIENCE = 15.0  # seconds for the whole answer
MOST_RETRIES = 5
BAD_STATUS = 11200
NO_ANSWER = 11205
BAD_URL = 11100


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What the customer's server answered."""

    content: bytes
    media_type: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Overrides:
    """What the fragment of an address asks for, as ``#rc=2&rp=5xx,rt``."""

    retries: int
    on: frozenset[str]

    @classmethod
    def of(cls, fragment: str) -> Overrides:
        """One more attempt when no connection came about is what everybody has."""
        asked = {name: values[-1] for name, values in parse_qs(fragment).items()}
        retries = int(asked["rc"]) if asked.get("rc", "").isdecimal() else 1
        return cls(retries=min(retries, MOST_RETRIES), on=frozenset(asked.get("rp", "ct").split(",")))

    def again(self, trouble: Trouble) -> bool:
        return trouble.kind in self.on or "all" in self.on


class Webhooks:
    """Asks for documents and tells news. One attempt is one entry in ``requested``."""

    def __init__(self, *, auth_token: str, faults: Faults, ids: Ids, note: Callable[[Requested], None]) -> None:
        self.signer = RequestValidator(auth_token)
        self.faults = faults
        self.ids = ids
        self.note = note
        self.patience = PATIENCE
        self.map_url: Callable[[str], str] = lambda url: url
        self.session: ClientSession | None = None

    async def ask(self, url: str, method: str, params: Mapping[str, str]) -> Reply:
        """The document at this address. Raises Trouble when none comes."""
        return await self._with_retries("ask", url, method, params)

    async def tell(self, url: str, params: Mapping[str, str], method: str = "POST") -> None:
        """Pass news on; nobody minds when it is not heard."""
        try:
            await self._with_retries("tell", url, method, params)
        except Trouble:
            return

    async def _with_retries(self, kind: str, url: str, method: str, params: Mapping[str, str]) -> Reply:
        url, fragment = urldefrag(url)
        if urlsplit(url).scheme not in ("http", "https"):
            raise Trouble(BAD_URL, f"{url!r} is no address")
        overrides, token = Overrides.of(fragment), self.ids.token()
        for left in range(overrides.retries, -1, -1):
            lost = self.faults.next("webhook", urlsplit(url).path) or self.faults.next("", "webhook")
            try:
                return _arrived(lost, await self._once(kind, url, method, params, token))
            except Trouble as trouble:
                if not left or not (overrides.again(trouble) or _again(lost)):
                    raise
        raise AssertionError("the last attempt returns or raises")

    async def _once(self, kind: str, url: str, method: str, params: Mapping[str, str], token: str) -> Reply:
        """One attempt, written down with its status in any case."""
        if method == "GET":
            url = f"{url}{'&' if '?' in url else '?'}{urlencode(params)}"
        status = 0
        try:
            async with asyncio.timeout(self.patience):
                response, content = await self._send(url, method, params, token)
                status = response.status
        except ClientConnectorError as error:
            raise Trouble(NO_ANSWER, "no connection", "ct") from error
        except (TimeoutError, ClientError, OSError) as error:
            raise Trouble(NO_ANSWER, f"no answer: {type(error).__name__}", "rt") from error
        finally:
            self.note(Requested(kind=kind, method=method, url=url, params=dict(params), status=status, token=token))
        if status >= 300:
            raise Trouble(BAD_STATUS, f"HTTP {status}", f"{status // 100}xx")
        return Reply(content=content, media_type=response.content_type)

    async def _send(self, url: str, method: str, params: Mapping[str, str], token: str) -> tuple[ClientResponse, bytes]:
        if self.session is None:
            self.session = ClientSession(timeout=ClientTimeout(total=None), trust_env=False)
        body = urlencode(params).encode() if method == "POST" else None
        target = URL(self.map_url(url), encoded=True)
        headers = self._headers(url, dict(params) if method == "POST" else {}, token)
        async with self.session.request(method, target, data=body, headers=headers, allow_redirects=False) as response:
            return response, await response.read()

    def _headers(self, url: str, params: dict[str, str], token: str) -> dict[str, str]:
        return {
            "Host": urlsplit(url).netloc,
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": str(self.signer.compute_signature(url, params)),
            "I-Twilio-Idempotency-Token": token,
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
        }

    async def aclose(self) -> None:
        if self.session is not None:
            await self.session.close()


def _arrived(lost: Fault | None, reply: Reply) -> Reply:
    """The reply, unless a fault was ordered that loses it on its way."""
    if lost is None:
        return reply
    if lost.kind == "http_500":
        raise Trouble(BAD_STATUS, "HTTP 500", "5xx")
    raise Trouble(NO_ANSWER, "the answer was lost", "rt")


def _again(lost: Fault | None) -> bool:
    return lost is not None and lost.kind != "http_500"
