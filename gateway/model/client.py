"""An OpenAI-compatible endpoint: one question, one answer, within a time limit; every failure is an empty answer."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import structlog
from pydantic import SecretStr

from channels.base import Clock
from gateway.model.breaker import Breaker
from gateway.model.errors import Away, Busy, ModelError, Nonsense, Refused
from gateway.model.port import Reply
from gateway.model.prompt import FORMS, messages
from gateway.model.reading import read_reply
from gateway.operations.metrics import MODEL_REPLIES
from gateway.settings import Settings
from normalizer.proposals.accepting import Proposal
from normalizer.proposals.hiding import Masked

log = structlog.get_logger(__name__)

MOST_BYTES = 64 * 1024  # of a reply; forty proposals take a tenth of it
MOST_TOKENS = 2000
PAUSE = 0.5  # seconds before the one retry, when the server names none
# How servers say that they do not know a response_format: 400 (OpenAI, vLLM), 422 (FastAPI's validation), 501.
UNKNOWN_FORM = frozenset({400, 422, 501})


class ChatCompletions:
    """``POST {url}/chat/completions`` with a bearer key (OpenAI API reference, "Create chat completion")."""

    def __init__(self, *, url: str, key: SecretStr, name: str, seconds: float, clock: Clock) -> None:
        """Raises ValueError when the URL is not https (http on loopback only)."""
        self._url = _checked(url)
        self._key, self._name, self._seconds = key, name, seconds
        self._breaker = Breaker(clock)
        self._form = 0  # the strictest of FORMS that this server is known to take
        self._session: aiohttp.ClientSession | None = None

    @property
    def name(self) -> str:
        return self._name

    async def propose(self, masked: Masked, asked_for: Sequence[str]) -> Reply:
        """Proposals for these fields; none on any failure, whatever its kind."""
        if self._breaker.is_open:
            return self._nothing("resting", sent=False)
        try:
            async with asyncio.timeout(self._seconds):
                proposals = await self._asked_patiently(messages(masked, asked_for))
        except (ModelError, TimeoutError) as error:
            return self._failed(error)
        except Exception as error:  # the model is a guest: nothing it makes go wrong may cost the rules' record
            log.exception("model_crashed")
            return self._failed(error)
        self._breaker.succeeded()
        MODEL_REPLIES.labels(outcome="read").inc()
        return Reply(proposals=proposals, sent=True)

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _failed(self, error: Exception) -> Reply:
        self._breaker.failed()
        return self._nothing(type(error).__name__.lower(), sent=True)

    def _nothing(self, outcome: str, *, sent: bool) -> Reply:
        MODEL_REPLIES.labels(outcome=outcome).inc()
        log.warning("model_gave_nothing", outcome=outcome)
        return Reply(sent=sent)

    async def _asked_patiently(self, told: list[dict[str, str]]) -> tuple[Proposal, ...]:
        """Once more when it is busy; the time limit around this decides whether there is time for it."""
        try:
            return await self._asked_in_some_form(told)
        except Busy as busy:
            if busy.after >= self._seconds:
                raise
            await asyncio.sleep(busy.after)
            return await self._asked_in_some_form(told)

    async def _asked_in_some_form(self, told: list[dict[str, str]]) -> tuple[Proposal, ...]:
        """In the strictest form that the server takes; what it took once is asked for from then on."""
        for form in range(self._form, len(FORMS)):
            try:
                body = await self._post({"messages": told, **FORMS[form]})
            except Refused:
                if form == len(FORMS) - 1:
                    raise
                continue
            self._form = form
            return read_reply(body)
        raise Refused("no form is left")

    async def _post(self, asked: dict[str, Any]) -> bytes:
        body = {"model": self._name, "temperature": 0, "max_tokens": MOST_TOKENS, **asked}
        try:
            async with self._open().post(
                self._url, json=body, headers=self._headers(), allow_redirects=False
            ) as response:
                _check(response)
                return await _limited(response)
        except (aiohttp.ClientError, OSError) as error:
            raise Away(type(error).__name__) from error

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            # No cookies, no proxies from the environment, no unpacking: a small reply must not become a large one.
            self._session = aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                timeout=aiohttp.ClientTimeout(total=self._seconds),
            )
        return self._session

    def _headers(self) -> dict[str, str]:
        key = self._key.get_secret_value()
        return {"Accept-Encoding": "identity"} | ({"Authorization": f"Bearer {key}"} if key else {})


def configured(settings: Settings, clock: Clock) -> ChatCompletions | None:
    """The model that the settings name, None without one. Raises ValueError."""
    if not settings.model_url:
        return None
    if not settings.model_name:
        raise ValueError("TOUSU_MODEL_NAME is empty: TOUSU_MODEL_URL needs to be told which model to ask for")
    return ChatCompletions(
        url=settings.model_url,
        key=settings.model_key,
        name=settings.model_name,
        seconds=settings.model_timeout,
        clock=clock,
    )


def _check(response: aiohttp.ClientResponse) -> None:
    status = response.status
    if status == 429 or (status >= 500 and status not in UNKNOWN_FORM):
        raise Busy(str(status), _after(response.headers.get("Retry-After", "")))
    if status in UNKNOWN_FORM:
        raise Refused(str(status))
    if status != 200:  # a redirect among them: the text goes where the insurer decided, and nowhere else
        raise Nonsense(str(status))
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise Nonsense("packed")


def _after(header: str) -> float:
    """Seconds (RFC 9110, 10.2.3); a date is not worth reading for a wait of some seconds."""
    return float(header) if header.isascii() and header.isdigit() and len(header) < 6 else PAUSE


async def _limited(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(8192):
        body += chunk
        if len(body) > MOST_BYTES:
            raise Nonsense("too large")
    return bytes(body)


def _checked(url: str) -> str:
    """The address of the verb. Raises ValueError without quoting the URL, which may hold a key."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ValueError("TOUSU_MODEL_URL is not a URL") from None
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise ValueError("TOUSU_MODEL_URL must begin with https://")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("TOUSU_MODEL_URL is an address only; the key goes into TOUSU_MODEL_KEY")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError("TOUSU_MODEL_URL: plain http:// is for loopback only, complaints would travel in clear")
    return f"{url.rstrip('/')}/chat/completions"


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
